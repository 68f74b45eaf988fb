"""YAML text as plain dicts, lists and texts, with the line of everything in it. Pure: text in, values out.

Scalars are taken as written (no guessing of numbers, dates or booleans); anchors, doubled keys and deep nesting are
refused. Knows nothing of what the text is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from unicodedata import normalize

import yaml

from shared.problems.field_errors import FieldError, field_path

__all__ = ["Tree", "TreeFault", "read_tree"]

_LARGEST: Final = 4_000_000
_DEEPEST: Final = 12
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
#: libyaml where the package has it: some seven times faster, the same nodes.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Tree:
    """A mapping, and the line (from 1) of each path in it, such as `days[3].day`."""

    root: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict[str, int])

    def line(self, path: str) -> int:
        """The line of a path, or of the nearest thing around it that is written."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 1)


class TreeFault(Exception):  # noqa: N818 (told as a sentence)
    """The text is no such YAML: the line, and what is wrong there."""

    def __init__(self, line: int, fault: FieldError) -> None:
        super().__init__(fault.code)
        self.line = line
        self.fault = fault


def read_tree(text: str) -> Tree:
    """The mapping in a text.

    Raises:
        TreeFault: it is no YAML, no mapping, uses anchors, names a key twice, or is larger than any calendar.
    """
    if len(text) > _LARGEST:
        raise TreeFault(1, FieldError("calendar_file_too_large", "", None, {"limit": f"{_LARGEST:,}"}))
    try:
        node = yaml.compose(normalize("NFC", text.removeprefix("\ufeff")), _LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise TreeFault(
            1 if mark is None else mark.line + 1, FieldError("calendar_not_yaml", "", None, {"reason": reason})
        ) from error
    tree = Tree({})
    if not isinstance(node, yaml.MappingNode):
        raise TreeFault(1, FieldError("calendar_not_a_mapping", ""))
    tree.root.update(_plain(node, (), tree.lines, set()))
    return tree


def _plain(node: yaml.Node, path: tuple[str | int, ...], lines: dict[str, int], seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    told = field_path(path)
    lines.setdefault(told, line)
    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and node.value in _NULLS else str(node.value)
    if id(node) in seen:
        raise TreeFault(line, FieldError("calendar_yaml_alias", told))
    if len(path) > _DEEPEST:
        raise TreeFault(line, FieldError("calendar_not_a_mapping", told))
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(inner, (*path, place), lines, seen) for place, inner in enumerate(node.value)]
    made: dict[str, Any] = {}
    for key_node, inner in node.value:
        key = str(key_node.value)
        if key in made:
            line = key_node.start_mark.line + 1
            raise TreeFault(line, FieldError("calendar_key_twice", field_path((*path, key))))
        lines[field_path((*path, key))] = key_node.start_mark.line + 1
        made[key] = _plain(inner, (*path, key), lines, seen)
    return made
