"""Units from the administrative divisions of Viet Nam since 2025-07-01, or from a CSV file. Sends nothing.

The divisions come from the package `vietnam-provinces` (General Statistics Office codes); offices have codes of their
own, so that the province's code can be given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from vietnam_provinces import Province, Ward

from motcua.cli.reference.loading.row_problem import RowProblem
from shared.reference.writing import reference_entry
from shared.texts.normal_form import normal_form

__all__ = ["FIRST_DAY", "UNIT_COLUMNS", "division_units", "file_units"]

#: The two-level administration began.
FIRST_DAY: Final = date(2025, 7, 1)
UNIT_COLUMNS: Final = ("unit", "parent", "name", "kind", "valid_from", "valid_to", "successor", "document")
_KINDS: Final = ("ministry", "province", "department", "commune", "district", "other")
_DOCUMENT: Final = "Nghị quyết 202/2025/QH15"


def division_units(
    since: Callable[[date | None], int], *, provinces: Mapping[str, str] | None = None, simulated: bool = False
) -> list[dict[str, Any]]:
    """`unit.revised` entries of provinces and their communes, valid from 2025-07-01.

    A commune's code is its province's, a dot, and its five digits of the statistics office.

    Args:
        since: since when they are known (UTC microseconds), by the day they are valid from.
        provinces: which provinces by their two-digit code, each with the code it has as a unit (`{"15": "H38"}`);
            None: all, as `VN-<two digits>`.
        simulated: whether the stack is simulated.

    Raises:
        KeyError: a province of that code does not exist.
    """
    known = {f"{int(province.code):02d}": province for province in Province.iter_all()}
    time = since(FIRST_DAY)
    codes = {code: f"VN-{code}" for code in known} if provinces is None else dict(provinces)
    entries = []
    for code, unit in sorted(codes.items()):
        province = known[code]
        entries.append(_unit(unit, None, province.name, "province", time, simulated=simulated))
    for ward in sorted(Ward.iter_all(), key=lambda ward: int(ward.code)):
        above = codes.get(f"{int(ward.province_code):02d}")
        if above is not None:
            code = f"{above}.{int(ward.code):05d}"
            entries.append(_unit(code, above, ward.name, "commune", time, simulated=simulated))
    return entries


def _unit(code: str, parent: str | None, name: str, kind: str, time: int, *, simulated: bool) -> dict[str, Any]:
    data = {
        "unit": code,
        "parent": parent,
        "name": name,
        "kind": kind,
        "valid_from": FIRST_DAY.isoformat(),
        "document": _DOCUMENT,
    }
    return reference_entry("unit.revised", code, FIRST_DAY.isoformat(), time, data, simulated=simulated)


def file_units(
    rows: Iterable[Mapping[str, str | None]], since: Callable[[date | None], int], *, simulated: bool = False
) -> tuple[list[dict[str, Any]], list[RowProblem]]:
    """`unit.revised` entries of a table with the columns of `UNIT_COLUMNS`; only `unit` must be filled.

    Args:
        rows: by column name, in the order of the file.
        since: since when a unit is known (UTC microseconds), by the day it is valid from, None for always.
        simulated: whether the stack is simulated.
    """
    entries: list[dict[str, Any]] = []
    problems: list[RowProblem] = []
    for line, row in enumerate(rows, 2):
        values = {name: normal_form((row.get(name) or "").strip()) or None for name in UNIT_COLUMNS}
        problem = _problem(line, values)
        if problem is not None:
            problems.append(problem)
            continue
        code = str(values["unit"])
        first = values["valid_from"]
        version, time = first or "always", since(None if first is None else date.fromisoformat(first))
        entries.append(reference_entry("unit.revised", code, version, time, dict(values), simulated=simulated))
    return entries, problems


def _problem(line: int, values: Mapping[str, str | None]) -> RowProblem | None:
    if values["unit"] is None:
        return RowProblem(line, "unit", "", "thiếu mã đơn vị", "the unit's code is missing")
    if values["kind"] is not None and values["kind"] not in _KINDS:
        known = ", ".join(_KINDS)
        return RowProblem(line, "kind", values["kind"], f"dùng {known}", f"use {known}")
    for name in ("valid_from", "valid_to"):
        text = values[name]
        if text is not None:
            try:
                date.fromisoformat(text)
            except ValueError:
                return RowProblem(line, name, text, "phải là ngày như 2025-07-01", "must be a date such as 2025-07-01")
    return None
