"""Whether a changed schema would break those who read by the previous one. Pure: compares two JSON Schemas.

A reader breaks when a field it relies on vanishes, stops being required, or may hold what it could not hold before; a
sender breaks when a field becomes required or no longer admits what it sends. `direction` says who the others are.
"""

from __future__ import annotations

from typing import Any, Literal

__all__ = ["breaking_changes"]

Direction = Literal["readers", "senders"]


def breaking_changes(old: dict[str, Any], new: dict[str, Any], direction: Direction) -> list[str]:
    """Sentences naming each change that breaks the others, empty where there is none.

    Arguments:
        old: the schema the others know.
        new: the schema as it would become.
        direction: `readers` for topics others consume (lifecycle), `senders` for what others produce (entries).
    """
    if direction == "senders":
        return _narrowed(old, new, old, new, "")
    # What is written under the new schema must be understood under the old one: the same question the other way round,
    # save that a reader ignores members it does not know.
    return _narrowed(new, old, new, old, "", ignore_unknown=True)


def _resolve(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def _branches(schema: dict[str, Any], root: dict[str, Any]) -> list[dict[str, Any]]:
    schema = _resolve(schema, root)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [leaf for part in schema[word] for leaf in _branches(part, root)]
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": one} for one in schema["type"]]
    return [schema]


def _narrowed(
    given: dict[str, Any],
    taken: dict[str, Any],
    given_root: dict[str, Any],
    taken_root: dict[str, Any],
    path: str,
    *,
    ignore_unknown: bool = False,
) -> list[str]:
    """What a document valid under `given` may hold that `taken` does not admit."""
    problems: list[str] = []
    accepted = _branches(taken, taken_root)
    for branch in _branches(given, given_root):
        tries: list[list[str]] = [
            _one(branch, other, given_root, taken_root, path, ignore_unknown=ignore_unknown) for other in accepted
        ]
        if tries and all(tries):
            fewest = min(tries, key=len)
            problems.extend(fewest)
    return problems


def _one(
    given: dict[str, Any],
    taken: dict[str, Any],
    given_root: dict[str, Any],
    taken_root: dict[str, Any],
    path: str,
    *,
    ignore_unknown: bool,
) -> list[str]:
    where = path or "document"
    if "type" in taken and given.get("type") != taken["type"]:
        return [f"{where}: {given.get('type', 'anything')} is not {taken['type']}"]
    problems = _values(given, taken, where)
    if given.get("type") == "array" and "items" in taken:
        problems += _narrowed(
            given.get("items", {}), taken["items"], given_root, taken_root, f"{path}[]", ignore_unknown=ignore_unknown
        )
    if given.get("type") != "object":
        return problems
    members = taken.get("properties", {})
    problems += [
        f"{where}: member {name} is required"
        for name in taken.get("required", [])
        if name not in given.get("required", [])
    ]
    for name, schema in given.get("properties", {}).items():
        inner = f"{path}.{name}" if path else name
        if name in members:
            problems += _narrowed(schema, members[name], given_root, taken_root, inner, ignore_unknown=ignore_unknown)
        elif not ignore_unknown and taken.get("additionalProperties", True) is False:
            problems.append(f"{inner}: no longer known")
    return problems


def _values(given: dict[str, Any], taken: dict[str, Any], where: str) -> list[str]:
    problems = []
    for word in ("const", "enum"):
        if word not in taken:
            continue
        admitted = set(map(str, taken["enum"] if word == "enum" else [taken["const"]]))
        offered = given.get("enum", [given["const"]] if "const" in given else None)
        if offered is None or not set(map(str, offered)) <= admitted:
            problems.append(f"{where}: values {offered or 'any'} are not within {sorted(admitted)}")
    for word, sign in (("minimum", 1), ("minLength", 1), ("maximum", -1), ("maxLength", -1)):
        if word in taken and (word not in given or sign * (given[word] - taken[word]) < 0):
            problems.append(f"{where}: {word} {given.get(word, 'none')} against {taken[word]}")
    if "pattern" in taken and given.get("pattern") != taken["pattern"]:
        problems.append(f"{where}: pattern {given.get('pattern', 'none')} against {taken['pattern']}")
    return problems
