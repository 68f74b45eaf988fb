"""The one form in which a text that names something is kept: NFC, no blanks around it, single blanks within. Pure.

Two texts that look the same and differ only in how they were typed are thereby one. Nothing else is changed: letters,
case and punctuation stay, and what may not stand in such a text at all is told by `signs`.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import is_normalized, normalize

from shared.texts.signs import odd_sign

__all__ = ["LONGEST_ASKED", "is_normal", "is_plain", "normal_form", "spellings"]

#: Visible ASCII and composed Latin letters, Vietnamese among them, in words with single blanks between: such a text is
#: in normal form and holds no odd sign (0xAD is the soft hyphen).
_PLAIN: Final = re.compile(
    "[!-~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff]+(?: [!-~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff]+)*"
)

#: Characters of a code that somebody asks for: each of its 128 letters may be typed with two accents beside it.
LONGEST_ASKED: Final = 384
#: Every blank of Unicode that has a width (Zs): no-break, thin, ideographic and the rest.
_BLANKS: Final = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def is_plain(text: str) -> bool:
    """Whether a text is seen at once to be in normal form and without odd signs; False says nothing."""
    return _PLAIN.fullmatch(text) is not None


def normal_form(text: str) -> str:
    """The text in normal form; the same object where it is in it already."""
    if text.isprintable() and "  " not in text and text.strip(" ") == text and is_normalized("NFC", text):
        return text
    found = _BLANKS.sub(" ", normalize("NFC", text)).strip(" ")
    return text if found == text else found


def is_normal(text: str) -> bool:
    """Whether a door would keep a text as it is: in normal form, and without odd signs."""
    return is_plain(text) or (normal_form(text) == text and odd_sign(text) is None)


def spellings(text: str) -> tuple[str, ...]:
    """Under which texts to look for what somebody asks for: as asked, then in normal form.

    In this order, since an older journal may hold a text in another form, and what was asked for exactly is meant.
    """
    kept = normal_form(text)
    return (text,) if kept == text else (text, kept)
