"""Which form a data file has, told by its content and never by its name. Reads only its beginning."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from motcua.importing.contents.containers import COMPOUND, ZIP, compound_form, zip_form
from motcua.importing.contents.markup import Markup, first_element, is_html, is_log, table_after_title
from motcua.importing.contents.named import Named, not_read
from motcua.importing.contents.plain import is_binary, wide_encoding
from motcua.importing.contents.signatures import signature
from motcua.importing.contents.words import json_array, json_object, json_spread, text_form
from motcua.importing.reasons import ImportFailed
from motcua.importing.tables.source import DataFile, reading

__all__ = ["Form", "form_of"]

#: `xlsx`, `xls`, `ods`: workbooks; `html`: tables of a web page; `xes`: a process log; `json`: lines of JSON; `csv`:
#: any other text.
Form = Literal["csv", "xlsx", "xls", "ods", "html", "xes", "json"]

_LOOKED_AT: Final = 65_536


def form_of(path: Path) -> Form:
    """The form of a file.

    Raises:
        ImportFailed: it cannot be read, is locked by a password, or is no table of data at all.
    """
    data = DataFile(path)
    try:
        with reading(path):
            start = data.content.read(_LOOKED_AT)
        if not start.startswith((ZIP, COMPOUND)):
            return _other_form(data, start)
    finally:
        data.close()
    if data.packed:
        raise ImportFailed("unpack_first", file=str(path), form="gzip")
    return zip_form(path) if start.startswith(ZIP) else compound_form(path)


def _other_form(data: DataFile, start: bytes) -> Form:
    named = signature(start)
    if named is not None:
        raise not_read(data.path, named)
    if is_binary(start):
        raise ImportFailed("binary_no_table", file=str(data.path))
    decoder = codecs.getincrementaldecoder(wide_encoding(start) or "utf-8")("replace")

    def more() -> str:
        with reading(data.path):
            return decoder.decode(data.content.read(_LOOKED_AT))

    return _text_form(data.path, decoder.decode(start).lstrip("\ufeff \t\r\n"), more)


def _text_form(path: Path, text: str, more: Callable[[], str]) -> Form:
    if text.startswith("<"):
        return _markup_form(path, first_element(text, more))
    if json_array(text):
        raise ImportFailed("json_array_not_read", file=str(path))
    if json_object(text):
        if json_spread(text):
            raise ImportFailed("json_object_not_read", file=str(path))
        return "json"
    named = text_form(text)
    if named is not None:
        raise not_read(path, named)
    return "html" if table_after_title(text) else "csv"


def _markup_form(path: Path, found: Markup | None) -> Form:
    if found is None:
        return "csv"
    if is_html(found):
        return "html"
    if is_log(found):
        return "xes"
    if not found.whole:
        return "csv"
    if found.local == "workbook":
        raise not_read(path, Named("workbook", "XML Excel 2003 (SpreadsheetML)"))
    if found.name == "office:document":
        raise not_read(path, Named("workbook", "Flat ODF"))
    if found.local in ("worddocument", "package") and found.name != found.local:
        raise not_read(path, Named("document", "Word XML"))
    if found.local == "svg":
        raise not_read(path, Named("image", "SVG"))
    raise ImportFailed("xml_not_read", file=str(path), root=found.name)
