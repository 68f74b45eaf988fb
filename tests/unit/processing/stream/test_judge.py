"""What a journal record is judged to be."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.processing.engine import Reference
from services.processing.http.answers import explain_dossier
from services.processing.record import EntryRecord
from services.processing.states.layers import HeldState
from services.processing.stream import judge
from services.processing.stream.judge import Rejected, read_record, take_entry, take_reference
from shared.contract.bounds import LARGEST_DOSSIER
from shared.reference import EMPTY, ReferenceEntry, ReferenceSet
from tests.unit.processing.stream.build import PARTITIONS, REFERENCE, Record, accepted, code_in, held, record, revised

HERE = code_in(0)
UNIT = revised("unit.revised", {"unit": "A"})


def tick(**more: Any) -> dict[str, Any]:
    return accepted("clock", type="clock.ticked", data={}) | more


@pytest.mark.parametrize(
    ("given", "simulated", "reason"),
    [
        (Record(None, b"x"), False, "not_json"),
        (Record(b"\xff", b"x"), False, "not_json"),
        (Record(b"[" * 100_000, b"x"), False, "not_json"),
        (Record(b"[]", b"x"), False, "malformed"),
        (record(accepted(HERE, time="2026-03-02T08:00:00")), False, "malformed"),
        (record(accepted(HERE, data={"name": "Nguyễn Văn A"})), False, "malformed"),
        (record(accepted(HERE, type="dossier.eaten")), False, "unknown_type"),
        (record(accepted(HERE), key=b"other"), False, "wrong_key"),
        (Record(orjson.dumps(accepted(HERE)), None), False, "wrong_key"),
        (Record(orjson.dumps(accepted(HERE)), HERE.encode(), partition=1), False, "wrong_partition"),
        (record(accepted(HERE)), True, "wrong_kind"),
        (record(accepted(HERE, simulated=True)), False, "wrong_kind"),
        (record(tick(), key=b"x"), False, "wrong_key"),
        (record(tick(data=None)), False, "malformed"),
        (record(tick(simulated=True)), False, "wrong_kind"),
        (record(UNIT, key=HERE.encode()), False, "wrong_key"),
        (record(UNIT, key=b"clock"), False, "wrong_key"),
        (record(accepted(HERE), key=b"reference"), False, "wrong_key"),
        (record(UNIT), True, "wrong_kind"),
        (record(UNIT | {"simulated": True}), False, "wrong_kind"),
        (record(UNIT | {"data": {"unit": "A", "chief": "B"}}), False, "malformed"),
    ],
)
def test_dead_letters_have_a_reason(given: Record, simulated: bool, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_record(given, PARTITIONS, simulated=simulated)
    assert caught.value.reason == reason
    assert "Nguyễn" not in caught.value.detail


def type_of(given: Record, *, simulated: bool = False) -> str | None:
    """The type of the entry in a record; None where it is passed over."""
    entry = read_record(given, PARTITIONS, simulated=simulated)
    return None if entry is None else entry.type


def test_entries_and_ticks_of_this_partition_are_taken() -> None:
    entry = read_record(record(accepted(HERE), 5), PARTITIONS, simulated=False)
    assert isinstance(entry, EntryRecord)
    assert entry.offset == 5
    assert type_of(record(accepted(HERE, simulated=True)), simulated=True) == "dossier.accepted"
    assert type_of(record(tick()), simulated=True) == "clock.ticked"


def test_a_reference_entry_is_read_once_whatever_the_partition() -> None:
    here, there = record(UNIT, 7), record(UNIT, 9)
    there.partition = 3
    entry = read_record(here, PARTITIONS, simulated=False)
    assert isinstance(entry, ReferenceEntry)
    assert entry.value == here.value
    assert read_record(there, PARTITIONS, simulated=False) is entry
    assert type_of(record(UNIT | {"simulated": True}), simulated=True) == "unit.revised"


FIGURE = {
    **revised(
        "indicator.entered",
        {"indicator": "x", "unit": "H29", "first_day": "2026-01-01", "last_day": "2026-01-31", "value": "1"},
    ),
    "subject": HERE,
}


def test_a_figure_that_was_told_to_every_partition_is_taken_in_its_own() -> None:
    taken = []
    for partition in range(PARTITIONS):
        copy = record(FIGURE, 7, key=b"reference")
        copy.partition = partition
        taken.append(type_of(copy))
    assert taken.count("indicator.entered") == 1
    assert taken.count(None) == PARTITIONS - 1
    now = record(FIGURE, 8, key=FIGURE["subject"].encode())
    now.partition = taken.index("indicator.entered")
    assert type_of(now) == "indicator.entered"
    now.partition = (now.partition + 1) % PARTITIONS
    with pytest.raises(Rejected, match="wrong_partition"):
        read_record(now, PARTITIONS, simulated=False)


def test_a_reference_entry_known_already_gives_the_very_same_set() -> None:
    entry = ReferenceEntry.of(orjson.dumps(UNIT))
    known, _ = take_reference(EMPTY, entry)
    assert known.version != EMPTY.version
    assert take_reference(known, ReferenceEntry.of(orjson.dumps(UNIT | {"sender": "other"})))[0] is known


def test_an_error_while_taking_a_reference_entry_is_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ReferenceSet, "narrow", fail)
    with pytest.raises(Rejected) as caught:
        take_reference(EMPTY, ReferenceEntry.of(orjson.dumps(UNIT)))
    assert caught.value.reason == "engine_error"


def entry(id_: str, offset: int = 1) -> Any:
    return read_record(record(accepted(HERE, id_), offset), PARTITIONS, simulated=False)


def test_a_dossier_takes_no_more_entries_than_its_cap_and_is_marked_once() -> None:
    small = Reference(REFERENCE.calendar, REFERENCE.zone, entry_cap=1)
    with pytest.raises(Rejected) as caught:
        take_entry(held(HERE), entry("b"), 300, None, small)
    assert caught.value.reason == "too_many_entries"
    marked = caught.value.outcome
    assert marked is not None
    assert marked.state.capped
    with pytest.raises(Rejected) as again:
        take_entry(HeldState(marked.state, 300, stored=False), entry("c", 2), 300, None, small)
    assert again.value.outcome is None


def test_a_dossier_takes_no_more_bytes_than_a_document_holds() -> None:
    full = held(HERE)
    full.size = LARGEST_DOSSIER
    with pytest.raises(Rejected) as caught:
        take_entry(full, entry("b"), 300, None, REFERENCE)
    assert caught.value.reason == "dossier_too_big"
    assert not take_entry(full, entry("a"), 300, None, REFERENCE).outcome.emit, "an exact duplicate adds nothing"


def test_an_error_in_the_engine_is_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(judge, "apply_entry", fail)
    with pytest.raises(Rejected) as caught:
        take_entry(None, entry("b"), 300, None, REFERENCE)
    assert caught.value.reason == "engine_error"


def test_the_size_counts_what_was_taken_in() -> None:
    assert take_entry(None, entry("a"), 300, None, REFERENCE).size == 300
    assert take_entry(held(HERE), entry("b"), 200, None, REFERENCE).size == 500


def test_a_dossier_at_its_cap_is_explained_with_the_finding_of_its_row() -> None:
    small = Reference(REFERENCE.calendar, REFERENCE.zone, entry_cap=1)
    with pytest.raises(Rejected) as caught:
        take_entry(held(HERE), entry("b"), 300, None, small)
    marked = caught.value.outcome
    assert marked is not None
    answer = explain_dossier(HeldState(marked.state, 300, stored=False), 0, small)
    assert [finding.code for finding in answer.findings] == ["too_many_entries"]
    assert answer.row.findings == answer.findings
    assert [finding.model_dump() for finding in answer.findings] == marked.row["findings"]
