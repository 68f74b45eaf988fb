"""What comes in by the door: one entry or a batch, answered line by line, counted, and written in order."""

from __future__ import annotations

import json

import pytest
from prometheus_client import CollectorRegistry

from services.intake.doors.door import MOST_LINES
from shared.broker.partition import partition_of
from shared.problems.problem import Problem
from tests.unit.intake.parts import REPLAY, Parts, body, entry, grant, make_parts, unit


def sample(parts: Parts, name: str, **labels: str) -> float:
    registry: CollectorRegistry = parts.door.meters.registry
    return registry.get_sample_value(name, labels) or 0.0


async def test_one_entry_is_answered_with_its_place() -> None:
    parts = make_parts()
    answer = await parts.door.take_one(body(), grant())
    partition = partition_of("HS-1", 2)
    assert answer == {
        "source": "hcm/one-stop",
        "id": "1/accepted",
        "subject": "HS-1",
        "partition": partition,
        "offset": 0,
    }
    assert len(parts.journal.records[partition]) == 1
    assert sample(parts, "motcua_intake_entries_total", group="dossier") == 1


async def test_a_subject_kept_in_another_form_is_told_as_sent_and_as_kept() -> None:
    parts = make_parts()
    sent = "Hồ sơ\u00a0 1 "
    answer = await parts.door.take_one(body(subject=sent), grant())
    assert (answer["subject"], answer["subject_sent"]) == ("Hồ sơ 1", sent)
    lines = [body(subject=sent), body(subject="Hồ sơ 2"), body(subject="a\u200b")]
    first, second, third = (await parts.door.take_many(b"\n".join(lines), grant(), "en"))["results"]
    assert (first["subject"], first["subject_sent"]) == ("Hồ sơ 1", sent)
    assert not {"subject", "subject_sent"} & second.keys()
    assert (third["status"], third["problem"]["code"]) == (422, "odd_sign")
    assert "U+200B" in third["problem"]["detail"]
    assert {each["subject"] for each in parts.journal.entries} == {"Hồ sơ 1", "Hồ sơ 2"}
    assert sample(parts, "motcua_intake_texts_changed_total") == 2


async def test_a_tick_goes_to_every_partition_and_is_the_last_one() -> None:
    parts = make_parts(REPLAY)
    answer = await parts.door.take_one(body(type="clock.ticked", data={}), grant("clock"))
    assert answer["positions"] == {"0": 0, "1": 0}
    assert answer["partition"] is None
    assert parts.door.last_tick.value is not None


async def test_bad_lines_hold_up_no_good_ones() -> None:
    parts = make_parts()
    lines = [body(), b"", b"nonsense", body(id="2"), b"  ", body(type="x"), body(subject="HS-2", id="3")]
    answer = await parts.door.take_many(b"\n".join(lines) + b"\n", grant(), "en")
    assert (answer["accepted"], answer["refused"], answer["unknown"]) == (3, 2, 0)
    assert [(each["line"], each["status"]) for each in answer["results"]] == [
        (1, 202),
        (3, 400),
        (4, 202),
        (6, 422),
        (7, 202),
    ]
    assert answer["results"][1]["problem"]["code"] == "not_json"
    assert answer["results"][3]["problem"]["detail"] == "There is no entry type x."
    assert len(parts.journal.entries) == 3
    assert sample(parts, "motcua_intake_refused_total", code="not_json") == 1


async def test_entries_keep_their_order_within_a_partition_ticks_included() -> None:
    parts = make_parts(REPLAY)
    sent = [entry(id=str(n), subject=f"HS-{n}") for n in range(20)]
    sent[10] |= {"type": "clock.ticked", "data": {}}
    text = "\n".join(json.dumps(each) for each in sent).encode()
    answer = await parts.door.take_many(text, grant("sender", "clock"), "vi")
    assert answer["accepted"] == 20
    for records in parts.journal.records.values():
        numbers = [int(record.id) for record in records]
        assert numbers == sorted(numbers)
        assert 10 in numbers


async def test_lines_that_are_not_confirmed_are_to_be_sent_again() -> None:
    parts = make_parts()
    parts.journal.fails = {0}
    subjects = [next(f"HS-{n}" for n in range(99) if partition_of(f"HS-{n}", 2) == wanted) for wanted in (0, 1)]
    text = b"\n".join(body(subject=subject) for subject in subjects)
    answer = await parts.door.take_many(text, grant(), "vi")
    assert (answer["accepted"], answer["unknown"]) == (1, 1)
    assert answer["results"][0] == {
        "line": 1,
        "status": 503,
        "source": "hcm/one-stop",
        "id": "1/accepted",
        "code": "outcome_unknown",
    }


async def test_a_batch_nothing_of_which_was_confirmed_is_a_503() -> None:
    parts = make_parts()
    parts.journal.fails = {0, 1}
    with pytest.raises(Problem) as unknown:
        await parts.door.take_many(body(), grant(), "vi")
    assert (unknown.value.status, unknown.value.code) == (503, "outcome_unknown")
    assert unknown.value.headers["Retry-After"]


async def test_nothing_is_read_while_the_broker_is_away() -> None:
    parts = make_parts()
    parts.journal.away = Problem(503, "broker_away", headers={"Retry-After": "2"})
    with pytest.raises(Problem) as away:
        await parts.door.take_many(b"nonsense", grant(), "vi")
    assert away.value.code == "broker_away"


async def test_a_batch_has_a_largest_number_of_lines() -> None:
    parts = make_parts()
    full = b"\n".join([b""] * (MOST_LINES - 1) + [body()])
    assert (await parts.door.take_many(full, grant(), "vi"))["accepted"] == 1
    assert (await parts.door.take_many(full + b"\n", grant(), "vi"))["accepted"] == 1
    with pytest.raises(Problem) as refused:
        await parts.door.take_many(full + b"\n" + body(), grant(), "vi")
    assert (refused.value.status, refused.value.code) == (413, "too_many_lines")
    with pytest.raises(Problem):
        await parts.door.take_many(b"\n" * 1_000_000, grant(), "vi")


@pytest.mark.parametrize("text", [b"", b"\n", b" \r\n \n"])
async def test_an_empty_batch_is_a_mistake(text: bytes) -> None:
    with pytest.raises(Problem) as refused:
        await make_parts().door.take_many(text, grant(), "vi")
    assert (refused.value.status, refused.value.code) == (400, "not_json")


def order_in(parts: Parts, partition: int) -> list[str]:
    """Ids in a partition's order."""
    return [str(json.loads(record.value)["id"]) for record in parts.journal.records[partition]]


def mixed(*words: str) -> bytes:
    """A batch of `tick`s, `unit`s and dossiers of both partitions, each with its place as its id."""
    subjects = [next(f"HS-{n}" for n in range(99) if partition_of(f"HS-{n}", 2) == wanted) for wanted in (0, 1)]
    lines = []
    for number, word in enumerate(words):
        if word == "unit":
            lines.append(unit(f"u{number}", id=f"{number}"))
        elif word == "tick":
            lines.append(entry(type="clock.ticked", id=f"{number}", subject="clock", data={}))
        else:
            lines.append(entry(id=f"{number}", subject=subjects[int(word)]))
    return "\n".join(json.dumps(each) for each in lines).encode()


async def test_reference_entries_keep_their_side_of_a_tick() -> None:
    parts = make_parts(REPLAY)
    body = mixed("0", "unit", "tick", "1", "unit", "0", "tick", "tick", "unit", "1")
    answer = await parts.door.take_many(body, grant("sender", "clock", "reference"), "vi")
    assert [each["status"] for each in answer["results"]] == [202] * 10
    assert [order_in(parts, number) for number in (0, 1)] == [
        ["1", "0", "2", "4", "5", "6", "7", "8"],
        ["1", "2", "3", "4", "6", "7", "8", "9"],
    ]


async def test_what_follows_a_tick_waits_for_what_stands_before_it() -> None:
    """With the database away the reference entry is not known to be stored: no tick overtakes it."""
    parts = make_parts(REPLAY)
    parts.parcels.away = True
    body = mixed("0", "unit", "1", "tick", "1", "unit", "0")
    answer = await parts.door.take_many(body, grant("sender", "clock", "reference"), "vi")
    assert [each["status"] for each in answer["results"]] == [202, 503, 202, 503, 503, 503, 503]
    parts.parcels.away = False
    again = b"\n".join(body.split(b"\n")[number] for number in (1, 3, 4, 5, 6))
    await parts.door.take_many(again, grant("sender", "clock", "reference"), "vi")
    assert [order_in(parts, number) for number in (0, 1)] == [["0", "1", "3", "5", "6"], ["2", "1", "3", "4", "5"]]


async def test_a_partition_that_fails_holds_up_what_a_later_tick_would_overtake() -> None:
    parts = make_parts(REPLAY)
    parts.journal.fails = {1}
    body = mixed("0", "1", "tick", "unit", "0")
    answer = await parts.door.take_many(body, grant("sender", "clock", "reference"), "vi")
    assert [each["status"] for each in answer["results"]] == [202, 503, 503, 503, 503]
    assert order_in(parts, 0) == ["0"]
