"""What the tests of pages share: a mapping, the rows it wants, and pages around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from motcua.importing.reasons import Refused
from motcua.importing.stream import TableEntries
from motcua.importing.tables.header import Places
from tests.unit.motcua.importing.fake_intake import read

__all__ = ["HEAD", "REGISTER", "ROWS", "accepted", "cells", "page", "table"]

#: A mapping of a register; `{}` stands for its `file`.
REGISTER = """\
source: mot-cua
row: dossier
dossier: "{Số hồ sơ}"
formats: ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
file: {}
entries:
  - type: dossier.accepted
    time: "{Tiếp nhận}"
    data: {unit: H40.11, channel: direct, promised_due: "{Hẹn trả}"}
"""
HEAD = "<tr><th>STT</th><th>Số hồ sơ</th><th>Tiếp nhận</th><th>Hẹn trả</th></tr>"
ROWS = (
    "<tr><td>1</td><td>H40.11-26-0007</td><td>09/02/2026 07:45</td><td>12/02/2026</td></tr>\n"
    "<tr><td>2</td><td>H40.11-26-0008</td><td>09/02/2026 13:30</td><td></td></tr>\n"
)


def table(*rows: str) -> str:
    """A table of these rows."""
    return f"<table border=1>{''.join(rows)}</table>"


def page(*inside: str, head: str = "") -> str:
    """A page."""
    return f"<html><head>{head}</head><body>{''.join(inside)}</body></html>"


def cells(*texts: str, of: str = "td") -> str:
    """A row of cells."""
    return "<tr>" + "".join(f"<{of}>{text}</{of}>" for text in texts) + "</tr>"


def accepted(
    path: Path, text: str | bytes, written: str = "{}", mapping: str = REGISTER
) -> tuple[list[dict[str, Any]], list[Refused], TableEntries]:
    """What a page's register gives."""
    path = path / "so.xls"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, mapping.replace("file: {}", f"file: {written}"))


def places(entries: TableEntries, refused: list[Refused]) -> list[str]:
    """Where the refused rows stand."""
    told: Places = entries.places
    return [told.text(one.line) for one in refused]
