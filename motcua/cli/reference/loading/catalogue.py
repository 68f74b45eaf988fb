"""The national catalogue of procedures as rows of a CSV file: procedure versions, and what cannot be read row by row.

Knows the catalogue's columns and Vietnamese words; sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from motcua.cli.reference.loading.row_problem import RowProblem
from shared.reference.writing import reference_entry
from shared.texts.normal_form import normal_form

__all__ = ["COLUMNS", "Catalogue", "read_catalogue"]

#: Columns the loader needs; others are left alone.
COLUMNS: Final = (
    "code", "name", "level", "field", "agency", "decision",
    "online", "post", "direct", "unit_online", "unit_post", "unit_direct",
)  # fmt: skip
_CHANNELS: Final = {"online": "online", "post": "postal", "direct": "direct"}
_UNITS: Final = {
    "ngày làm việc": "working_days",
    "ngày": "calendar_days",
    "giờ": "working_hours",
    "giờ làm việc": "working_hours",
    "tháng": "months",
}
_LEVELS: Final = {
    "cấp bộ": "ministry",
    "cấp tỉnh": "province",
    "cấp huyện": "district",
    "cấp xã": "commune",
    "cơ quan khác": "other",
}
_AMOUNT: Final = re.compile(r"\d{1,6}(\.\d{1,4})?")
_LONGEST: Final = 256


@dataclass(slots=True)
class Catalogue:
    """What a file gave.

    `entries` are `procedure.published` entries; `problems` what could not be read. The counts are of procedures read:
    with terms that differ by channel, and without any term.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    rows: int = 0
    differing: int = 0
    without_term: int = 0


def read_catalogue(
    rows: Iterable[Mapping[str, str | None]],
    *,
    version: str,
    since: Callable[[date | None], int],
    valid_from: date | None = None,
    levels: frozenset[str] = frozenset(),
    simulated: bool = False,
) -> Catalogue:
    """Procedure versions of a catalogue.

    Args:
        rows: by column name, in the order of the file.
        version: names this edition of the catalogue.
        since: since when a procedure is known (UTC microseconds), by the day it is valid from, None for always.
        valid_from: first day of receipt it applies to where a row's own `valid_from` names none; None: from always.
        levels: only procedures of one of these levels (`province`, `commune` …); empty: all.
        simulated: whether the stack is simulated.
    """
    found = Catalogue()
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        found.rows += 1
        values = {name: normal_form((value or "").strip()) for name, value in row.items() if name}
        code = values.get("code", "")
        if not code or not values.get("name"):
            name = "name" if code else "code"
            found.problems.append(
                RowProblem(line, name, "", "thiếu; điền rồi nạp lại", "missing; fill it in and load again")
            )
            continue
        if code in seen:
            found.problems.append(
                RowProblem(line, "code", code, f"đã có ở dòng {seen[code]}", f"is in line {seen[code]} already")
            )
            continue
        seen[code] = line
        kinds = _levels(values.get("level", ""), line, found.problems)
        if levels and not levels & set(kinds):
            continue
        terms = _terms(values, line, found.problems)
        try:
            first = date.fromisoformat(values["valid_from"]) if values.get("valid_from") else valid_from
        except ValueError:
            told = ("phải là ngày như 2026-01-01", "must be a date such as 2026-01-01")
            found.problems.append(RowProblem(line, "valid_from", values["valid_from"], *told))
            continue
        if terms is None:
            continue
        found.without_term += not terms
        found.differing += len({(term["amount"], term["unit"]) for term in terms}) > 1
        data = {
            "procedure": code,
            "version": version,
            "name": values["name"][:_LONGEST],
            "field": values.get("field", "")[:_LONGEST] or None,
            "authority": values.get("agency", "")[:_LONGEST] or None,
            "document": values.get("decision", "")[:_LONGEST] or None,
            "levels": kinds,
            "terms": terms,
            "valid_from": None if first is None else first.isoformat(),
        }
        time = since(first)
        found.entries.append(reference_entry("procedure.published", code, version, time, data, simulated=simulated))
    return found


def _levels(text: str, line: int, problems: list[RowProblem]) -> list[str]:
    levels = []
    for word in (part.strip() for part in text.split(",") if part.strip()):
        level = _LEVELS.get(word.casefold())
        if level is None:
            known = ", ".join(_LEVELS)
            problems.append(
                RowProblem(line, "level", word, f"không rõ cấp; dùng {known}", f"unknown; use {known}", kept=True)
            )
        else:
            levels.append(level)
    return levels


def _terms(values: Mapping[str, str], line: int, problems: list[RowProblem]) -> list[dict[str, Any]] | None:
    """Terms by channel, one for all where the three agree; None if one cannot be read: half a procedure misleads."""
    terms: list[dict[str, Any]] = []
    for column, channel in _CHANNELS.items():
        amount, unit = values.get(column, ""), values.get(f"unit_{column}", "")
        if not amount and not unit:
            continue
        if not _AMOUNT.fullmatch(amount):
            problems.append(
                RowProblem(line, column, amount, "phải là số, như 3 hoặc 1.5", "must be a number, such as 3 or 1.5")
            )
            return None
        known = _UNITS.get(unit.casefold())
        if known is None:
            words = ", ".join(_UNITS)
            problems.append(
                RowProblem(line, f"unit_{column}", unit, f"không rõ đơn vị; dùng {words}", f"unknown; use {words}")
            )
            return None
        terms.append({"channel": channel, "amount": amount, "unit": known})
    if len(terms) == len(_CHANNELS) and len({(term["amount"], term["unit"]) for term in terms}) == 1:
        return [{"amount": terms[0]["amount"], "unit": terms[0]["unit"]}]
    return terms
