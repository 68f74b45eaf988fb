"""What the entries of an identity come to as a figure, and that nothing else has a part in it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processing.cases import case_of, indicator_case, may_be_due
from services.processing.engine import apply_entry, apply_reference
from services.processing.facts.known import HANGS_ON_NOTHING
from services.processing.indicators import derive
from services.processing.record import EntryRecord, read_entry
from services.processing.states.form import from_document, to_document
from services.processing.states.layers import HeldState
from services.processing.stream.revision.roster import Label, Roster, label_of
from shared.populations.keys import dossier_key, dossier_of, indicator_code, indicator_key, indicator_parts
from shared.reference.concern import Concern
from tests.unit.processing.driver import REFERENCE, Partition

SHARE = {"indicator": "1.1", "unit": "H38", "first_day": "2026-01-01", "last_day": "2026-01-31"}


def entered(id_: str = "r1", *, source: str = "survey", subject: str = "s", **more: Any) -> dict[str, Any]:
    data = {**SHARE, "numerator": 3, "denominator": 4}
    sent = {"specversion": "1.0", "type": "indicator.entered", "source": source, "id": id_, "subject": subject}
    return {**sent, "time": "2026-02-01T00:00:00Z", "data": data} | more


def read(sent: dict[str, Any], offset: int = 0) -> EntryRecord:
    return read_entry(orjson.dumps(sent), offset)


def test_each_identity_is_a_case_of_its_own() -> None:
    rows = Partition().feed([entered(), entered("r2"), entered("r1", source="other"), entered("r1")]).rows
    assert set(rows) == {"indicator:s|survey|r1", "indicator:s|survey|r2", "indicator:s|other|r1"}
    row = rows["indicator:s|survey|r1"]
    assert (row["code"], row["indicator"], row["unit"]) == ("s|survey|r1", "1.1", "H38")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 4, None)
    assert (row["first_day"], row["last_day"], row["entries"]) == ("2026-01-01", "2026-01-31", 1)


def test_a_correction_replaces_and_a_withdrawal_leaves_nothing_said() -> None:
    partition = Partition().feed([entered(), entered(revision=1, data={**SHARE, "value": "7.5"})])
    row = partition.rows["indicator:s|survey|r1"]
    assert (row["value"], row["numerator"], row["findings"]) == ("7.5", None, [])
    row = partition.feed([entered(revision=2, data=None)]).rows["indicator:s|survey|r1"]
    assert {name: value for name, value in row.items() if value} == {"code": "s|survey|r1"}


def test_other_content_under_one_revision_is_found_whatever_comes_first() -> None:
    one, other = entered(), entered(data={**SHARE, "value": "1"})
    rows = [Partition().feed(order).rows["indicator:s|survey|r1"] for order in ([one, other], [other, one])]
    assert rows[0] == rows[1]
    assert [one["code"] for one in rows[0]["findings"]] == ["conflicting_content"]


TEXTS = st.text(st.sampled_from("a|%7C25 ở"), min_size=1, max_size=6)


@given(TEXTS, TEXTS, TEXTS)
def test_keys_tell_identities_apart(subject: str, source: str, id_: str) -> None:
    code = indicator_code(subject, source, id_)
    assert indicator_parts(code) == (subject, source, id_)
    assert dossier_of(indicator_key(code)) is None
    case = indicator_case(subject, source, id_)
    assert (case.key, case.code, case.subject) == (indicator_key(code), code, subject)
    assert not may_be_due(case.key)
    assert may_be_due(dossier_key(case.key)), "a dossier that is called like it"


def test_no_number_of_corrections_fills_it() -> None:
    many = [entered(revision=number, data={**SHARE, "value": str(number)}) for number in range(2_100)]
    row = Partition().feed(many).rows["indicator:s|survey|r1"]
    assert (row["value"], row["entries"]) == ("2099", 1)


def test_its_state_is_kept_and_read_back() -> None:
    outcome = apply_entry(None, read(entered(subject="a|b", sequence=2), 9), None, REFERENCE)
    held = HeldState(outcome.state, 300, stored=True)
    assert from_document(to_document(held)).state == outcome.state
    assert outcome.state.case == case_of(read(entered(subject="a|b")))
    assert outcome.row["sequence"] == 2


def test_reference_data_never_come_to_it() -> None:
    state = apply_entry(None, read(entered()), None, REFERENCE).state
    assert state.finished_at == HANGS_ON_NOTHING
    label = label_of(state.entries, state.finished_at)
    roster = Roster([(state.key, label), ("H38-1", Label((), (), None))])
    assert len(roster) == 1, "nor do they cost anything where entries of reference data come"
    assert roster.concerned(Concern(all=True), -(2**61), None) == ["H38-1"]  # type: ignore[arg-type]
    assert not apply_reference(state, 5, None, REFERENCE, REFERENCE).emit


@pytest.mark.parametrize("many", [1, 40])
def test_one_more_costs_what_it_says_however_many_there_are(many: int) -> None:
    partition = Partition().feed([entered(f"r{number}") for number in range(many)])
    assert len(partition.outcomes[-1].state.entries) == 1
    assert derive("s|survey|r0", (read(entered("r0")),), REFERENCE).entries == 1
