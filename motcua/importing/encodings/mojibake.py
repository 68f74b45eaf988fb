"""UTF-8 that was read as something else and saved again, once or several times: recognised and undone.

ftfy does it for the code pages of most languages. The code page of a Vietnamese Windows is not among them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["is_made", "unmade"]

#: A first byte of UTF-8 and a byte that follows it, both as characters of a code page.
_SUSPECT: Final = re.compile("[ÂÃÄÅÆáĂăâ][\x80-\xbf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")
_MOST_TIMES: Final = 4


def _sloppy(code_page: str) -> dict[str, int]:
    """Bytes by characters; those that the code page leaves free are the controls of Latin-1, as programs read them."""
    return {bytes([code]).decode(code_page, "ignore") or chr(code): code for code in range(256)}


_PAGES: Final = (_sloppy("windows-1258"), _sloppy("windows-1252"))


def is_made(text: str) -> bool:
    """Whether a text was UTF-8 that somebody read as something else."""
    return _SUSPECT.search(text) is not None and unmade(text) != text


@lru_cache(maxsize=32_768)
def unmade(text: str) -> str:
    """The text as it was before; one that was not made so, or cannot be undone, stays as it is."""
    if _SUSPECT.search(text) is None:
        return text
    made = _whole(text)
    if made is not None:
        return made
    # Loaded late: most files have no use for it. It also undoes a part of a text, and other code pages.
    from ftfy import fix_encoding  # noqa: PLC0415

    return fix_encoding(text)


def _whole(text: str) -> str | None:
    """The text, if all of it was made so by the code pages that Vietnamese texts meet."""
    for _ in range(_MOST_TIMES):
        made = _once(text)
        if made == text:
            return None
        if _SUSPECT.search(made) is None:
            return made
        text = made
    return None


def _once(text: str) -> str:
    for page in _PAGES:
        try:
            return bytes(page[letter] for letter in text).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            continue
    return text
