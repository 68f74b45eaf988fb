"""What a spreadsheet that saved a page said about a cell beside the text it shows: its number, and its format. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from motcua.importing.tables.cells import cell_text, number_text

__all__ = ["is_date_format", "number_formats", "stored_text"]

_CLASS: Final = re.compile(r"\.([\w-]+)")
_FORMAT: Final = re.compile(r"mso-number-format\s*:\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^;\"']+)", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\([0-9a-fA-F]{4})|\\(.)")
#: Parts of a format that name no digits: quoted text, colours and languages, room and filling.
_ASIDE: Final = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|[_*].")
_NO_DATES: Final = frozenset({"", "@", "general", "standard", "fixed", "percent", "scientific", "currency"})
_OF_DATES: Final = re.compile(r"[dyhs]|date|time")
#: A number as it is shown; one too wide for its column is shown as signs.
_SHOWN_NUMBER: Final = re.compile(r"[-+(]?[\d.,\s]*(?:[eE][-+]?\d+)?[)%]?|#+")
_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)
_EPOCH_1904: Final = datetime(1904, 1, 1, tzinfo=UTC)
_LAST_DAY: Final = 2_958_466
_DAY_MS: Final = 86_400_000


def number_formats(styles: str) -> dict[str, str]:
    """Formats of numbers by class, out of a page's style sheets."""
    made: dict[str, str] = {}
    begun = 0
    while (opened := styles.find("{", begun)) >= 0 and (closed := styles.find("}", opened)) >= 0:
        found = _format(styles[opened + 1 : closed])
        if found is not None:
            made |= dict.fromkeys(_CLASS.findall(styles, begun, opened), found)
        begun = closed + 1
    return made


def _format(rules: str) -> str | None:
    found = _FORMAT.search(rules)
    if found is None:
        return None
    return _ESCAPE.sub(lambda part: chr(int(part[1], 16)) if part[1] else part[2], found[1].strip().strip("\"'"))


def is_date_format(written: str) -> bool:
    """Whether a format of numbers shows dates or times."""
    plain = _ASIDE.sub("", written).strip().lower()
    return plain not in _NO_DATES and _OF_DATES.search(plain) is not None


def stored_text(shown: str, attributes: Mapping[str, str], formats: Mapping[str, str], *, from_1904: bool) -> str:
    """The text of a cell: what it shows, or what was stored where that is surer.

    Args:
        shown: the text of the cell.
        attributes: of its element.
        formats: of numbers, by class.
        from_1904: whether days are counted from 1904.
    """
    kept = attributes.get("x:str")
    if kept:
        return " ".join(kept.split())
    stored = attributes.get("x:num") or attributes.get("sdval")
    if not stored:
        return shown
    try:
        number = float(stored)
    except ValueError:
        return shown
    written = next(_formats(attributes, formats), "")
    if is_date_format(written):
        return _moment(number, from_1904=from_1904) or shown
    return number_text(number) if written != "@" and _SHOWN_NUMBER.fullmatch(shown) else shown


def _formats(attributes: Mapping[str, str], formats: Mapping[str, str]) -> Iterator[str]:
    own = _format(attributes.get("style", ""))
    if own is not None:
        yield own
    said = attributes.get("sdnum", "").split(";", 2)
    if len(said) == 3:
        yield said[2]
    yield from (formats[name] for name in attributes.get("class", "").split() if name in formats)


def _moment(number: float, *, from_1904: bool) -> str | None:
    if not 0 <= number < _LAST_DAY:
        return None
    try:
        moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(milliseconds=round(number * _DAY_MS))
    except OverflowError:
        return None
    # A day number is a local time; the zone only served the arithmetic.
    moment = moment.replace(tzinfo=None)
    if number.is_integer():
        return cell_text(moment.date())
    return cell_text(moment.time() if number < 1 else moment)
