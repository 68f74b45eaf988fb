"""Signs that a code or a name is not written with, since nobody sees them: controls, invisible and bidi signs. Pure.

Also how such a sign is shown where an older journal holds one: by its code point, so that no terminal obeys it.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_odd", "odd_sign", "sign_name", "visible", "visible_json"]

#: Signs Unicode counts among marks, letters and symbols though nothing is seen of them: joiners and fillers, variation
#: selectors (Default_Ignorable_Code_Point), the empty Braille pattern.
_UNSEEN: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
_IS_UNSEEN: Final = re.compile(f"[{_UNSEEN}]")
#: Blanks of all widths; Python does not count them as printable, yet they are no odd signs.
_BLANKS: Final = frozenset("\u00a0\u1680\u202f\u205f\u3000") | {chr(number) for number in range(0x2000, 0x200B)}


def is_odd(sign: str) -> bool:
    """Whether one sign is a control, invisible, bidi or private-use sign, a line separator, or none of Unicode's."""
    return (not sign.isprintable() and sign not in _BLANKS) or _IS_UNSEEN.match(sign) is not None


def odd_sign(text: str) -> tuple[int, str] | None:
    """The first odd sign of a text and its place, counted from 0; None where there is none."""
    if text.isprintable() and (text.isascii() or _IS_UNSEEN.search(text) is None):
        return None
    return next(((place, sign) for place, sign in enumerate(text) if is_odd(sign)), None)


def sign_name(sign: str) -> str:
    """A sign by its code point, as `U+202E`."""
    return f"U+{ord(sign):04X}"


def visible(text: str, keep: str = "") -> str:
    """A text with each odd sign shown as its code point, as `<U+202E>`.

    Args:
        text: as it came from data.
        keep: signs that stay as they are, such as the line ends of a text of several lines.
    """
    if odd_sign(text) is None:
        return text
    return "".join(f"<{sign_name(sign)}>" if is_odd(sign) and sign not in keep else sign for sign in text)


def visible_json(text: str) -> str:
    """JSON with the odd signs of its strings escaped as JSON does, so that it means what it meant; line ends stay."""
    if odd_sign(text) is None:
        return text
    return "".join(_escaped(sign) if is_odd(sign) and sign != "\n" else sign for sign in text)


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
