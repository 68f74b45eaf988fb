"""Times of twelve hours: words for morning and afternoon, and formats that would mistake one for the other. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

__all__ = ["half_fault", "read_halves", "with_half"]

#: Words as software and people write them, in Vietnamese and English: before noon, after noon.
_WORDS: Final = re.compile(
    r"(?<![^\W\d_])(?:(?P<am>a\.?\s?m\b\.?|sa|(?:buổi\s)?sáng|sang)|(?P<pm>p\.?\s?m\b\.?|ch|(?:buổi\s)?chiều|chieu))"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_DIRECTIVE: Final = re.compile(r"%(.)", re.DOTALL)
_HALF: Final = re.compile(r"(%%)|\s*%p\s*")
#: Directives of hours that go from 0 to 23 (of the two long ones, in the language of the program).
_WHOLE_DAY: Final = frozenset("HcX")


def read_halves(text: str, written: str) -> datetime:
    """The time a text names by a format with `%p`, whatever word it has for the half of the day.

    Hours above 12 in the afternoon, and 0 in the morning, are what they are: some software writes `15:00 PM`.

    Raises:
        ValueError: the format does not fit, or the text does not say which half.
    """
    said = _WORDS.sub(lambda word: " AM " if word["am"] else " PM ", text).strip()
    form = _HALF.sub(lambda found: found[1] or " %p ", written).strip()
    try:
        return datetime.strptime(said, form)  # noqa: DTZ007 (the caller gives it its zone)
    except ValueError:
        whole = _DIRECTIVE.sub(lambda found: "%H" if found[1] == "I" else found[0], form)
        moment = datetime.strptime(said, whole)  # noqa: DTZ007
        if (moment.hour > 12 and " PM" in f" {said}") or (moment.hour == 0 and " AM" in f" {said}"):
            return moment
        raise


def half_fault(written: str) -> str | None:
    """Why a format would take an afternoon for a morning, as a code of a message; None if it does not.

    Hours of twelve need `%p`; a word for the half that stands there as letters is read over, and so is `%p` beside
    hours that go to 23.
    """
    named = frozenset(_DIRECTIVE.findall(written))
    if "I" in named:
        return None if "p" in named and not named & _WHOLE_DAY else "twelve_hours_without_half"
    if "p" in named:
        return "half_without_twelve_hours"
    letters = _DIRECTIVE.sub("\0", written)
    return "half_as_letters" if named & _WHOLE_DAY and _WORDS.search(letters) else None


def with_half(written: str) -> str:
    """The format that was probably meant: `%I` with `%p` where the word stands, or at the end."""
    pieces = re.split(r"(%.)", written)
    made = "".join(piece if piece.startswith("%") else _WORDS.sub("%p", piece) for piece in pieces)
    made = made.replace("%X", "%I:%M:%S").replace("%H", "%I")
    if "%p" in made:
        return made if "%I" in made else made.replace("%p", "%I:%M %p")
    times = re.sub(r"(%I(?:\W?%M(?:\W?%S(?:\W?%f)?)?)?)", r"\1 %p", made, count=1)
    return times if "%p" in times else f"{made} %p"
