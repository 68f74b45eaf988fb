"""What a text with markup is: a process log, HTML, or another XML document by its root. Pure.

Comments, declarations and whatever stands before the first element say nothing, however long they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["Markup", "first_element", "is_html", "is_log", "table_after_title"]

#: Characters before the first element that are passed over.
_MOST_BEFORE: Final = 32 << 20
_NAME: Final = re.compile(r"<([A-Za-z_][^\s<>/\"'=&;,]{0,200})(?=[\s/>])")
_LOG: Final = re.compile(r"<(?:[\w.-]+:)?log[\s/>]")
_TRACE: Final = re.compile(r"<(?:[\w.-]+:)?trace[\s/>]")
_TABLE: Final = re.compile(r"<(?:table|html)[\s>]", re.IGNORECASE)
_ROW: Final = re.compile(r"<t[rdh][\s/>]", re.IGNORECASE)
_CLOSED: Final = re.compile(r"</[A-Za-z_]|/>")
#: Elements of HTML that a document or a piece of one begins with.
_OF_HTML: Final = frozenset({
    "html", "head", "body", "title", "meta", "link", "style", "script", "base", "table", "thead", "tbody", "tr", "td",
    "th", "caption", "colgroup", "col", "center", "div", "form", "xml", "section", "main", "article", "header", "nav",
})  # fmt: skip
#: Those that a cell of a text table may begin with as well.
_OF_TEXT: Final = frozenset({
    "span", "p", "font", "b", "i", "u", "strong", "em", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "input",
    "pre", "img", "a", "label", "small",
})  # fmt: skip
#: Lines above a table that may be a title, and what stands in rows of a text table and hardly in a title.
_MOST_TITLE: Final = 20
_SEPARATED: Final = re.compile(r"[;\t|\"]|,(?! )")


@dataclass(frozen=True, slots=True)
class Markup:
    """The first element of a text, and what was said before it.

    Args:
        name: as written, with its prefix.
        text: from the element on, as far as it was read.
        declared: whether an XML declaration or a document type stood before.
        html: whether the document type is that of HTML.
    """

    name: str
    text: str
    declared: bool = False
    html: bool = False

    @property
    def local(self) -> str:
        """The name without its prefix, in small letters."""
        return self.name.rpartition(":")[2].lower()

    @property
    def whole(self) -> bool:
        """Whether elements end again: a heading such as `<DATE>,<TIME>` begins like one, and does not."""
        return self.declared or (self.name not in _OF_TEXT and _CLOSED.search(self.text) is not None)


def first_element(text: str, more: Callable[[], str]) -> Markup | None:
    """The first element of a text that begins with markup; None where it does not.

    Args:
        text: the beginning of the text.
        more: gives the next piece, "" at the end.
    """
    passed, declared, html = 0, False, False
    while True:
        text = text.lstrip("\ufeff \t\r\n\f\0")
        if text.startswith("<!--"):
            end = "-->"
        elif text.startswith(("<?", "</", "<![")):
            end = ">"
            declared = declared or text[:5].lower() == "<?xml"
        elif text[:9].lower() == "<!doctype":
            declared, html = True, html or text[9:40].split()[:1] in (["html"], ["HTML"], ["html>"], ["HTML>"])
            bracket, close = text.find("["), text.find(">")
            end = "]" if 0 <= bracket < close else ">"
        else:
            found = _NAME.match(text)
            if found is None and len(text) < 256 and text.startswith("<") and (piece := more()):
                text += piece
                continue
            if not text and passed < _MOST_BEFORE and (text := more()):
                continue
            return None if found is None else Markup(found.group(1), text, declared, html)
        while (at := text.find(end)) < 0:
            piece = more()
            passed += len(piece)
            if not piece or passed > _MOST_BEFORE:
                return None
            text = text[-len(end) :] + piece
        text = text[at + len(end) :]
        if end == "]":
            text = text.lstrip().removeprefix(">")
        passed += at


def is_log(found: Markup) -> bool:
    """Whether it is a process log, or a document around one."""
    return found.local == "log" or (_LOG.search(found.text) is not None and _TRACE.search(found.text) is not None)


def is_html(found: Markup) -> bool:
    """Whether it is HTML, a whole document or a piece of one."""
    if found.html or found.local == "html":
        return True
    if found.name.lower() in _OF_HTML and not found.declared:
        return True
    if found.name.lower() in _OF_HTML | _OF_TEXT:
        return _ROW.search(found.text) is not None
    return _TABLE.search(found.text) is not None and _ROW.search(found.text) is not None


def table_after_title(text: str) -> bool:
    """Whether an HTML table stands below a few lines of plain text, which are no rows of a text table."""
    table = _TABLE.search(text)
    if table is None or _ROW.search(text, table.end()) is None:
        return False
    before = text[: table.start()]
    return before.count("\n") <= _MOST_TITLE and _SEPARATED.search(before) is None
