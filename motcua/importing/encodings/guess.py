"""Which encoding the bytes of a text file are in, by the syllables that each of them gives. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final
from unicodedata import normalize

from motcua.importing.encodings.letters import winner
from motcua.importing.encodings.names import encoding_name
from motcua.importing.encodings.readings import words
from motcua.importing.encodings.syllables import is_syllable

__all__ = ["old_encoding", "plain_encoding"]

_UTF: Final = re.compile("utf-?(8|16|32)")
#: Bytes beyond ASCII from which a file that is valid UTF-8 is so by no accident.
_FEWEST_BYTES: Final = 6


def old_encoding(start: bytes, fewest: int = 3) -> str | None:
    """The older Vietnamese encoding of bytes that are no UTF-8, if they plainly are in one."""
    odd = {word for word in words(start.decode("latin-1")) if not is_syllable(normalize("NFC", word))}
    return winner(odd, fewest)


def plain_encoding(start: bytes, encoding: str) -> str | None:
    """The encoding that a file is plainly in, if it is another than the mapping says.

    Args:
        start: the file's first bytes, without a byte order mark.
        encoding: what the mapping says.
    """
    if start.isascii():
        return None
    name = encoding_name(encoding)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        if re.match("utf-?(16|32)", name):
            return None
        found = old_encoding(start)
        return None if found in (None, name) else found
    beyond = sum(byte > 0x7F for byte in start)
    return "utf-8" if not _UTF.match(name) and beyond >= _FEWEST_BYTES else None
