"""Entries with grants, by hand, and what the oracle makes of them: who has no effect, and which findings there are."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from tests.oracle.cases.dossier import Dossier, all_facts
from tests.oracle.cases.petition import Petition, all_petitions
from tests.oracle.journal import read_journal
from tests.unit.oracle.test_oracle import ZONE

__all__ = [
    "ALL",
    "CODE",
    "COUNTER",
    "HOME",
    "OTHER",
    "STRANGER",
    "accepted",
    "facts_of",
    "findings",
    "handed_over",
    "not_entitled",
    "petition_of",
    "registered",
    "sent",
]

CODE = "H38.08-261116-0001"
#: The department of the dossier, another one, the counter that accepts for both, and somebody else.
HOME, OTHER, COUNTER, STRANGER = ["H38.08"], ["H38.09"], ["H38.05"], ["H38.77"]
ALL = ["*"]

_ids = count()


def sent(kind: str, day: str, by: list[str] | None, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """An entry as exported: `day` in November 2026 with a time, `by` its grant, None without a stamp."""
    stamp = {} if by is None else {"grant": json.dumps(by)}
    ident = {"type": kind, "source": "".join(by or ["s"]), "id": f"g{next(_ids)}", "subject": CODE}
    time = day if len(day) > len("16T08:00") else f"2026-11-{day}"
    return {**ident, "time": f"{time}+07:00", "data": {} if data is None else data, **stamp, **more}


def accepted(by: list[str] | None = HOME, day: str = "16T08:00", unit: str = "H38.08", **data: Any) -> dict[str, Any]:
    return sent("dossier.accepted", day, by, {"unit": unit, "channel": "direct", "promised_due": "2026-11-23", **data})


def handed_over(day: str, by: list[str] | None, unit: str) -> dict[str, Any]:
    return sent("dossier.handed_over", day, by, {"unit": unit})


def registered(unit: str, **data: Any) -> dict[str, Any]:
    given = {"unit": unit, **data}
    return {**sent("unit.revised", "2027-06-01T00:00", None, given), "subject": unit, "source": "register"}


def facts_of(*entries: dict[str, Any], code: str = CODE) -> Dossier:
    entries = tuple({**one, "subject": code} if one["subject"] == CODE else one for one in entries)
    lines = [{"partition": 0, "offset": offset, "entry": one} for offset, one in enumerate(entries)]
    return all_facts(read_journal(lines), ZONE)[code]


def petition_of(*entries: dict[str, Any]) -> Petition:
    """What the oracle makes of the petition of their subject."""
    lines = [{"partition": 0, "offset": offset, "entry": one} for offset, one in enumerate(entries)]
    return all_petitions(read_journal(lines), ZONE)[CODE]


def not_entitled(dossier: Dossier | Petition) -> list[str]:
    """Sources of what has no effect; each has finding and rejection."""
    found = sorted(source for code, source, _ in dossier.findings if code == "not_entitled")
    assert found == sorted(one[1] for one in dossier.rejections if one[0] == "not_entitled")
    return found


def findings(dossier: Dossier | Petition, code: str) -> list[str]:
    return sorted(source for finding, source, _ in dossier.findings if finding == code)
