"""Whether bytes are text, and in which width, where no mark says so. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final

__all__ = ["is_binary", "text_of", "unmarked", "wide_encoding"]

#: Marks of the order of bytes; the longer ones first, since one begins like another.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT: Final = 1_024
#: Of the bytes at one place of each letter, in hundredths: zeros that wide letters have, and that others do not.
_MANY, _FEW = 40, 10
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: Control signs among a thousand bytes from which they are no text; a third of it are zeros.
_MOST_CONTROL: Final = 40


def unmarked(start: bytes) -> str | None:
    """The encoding of wide letters (UTF-16, UTF-32) that a file without a mark is written in; None for any other.

    Letters of the Latin alphabet, digits and separators have a zero in each wide letter, always at the same place.
    """
    looked = start[:_LOOKED_AT]
    size = len(looked) // 4
    if size == 0:
        return None
    zeros = [100 * looked[place : 4 * size : 4].count(0) // size for place in range(4)]
    many, few = [share >= _MANY for share in zeros], [share <= _FEW for share in zeros]
    if many[1] and many[3] and few[0] and few[2]:
        return "utf-16-le"
    if many[0] and many[2] and few[1] and few[3]:
        return "utf-16-be"
    if many[2] and many[3] and few[0]:
        return "utf-32-le"
    if many[0] and many[1] and few[3]:
        return "utf-32-be"
    return None


def wide_encoding(start: bytes) -> str | None:
    """The encoding that a mark at the beginning or the width of the letters says; None where neither does."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), None) or unmarked(start)


def text_of(start: bytes) -> str:
    """The beginning of a file as text; letters of unknown encodings are replaced, markup and digits stay readable."""
    encoding = wide_encoding(start) or "utf-8"
    return start.decode(encoding, "replace")


def is_binary(start: bytes) -> bool:
    """Whether the beginning of a file is no text in any encoding."""
    if not start or wide_encoding(start) is not None:
        return False
    limit = _MOST_CONTROL * len(start)
    return 1_000 * len(_CONTROL.findall(start)) > limit or 3_000 * start.count(0) > limit
