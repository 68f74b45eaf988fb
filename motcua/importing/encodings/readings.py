"""The readings a text may need: their names in a mapping, and what each makes of a cell. Pure.

A cell that is proper Unicode already is left as it is, since sheets have both kinds side by side.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from motcua.importing.encodings.mojibake import unmade
from motcua.importing.encodings.names import BY_BYTES, Repair, encoding_name
from motcua.importing.encodings.syllables import is_syllable
from motcua.importing.encodings.tables import from_tcvn3, from_viscii, from_vni, from_windows_1258

__all__ = ["OLD", "mended", "of_words", "reader_of_bytes", "words"]

#: Older encodings, by name: from Latin-1 characters to Unicode.
OLD: Final[dict[str, Callable[[str], str]]] = {
    "tcvn3": from_tcvn3,
    "vni": from_vni,
    "windows-1258": from_windows_1258,
    "viscii": from_viscii,
}
_SPLIT: Final = re.compile(r"[\x03\x04\x07-\x13\x15-\x18\x1a-\x1d\x1f-@\[-`{-\x7f]+")
#: Letters that only proper Unicode has.
_UNICODE: Final = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def reader_of_bytes(encoding: str) -> Callable[[str], str] | None:
    """For a `file.encoding` of ours: what makes Unicode of its bytes read as Latin-1."""
    name = encoding_name(encoding)
    return OLD[name] if name in BY_BYTES else None


def words(text: str) -> list[str]:
    """The words of a text that have other letters than ASCII's."""
    return [word for word in _SPLIT.split(text) if word and not word.isascii()]


def of_words(text: str) -> int:
    """How many words of a text are Vietnamese syllables with letters other than ASCII's."""
    return sum(is_syllable(word) for word in words(text))


@lru_cache(maxsize=32_768)
def mended(text: str, repair: Repair) -> str:
    """A cell's text as it was meant; one that is proper Unicode, or makes less sense afterwards, stays."""
    if text.isascii():
        return text
    if repair == "mojibake":
        return unmade(text)
    if _UNICODE.search(text) is not None:
        return text
    made = OLD[repair](text)
    return made if of_words(made) >= of_words(text) else text
