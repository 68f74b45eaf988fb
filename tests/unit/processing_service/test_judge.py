"""What a journal record is judged to be."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.processing import judge
from services.processing.engine import Reference
from services.processing.judge import Rejected, read_record, take_entry
from services.processing.states import Held
from tests.unit.processing_service.build import PARTITIONS, REFERENCE, Record, accepted, code_in, held, record

HERE = code_in(0)


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
        (record(accepted(HERE, type="unit.revised", data={"unit": "A"})), False, "reference_entry"),
    ],
)
def test_dead_letters_have_a_reason(given: Record, simulated: bool, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_record(given, PARTITIONS, simulated=simulated)
    assert caught.value.reason == reason
    assert "Nguyễn" not in caught.value.detail


def test_entries_and_ticks_of_this_partition_are_taken() -> None:
    assert read_record(record(accepted(HERE), 5), PARTITIONS, simulated=False).offset == 5
    assert read_record(record(accepted(HERE, simulated=True)), PARTITIONS, simulated=True).simulated
    assert read_record(record(tick()), PARTITIONS, simulated=True).type == "clock.ticked"


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
        take_entry(Held(marked.state, 300, stored=False), entry("c", 2), 300, None, small)
    assert again.value.outcome is None


def test_a_dossier_takes_no_more_bytes_than_a_document_holds() -> None:
    full = held(HERE)
    full.size = judge.LARGEST_STATE
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
