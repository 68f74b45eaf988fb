"""Forms that are no table of data: what each is called, and what to do with it. Knows no bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from motcua.importing.reasons import ImportFailed, Reason

__all__ = ["Kind", "Named", "not_read"]

#: What a form is: `workbook` opens in a spreadsheet, `document` is for reading, `data` and `database` are other
#: software's, `archive` holds other files.
Kind = Literal["workbook", "web_archive", "document", "slides", "image", "mail", "data", "database", "archive"]


@dataclass(frozen=True, slots=True)
class Named:
    """A form by its kind and its own name, such as PDF."""

    kind: Kind
    name: str


def not_read(path: Path, form: Named) -> ImportFailed:
    """Why a file of this form is not imported, and how to make a table of it."""
    if form.kind == "archive":
        return ImportFailed("unpack_first", file=str(path), form=form.name)
    what = Reason(f"is_{form.kind}", {"name": form.name})
    return ImportFailed("form_not_read", file=str(path), form=what, remedy=Reason(f"remedy_{_REMEDIES[form.kind]}"))


_REMEDIES: dict[Kind, str] = {
    "workbook": "save_as",
    "web_archive": "save_as",
    "document": "source",
    "slides": "source",
    "image": "source",
    "mail": "attachment",
    "data": "convert",
    "database": "query",
}
