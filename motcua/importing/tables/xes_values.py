"""Attributes of process logs (XES 1.0 and 2.0) as cells by name: typed, nested, lists. Pure; reads no file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from motcua.importing.mapping.templates import clean_name
from motcua.importing.tables.cells import Stamp, number_text

__all__ = ["ATTRIBUTES", "CASE", "attributes", "local_name"]

#: What attributes of a trace are called by, as in tables made of such logs.
CASE = "case:"
#: What elements of attributes are called.
ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})
_LISTS = frozenset({"list", "container"})
_BETWEEN = ", "
#: Deeper attributes are left out: nobody names them, and each level costs.
_DEEPEST = 8


@lru_cache(maxsize=256)
def local_name(tag: object) -> str:
    """A tag without its namespace; "" for what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attributes(element: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Names and texts of an element's attributes; those within another one are `key/key`.

    A list's text is that of its members, one after the other.
    """
    for child in element:
        kind = local_name(child.tag)
        if kind not in ATTRIBUTES:
            continue
        name = prefix + _name(child.get("key") or "")
        if kind in _LISTS:
            members = [*_members(child)]
            yield name, _BETWEEN.join(text for _, text in members if text)
            first = dict(reversed(members))
            yield from ((f"{name}/{key}", text) for key, text in first.items())
            continue
        yield name, _text(kind, child.get("value") or "")
        if len(child) and depth < _DEEPEST:
            yield from attributes(child, f"{name}/", depth + 1)


def _members(element: Any) -> Iterator[tuple[str, str]]:
    """A list's members, which stand in `values` since XES 2.0."""
    for child in element:
        kind = local_name(child.tag)
        if kind == "values":
            yield from _members(child)
        elif kind in ATTRIBUTES and kind not in _LISTS:
            yield _name(child.get("key") or ""), _text(kind, child.get("value") or "")


@lru_cache(maxsize=4_096)
def _name(key: str) -> str:
    return clean_name(key if key.isascii() else normalize("NFC", key))


def _text(kind: str, value: str) -> str:
    if kind in ("string", "id"):
        return value if value.isascii() else normalize("NFC", value)
    value = value.strip()
    if kind == "date":
        return Stamp(value) if value else ""
    if kind == "float":
        try:
            return number_text(float(value))
        except ValueError:
            return value
    return value.lower() if kind == "boolean" else value
