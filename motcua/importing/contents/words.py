"""What a text without markup is, if it is no table: JSON, mail, or an old exchange form of spreadsheets. Pure."""

from __future__ import annotations

import re
from typing import Final

import orjson

from motcua.importing.contents.named import Named

__all__ = ["json_array", "json_object", "json_spread", "text_form"]

_ARRAY: Final = re.compile(r"\[\s*(?:[\[\]{\"]|-?[0-9]|(?:true|false|null)\b)")
_OBJECT: Final = re.compile(r"\{\s*[\"}]")
#: What a line of an object ends with that goes on in the next one.
_GOES_ON: Final = ("{", "[", ",", ":")
#: The first line of a mail's or web archive's head.
_HEAD: Final = re.compile(r"(?:mime-version|content-type|from|to|subject|date|received|return-path|message-id|x-[\w-]+)"
                          r":[ \t]", re.IGNORECASE)  # fmt: skip
_TYPE: Final = re.compile(r"^content-type:\s*(multipart/related|[\w-]+/)", re.IGNORECASE | re.MULTILINE)
_SYLK: Final = re.compile(r"ID;P[^\r\n]*[\r\n]+(?:[A-Z]{1,3};|E[\r\n])")
_SQL: Final = re.compile(r"^\s*(?:insert\s+into|create\s+table|copy\s+\S+\s+\()", re.IGNORECASE | re.MULTILINE)
_OF_SQL: Final = ("--", "/*", "insert into", "create table", "drop table", "set ", "use ", "begin")
_DIF: Final = re.compile(r"TABLE\r?\n0,1\r?\n")


def json_array(text: str) -> bool:
    """Whether a text is a JSON list. A heading such as `[Mã],[Ngày]` is none."""
    return _ARRAY.match(text) is not None


def json_object(text: str) -> bool:
    """Whether a text begins with a JSON object."""
    return _OBJECT.match(text) is not None


def json_spread(text: str) -> bool:
    """Whether the JSON object at the beginning goes over several lines, so that its lines are no objects.

    A first line that is broken, or broken off before a line which is an object, is a broken line, not such an object.
    """
    lines = [line for line in text.splitlines()[:4] if line.strip()]
    if len(lines) < 2 or not lines[0].rstrip().endswith(_GOES_ON) or _open_text(lines[0]):
        return False
    return not _is_object(lines[1]) or (len(lines) > 2 and lines[2].lstrip().startswith(("]", "}")))


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _open_text(line: str) -> bool:
    """Whether a line of JSON ends within a text, where no line may."""
    return len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 1


def text_form(text: str) -> Named | None:
    """The form that a text's first lines name; None where they name none."""
    if _SYLK.match(text):
        return Named("workbook", "SYLK")
    if _DIF.match(text):
        return Named("workbook", "DIF")
    if text[:11].lower().startswith(_OF_SQL) and _SQL.search(text) is not None:
        return Named("database", "SQL")
    if _HEAD.match(text) and (kind := _TYPE.search(text[:8_192])) is not None:
        related = kind.group(1).lower() == "multipart/related" or "<html" in text.lower()
        return Named("web_archive", "MHTML") if related else Named("mail", "EML")
    return None
