"""Dates and numbers as people write them: 30/11/2026 and 62,16 in Vietnamese; as on the wire in English.

For tables and lines that people read alone: JSON, CSV and files keep the form of machines. What is typed is read
elsewhere, in either form.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Final

from motcua.cli.words import Language

__all__ = ["date_text", "number_text", "read_in"]

#: The language of whoever reads this run's output.
_reader: ContextVar[Language] = ContextVar("reader", default="en")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?: (\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?", re.ASCII)


def read_in(language: Language) -> None:
    """From now on these forms are those of a language."""
    _reader.set(language)


def date_text(wire: str) -> str:
    """A month, a date, or a date and time of day, as on the wire (2026-11-30 08:00); what is none of them stays."""
    found = _DATE.fullmatch(wire)
    if found is None or _reader.get() != "vi":
        return wire
    year, month, day, time = found.groups()
    return "/".join(filter(None, (day, month, year))) + (f" {time}" if time else "")


def number_text(wire: str | None) -> str | None:
    """A number with decimals as on the wire (62.16); None stays None."""
    return wire if wire is None or _reader.get() != "vi" else wire.replace(".", ",")
