"""Reads a mapping file: YAML with line numbers, then the model, then the checks. Every mistake is told with its line.

Scalars are taken as written (no guessing of numbers, dates or booleans); anchors and doubled keys are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml
from pydantic import BaseModel, ValidationError

from motcua.importing.mapping.check import check
from motcua.importing.mapping.model import Condition, EntryRule, FileFormat, Mapping, Value
from motcua.importing.mapping.similar import did_you_mean
from motcua.importing.reasons import ImportFailed, MappingMistakes, Mistake, Reason
from shared.problems.field_errors import field_path

__all__ = ["Loaded", "Place", "load_mapping", "read_mapping"]

Place = tuple[str | int, ...]
_LARGEST = 262_144
_DEEPEST = 16
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_EXPECTED = {
    "bool_parsing": "true | false",
    "bool_type": "true | false",
    "int_parsing": "0, 1, 2 …",
    "int_type": "0, 1, 2 …",
    "string_type": "text",
    "list_type": "[a, b]",
    "dict_type": "key: value",
    "model_type": "key: value",
    "model_attributes_type": "key: value",
    "string_too_long": "≤ {max_length}",
    "too_short": "≥ {min_length}",
    "greater_than_equal": "≥ {ge}",
    "less_than_equal": "≤ {le}",
    "string_pattern_mismatch": "{pattern}",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A mapping, its bytes, and the line of everything in it."""

    mapping: Mapping
    file: Path
    content: bytes
    lines: dict[Place, int]

    def mistake(self, path: Place, reason: Reason) -> Mistake:
        """A mistake at a path, with the line of the nearest thing that is written there."""
        return _mistake(self.file, self.lines, path, reason)


def _mistake(file: Path, lines: dict[Place, int], path: Place, reason: Reason) -> Mistake:
    while path and path not in lines:
        path = path[:-1]
    return Mistake(file, lines.get(path, 1), field_path(path), reason)


def load_mapping(file: Path, zone: str | None = None) -> Loaded:
    """The mapping in a file.

    Args:
        file: the mapping's.
        zone: of times without offset, where the mapping names none: the stack's; None leaves the model's default.

    Raises:
        ImportFailed: the file cannot be read.
        MappingMistakes: what is wrong in it, all of it, with lines.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise ImportFailed("file_away", file=str(file), reason=error.strerror or str(error)) from error
    loaded = read_mapping(content, file)
    if zone is None or "zone" in loaded.mapping.model_fields_set:
        return loaded
    return replace(loaded, mapping=loaded.mapping.model_copy(update={"zone": zone}))


def read_mapping(content: bytes, file: Path) -> Loaded:
    """The mapping in the bytes of a file; the name only serves the messages.

    Raises:
        MappingMistakes: what is wrong in it, all of it, with lines.
    """
    lines: dict[Place, int] = {}
    tree = _tree(content, file, lines)
    try:
        mapping = Mapping.model_validate(tree)
    except ValidationError as error:
        mistakes = [_of_model(file, lines, found) for found in error.errors(include_url=False)]
        raise MappingMistakes(mistakes) from error
    loaded = Loaded(mapping, file, content, lines)
    wrong = [loaded.mistake(path, reason) for path, reason in check(mapping)]
    if wrong:
        raise MappingMistakes(wrong)
    return loaded


def _tree(content: bytes, file: Path, lines: dict[Place, int]) -> Any:
    """The file as dicts, lists and texts; fills in the line of every path."""
    if len(content) > _LARGEST:
        raise MappingMistakes([Mistake(file, 1, "", Reason("not_a_mapping"))])
    try:
        text = normalize("NFC", content.decode("utf-8-sig"))
        _check_events(text, file)
        node = yaml.compose(text, yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise MappingMistakes([Mistake(file, line, "", Reason("yaml", {"reason": "not UTF-8"}))]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        where = mark.line + 1 if mark is not None else 1
        raise MappingMistakes([Mistake(file, where, "", Reason("yaml", {"reason": reason}))]) from error
    if not isinstance(node, yaml.MappingNode):
        raise MappingMistakes([Mistake(file, 1, "", Reason("not_a_mapping"))])
    twice: list[Mistake] = []
    tree = _plain(node, (), lines, twice, file)
    if twice:
        raise MappingMistakes(twice)
    return tree


def _check_events(text: str, file: Path) -> None:
    """Refuse anchors, and nesting that no mapping needs but that costs the parser minutes."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = getattr(event.start_mark, "line", 0) + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise MappingMistakes([Mistake(file, line, "", Reason("yaml_alias"))])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise MappingMistakes([Mistake(file, line, "", Reason("not_a_mapping"))])


def _plain(node: yaml.Node, path: Place, lines: dict[Place, int], twice: list[Mistake], file: Path) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key_node, inner in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in made:
                twice.append(Mistake(file, line, field_path(path), Reason("key_twice", {"key": key})))
            lines[*path, key] = line
            made[key] = _plain(inner, (*path, key), lines, twice, file)
        return made
    if isinstance(node, yaml.SequenceNode):
        members = [_plain(inner, (*path, index), lines, twice, file) for index, inner in enumerate(node.value)]
        # In a list (`empty: [NULL]`) the word is meant, in a map (`EMPTY: null`) nothing.
        words = [isinstance(inner, yaml.ScalarNode) and inner.value.isalpha() for inner in node.value]
        return [inner.value if word else member for inner, member, word in zip(node.value, members, words, strict=True)]
    if isinstance(node, yaml.ScalarNode) and node.style is None and node.value in _NULLS:
        return None
    return str(node.value)


def _of_model(file: Path, lines: dict[Place, int], error: Any) -> Mistake:
    """One of pydantic's errors as a mistake."""
    path: Place = tuple(error["loc"])
    kind = error["type"]
    context = error.get("ctx") or {}
    if kind == "extra_forbidden":
        keys = _keys_at(path[:-1])
        reason = Reason(
            "unknown_key", {"key": path[-1], "hint": did_you_mean(str(path[-1]), keys), "keys": _list(keys)}
        )
    elif kind == "missing":
        reason = Reason("key_missing", {"key": path[-1]})
    elif kind == "literal_error":
        reason = Reason(
            "not_allowed",
            {"value": error["input"], "expected": context["expected"].replace("True, False", "true, false")},
        )
    elif kind in _EXPECTED:
        shown = "" if isinstance(error["input"], dict | list | None) else str(error["input"])
        reason = Reason("wrong_kind", {"value": shown, "expected": _EXPECTED[kind].format_map(context)})
    elif kind in _OWN:
        reason = Reason(kind, context)
    else:
        reason = Reason("wrong_kind", {"value": str(error["input"]), "expected": error["msg"]})
    return _mistake(file, lines, path, reason)


_OWN = frozenset({"quotes_needed", "value_missing", "one_origin", "strict_without_map", "empty_condition"})


def _keys_at(path: Place) -> list[str]:
    """The keys the language has at a path."""
    model: type[BaseModel] = Value
    names = [part for part in path if isinstance(part, str)]
    if not names:
        model = Mapping
    elif names[-1] == "entries":
        model = EntryRule
    elif names[-1] == "file":
        model = FileFormat
    elif names[-1] in ("keep", "drop", "when"):
        model = Condition
    return [info.alias or name for name, info in model.model_fields.items()]


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
