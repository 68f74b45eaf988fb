"""In which encoding a web page is written. Pure."""

from __future__ import annotations

import codecs
import re
from typing import Final

from motcua.importing.contents.plain import wide_encoding
from motcua.importing.encodings.names import BY_BYTES, encoding_name
from motcua.importing.inspecting.csv_guess import guess_csv
from motcua.importing.mapping.model import FileFormat

__all__ = ["LOOKED_AT", "page_encoding"]

#: Bytes of the beginning by which the encoding is told: styles and comments may stand before the declaration.
LOOKED_AT: Final = 262_144
_DECLARED: Final = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
#: What pages call windows-1252, by the standard of HTML.
_LATIN: Final = frozenset({"iso8859-1", "ascii", "latin-1"})
#: Letters of more than one byte, and bytes that are none, to each of the latter in damaged UTF-8; in other encodings
#: nearly all are of the latter.
_DAMAGED: Final = 3


def page_encoding(start: bytes, written: FileFormat) -> str:
    """The encoding of a page: by its mark, the mapping, what it is, what it says of itself.

    One in an older Vietnamese encoding is read as windows-1252; its texts are mended afterwards.
    """
    found = _encoding(start, written)
    return "windows-1252" if encoding_name(found) in BY_BYTES else found


def _encoding(start: bytes, written: FileFormat) -> str:
    wide = wide_encoding(start)
    if wide is not None:
        return wide
    if "encoding" in written.model_fields_set:
        return written.encoding
    said = _said(start)
    if start.isascii():
        return said or "utf-8"
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(start)
    wrong = text.count("\ufffd")
    # Software that writes UTF-8 and says something else is common; other encodings hardly ever are valid UTF-8.
    if not wrong or (said in (None, "utf-8") and _DAMAGED * wrong < sum(letter > "\x7f" for letter in text)):
        return "utf-8"
    if said not in (None, "utf-8"):
        return said
    return str(guess_csv(start).written.get("encoding", "utf-8"))


def _said(start: bytes) -> str | None:
    found = _DECLARED.search(start)
    if found is None:
        return None
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    if name.startswith(("utf-16", "utf-32")):
        # What could be read here as single bytes is not of wide letters.
        return None
    return "cp1252" if name in _LATIN else name
