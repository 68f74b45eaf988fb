"""The engine's rows against the oracle's facts, which were written from the rules alone and share no code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.oracle.cases.dossier import all_facts
from tests.oracle.cases.petition import all_petitions
from tests.oracle.journal import read_journal
from tests.unit.processing.driver import ZONE, Partition
from tests.unit.processing.strategies import journals

_PLAIN = ("status", "unit", "channel", "procedure", "finish", "entries")
_INSTANTS = ("accepted_at", "finished_at", "judged_at", "due", "due_original", "waiting_since", "second_request_at")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=journals())
def test_rows_are_those_of_the_oracle(entries: list[dict[str, Any]]) -> None:
    rows = Partition().feed(entries).rows
    journal = read_journal({"partition": 0, "offset": at, "entry": entry} for at, entry in enumerate(entries))
    expected = all_facts(journal, ZONE)
    assert sorted(rows) == sorted([*expected, *(f"petition:{code}" for code in all_petitions(journal, ZONE))])
    for code, facts in expected.items():
        row = rows[code]
        for name in _PLAIN:
            assert row[name] == getattr(facts, name), name
        for name in (*_INSTANTS, "extended_at"):
            assert _moment(row[name]) == getattr(facts, name), name
        assert [(_moment(a), _moment(b)) for a, b in row["pauses"]] == facts.pauses
        assert sorted((f["code"], f["source"], f["id"]) for f in row["findings"]) == facts.findings
