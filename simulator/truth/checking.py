"""Compares a stack's figures and dossiers with the truth of what was simulated. Asks; changes nothing.

Knows the form of the answers, not how they are got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from shared.instants import parse_instant
from simulator.truth.tally import COUNTS

__all__ = ["Checked", "check"]

#: Counts of an index that the truth knows by the same name; how many were online stands in a component.
_COUNTS: Final = tuple(name for name in COUNTS if name != "online")
_COMPONENTS: Final = ("2.1", "3.3")
#: Members of a dossier's line and of its row.
_PLAIN: Final = {"unit": "unit", "procedure": "procedure", "channel": "channel", "finish": "finish"}
_INSTANTS: Final = {
    "accepted": "accepted_at",
    "due": "due",
    "due_original": "due_original",
    "finished": "finished_at",
    "judged": "judged_at",
    "second_request": "second_request_at",
}

#: The indices of a unit (None: everything) from a day to a day, the whole or by month.
AskIndices = Callable[[str | None, str, str, str | None], list[dict[str, Any]]]
#: The row of a dossier; None: it is not known.
AskDossier = Callable[[str], dict[str, Any] | None]


@dataclass(slots=True)
class Checked:
    """What was compared, and what differs: (what, figure, truth, stack)."""

    units: int = 0
    figures: int = 0
    dossiers: int = 0
    differences: list[tuple[str, str, Any, Any]] = field(default_factory=list)


def check(
    lines: Iterable[dict[str, Any]],
    indices: AskIndices,
    dossier: AskDossier,
    *,
    sample: int | None,
    told: Callable[[Checked], None] = lambda _: None,
) -> Checked:
    """Compare a truth with a stack.

    Args:
        lines: of the truth, in their order.
        indices: asks the stack for figures.
        dossier: asks the stack for a dossier.
        sample: how many dossiers are compared; None: all.
        told: called after each unit and dossier.
    """
    found = Checked()
    seed = 0
    chosen: list[dict[str, Any]] = []
    roll = Random(0)  # noqa: S311 - a sample
    met = 0
    known: dict[tuple[str | None, str | None], dict[str, Any]] = {}
    for line in lines:
        if line["line"] == "head":
            seed = line["seed"]
            roll.seed(seed)
        elif line["line"] == "dossier":
            met += 1
            if sample is None:
                _compare_dossier(found, line, dossier)
                told(found)
            elif len(chosen) < sample:
                chosen.append(line)
            elif (place := roll.randrange(met)) < sample:
                chosen[place] = line
        elif line["line"] == "figures":
            if line["month"] is None:
                # The whole comes first, its months after it.
                known = _ask(indices, line)
                found.units += 1
                told(found)
            _compare_figures(found, line, known)
    for line in chosen:
        _compare_dossier(found, line, dossier)
        told(found)
    return found


def _ask(indices: AskIndices, line: dict[str, Any]) -> dict[tuple[str | None, str | None], dict[str, Any]]:
    period = line["from"], line["to"]
    whole = indices(line["unit"], *period, None)
    return {(index["unit"], index.get("month")): index for index in (*whole, *indices(line["unit"], *period, "month"))}


def _compare_figures(
    found: Checked, line: dict[str, Any], known: dict[tuple[str | None, str | None], dict[str, Any]]
) -> None:
    index = known.get((line["unit"], line["month"]))
    what = f"{line['unit'] or '*'} {line['month'] or line['from'] + '…' + line['to']}"
    for name in _COUNTS:
        _same(found, what, name, line[name], 0 if index is None else index[name])
    for code in _COMPONENTS:
        sides = [0, 0] if index is None else [index["components"][code][side] for side in ("numerator", "denominator")]
        _same(found, what, code, line[code], sides)
    found.figures += len(_COUNTS) + len(_COMPONENTS)


def _compare_dossier(found: Checked, line: dict[str, Any], dossier: AskDossier) -> None:
    found.dossiers += 1
    row = dossier(line["code"])
    if row is None:
        _same(found, line["code"], "dossier", "known", "unknown")
        return
    for name, truth, stack in _members(line, row):
        _same(found, line["code"], name, truth, stack)


def _members(line: dict[str, Any], row: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "accepted", _instant(line["accepted"]), _instant(row.get("accepted_at"))
    if line["accepted"] is None:
        return
    for name, member in _PLAIN.items():
        yield name, line[name], row.get(member)
    for name, member in _INSTANTS.items():
        yield name, _instant(line[name]), _instant(row.get(member))
    if "holders" in line:
        yield "holders", sorted(line["holders"]), sorted(row.get("holders") or [])
        parts = {part["unit"]: part["delay_us"] for part in row.get("blame") or [] if part["delay_us"]}
        yield "delay", line["delay"], parts


def _instant(text: str | None) -> int | None:
    return None if text is None else parse_instant(text)


def _same(found: Checked, what: str, name: str, truth: Any, stack: Any) -> None:
    if truth != stack:
        found.differences.append((what, name, truth, stack))
