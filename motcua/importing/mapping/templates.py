"""Texts in which `{column}` stands for a cell, and conversion of texts to what a field needs. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Column", "Template", "clean_name", "parse_template", "to_boolean", "to_integer"]

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_YES = frozenset({"true", "1", "yes", "y", "x", "có", "đúng"})
_NO = frozenset({"false", "0", "no", "n", "không", "sai"})


@dataclass(frozen=True, slots=True)
class Column:
    """A place in a template where a cell goes; `@row` is the number of the row."""

    name: str


Template = tuple[str | Column, ...]


def clean_name(name: str) -> str:
    """A column name without outer and doubled spaces (spreadsheets break headers over lines)."""
    return " ".join(name.split())


def parse_template(text: str) -> Template:
    """The pieces of a text: what stands as it is, and columns.

    Raises:
        ValueError: braces that do not match, or `{}`.
    """
    pieces: list[str | Column] = []
    plain = ""
    end = 0
    for match in _PIECE.finditer(text):
        plain += text[end : match.start()]
        end = match.end()
        found = match.group()
        if found in ("{{", "}}"):
            plain += found[0]
            continue
        name = clean_name(match.group(1) or "")
        if not name:
            raise ValueError(f"braces do not match in {text!r}")
        if plain:
            pieces.append(plain)
            plain = ""
        pieces.append(Column(name))
    plain += text[end:]
    if plain or not pieces:
        pieces.append(plain)
    return tuple(pieces)


def to_integer(text: str, thousands: str | None) -> int:
    """A whole number; `5.0` is 5.

    Raises:
        ValueError: not a whole number.
    """
    digits = "".join(text.split())
    if thousands:
        digits = digits.replace(thousands, "")
    if re.fullmatch(r"[+-]?[0-9]{1,18}(\.0+)?", digits) is None:
        raise ValueError(text)
    return int(digits.partition(".")[0])


def to_boolean(text: str) -> bool:
    """Yes or no as people write it.

    Raises:
        ValueError: neither.
    """
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(text)
