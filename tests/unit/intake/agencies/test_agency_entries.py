"""Messages of an outbox over memory parts: what is answered, laid aside, tried again, and never written twice."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from services.intake.agencies.agencies import Agencies
from services.intake.agencies.answers import Said
from services.intake.agencies.entries import AgencyEntries, Progress
from services.intake.senders.sender import AgencyRequest
from shared.broker.topics import DEADLETTER, agency_answers, agency_outbox
from shared.contract.answers import ANSWER_ADAPTER
from shared.contract.housekeeping import DeadLetter
from shared.problems.problem import Problem
from tests.unit.intake.parts import SIMULATED, Parts, body, make_parts

UNIT = "hcm.q1"
OWN = {"source": f"agency/{UNIT}", "data": {"channel": "online", "unit": UNIT}}


@dataclasses.dataclass
class Record:
    """A message as a consumer gives it."""

    offset: int
    value: bytes | None
    key: bytes | None = b"HS-1"
    topic: str = agency_outbox(UNIT)
    partition: int = 0
    headers: Sequence[tuple[str, bytes]] = ()


class MemoryVoice:
    """Topics in memory; `fails` makes sends to a topic fail."""

    def __init__(self) -> None:
        self.topics: dict[str, list[Said]] = {DEADLETTER: [], agency_answers(UNIT): []}
        self.fails: set[str] = set()

    async def exists(self, topic: str) -> bool:
        return topic in self.topics

    async def send(self, topic: str, said: Sequence[Said]) -> None:
        if topic in self.fails:
            raise KafkaConnectionError
        self.topics[topic] += said

    @property
    def answers(self) -> list[dict[str, Any]]:
        for each in self.topics[agency_answers(UNIT)]:
            ANSWER_ADAPTER.validate_json(each.value)
        return [json.loads(each.value) for each in self.topics[agency_answers(UNIT)]]

    @property
    def letters(self) -> list[DeadLetter]:
        return [DeadLetter.model_validate_json(each.value) for each in self.topics[DEADLETTER]]


class Desk:
    """An agency's outbox with what reads it."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.voice = MemoryVoice()
        self.entries = AgencyEntries(parts.door, self.voice)
        self.progress = Progress()

    async def take(self, *records: Record) -> None:
        await self.entries.take(UNIT, records, self.progress)

    def count(self, outcome: str) -> float:
        counter = self.parts.door.meters.counter("motcua_intake_agency_messages_total")
        return float(counter.labels(outcome)._value.get())


@pytest.fixture
async def desk() -> Desk:
    parts = make_parts()
    await parts.door.directory.refresh()
    await Agencies(parts.door.directory, parts.door.reference.registry).create(
        AgencyRequest(unit=UNIT, sources=[], units=[])
    )
    return Desk(parts)


def good(offset: int, **changes: Any) -> Record:
    return Record(offset, body(**({"id": f"{offset}/accepted"} | OWN | changes)))


async def test_an_entry_is_stamped_written_and_answered_with_its_place(desk: Desk) -> None:
    await desk.take(good(7, revision=2))
    (entry,) = desk.parts.journal.entries
    assert entry["sender"] == f"agency-{UNIT}"
    (answer,) = desk.voice.answers
    assert answer["id"] == f"motcua.agency.{UNIT}.outbox.v1:0:7:accepted"
    assert answer["subject"] == "HS-1"
    assert answer["data"] == {
        "source": f"agency/{UNIT}",
        "id": "7/accepted",
        "revision": 2,
        "outbox_offset": 7,
        "partition": answer["data"]["partition"],
        "offset": 0,
    }
    assert desk.voice.topics[agency_answers(UNIT)][0].key == b"HS-1"
    assert "simulated" not in answer
    assert desk.voice.letters == []
    assert desk.count("accepted") == 1


async def test_the_subject_is_told_as_sent_and_as_kept(desk: Desk) -> None:
    await desk.take(good(1, subject="Ho\u0302\u0300 sơ\u00a01 "), good(2, subject="Hồ  sơ 2", source="x"))
    accepted, refused = desk.voice.answers
    assert (accepted["subject"], accepted["data"]["subject_sent"]) == ("Hồ sơ 1", "Ho\u0302\u0300 sơ\u00a01 ")
    assert (refused["type"], refused["subject"]) == ("answer.refused", "Hồ sơ 2")
    assert desk.voice.topics[agency_answers(UNIT)][0].key == "Hồ sơ 1".encode()


async def test_binary_mode_and_batches_are_answered_with_how_to_send(desk: Desk) -> None:
    attributes = (("ce_specversion", b"1.0"), ("ce_type", b"dossier.accepted"), ("ce_id", b"1"))
    data = json.dumps(OWN["data"]).encode()
    await desk.take(Record(1, data, headers=attributes), Record(2, b"[" + body(**OWN) + b"]"), good(3))
    binary, batch, accepted = (each["data"] for each in desk.voice.answers)
    assert (binary["code"], batch["code"]) == ("binary_mode", "not_an_object")
    assert "structured mode" in binary["remedy_vi"]
    assert "as a message of its own" in batch["remedy_en"]
    assert "/v1/" not in batch["remedy_en"] + batch["remedy_vi"]
    assert [letter.reason for letter in desk.voice.letters] == ["binary_mode", "not_an_object"]
    assert accepted["outbox_offset"] == 3


async def test_a_simulated_stack_says_so(desk: Desk) -> None:
    desk.entries = AgencyEntries(dataclasses.replace(desk.parts.door, rules=SIMULATED), desk.voice)
    await desk.take(good(1, simulated=True), good(2))
    assert [(each["type"], each["simulated"]) for each in desk.voice.answers] == [
        ("answer.accepted", True),
        ("answer.refused", True),
    ]


@pytest.mark.parametrize(
    ("value", "code", "subject", "bytes_kept"),
    [
        (None, "not_json", None, False),
        (b"{", "not_json", None, True),
        (b"[]", "not_an_object", None, True),
        (body(**OWN, type="dossier.lost"), "unknown_type", "HS-1", True),
        (body(**OWN, subject="HS\u0000"), "odd_sign", None, True),
        (body(**OWN | {"source": "hcm/one-stop"}), "source_not_granted", "HS-1", True),
        (body(**OWN | {"data": {"channel": "online", "unit": UNIT, "hoTen": "Trần"}}), "personal_field", "HS-1", False),
        (body(**OWN, type="dossier.stopped").replace(b'"unit": "hcm.q1"', b'"reason": "vi ba A"'), None, "HS-1", False),
        (b'{"hoTen": "Tran", "hoTen": "B"}', "duplicate_member", None, False),
        (b'{"a": "' + b"x" * 2_000_001 + b'"}', "line_too_long", None, True),
    ],
)
async def test_what_is_refused_is_answered_and_laid_aside(
    desk: Desk, value: bytes | None, code: str | None, subject: str | None, *, bytes_kept: bool
) -> None:
    await desk.take(Record(5, value))
    (answer,), (letter,) = desk.voice.answers, desk.voice.letters
    place = f"motcua.agency.{UNIT}.outbox.v1:0:5"
    assert answer["id"] == f"{place}:refused"
    assert answer["subject"] == (subject or place)
    assert code in (None, answer["data"]["code"])
    assert answer["data"]["detail_vi"] != answer["data"]["detail_en"]
    assert answer["data"]["remedy_vi"]
    assert answer["data"]["remedy_en"]
    assert (letter.service, letter.reason, letter.offset) == ("intake", answer["data"]["code"], 5)
    assert (letter.value is not None) == bytes_kept
    assert "Tr" not in letter.detail
    assert desk.parts.journal.entries == []
    assert desk.count("refused") == 1


async def test_good_and_bad_of_one_portion_keep_their_order(desk: Desk) -> None:
    await desk.take(good(1), Record(2, b"{"), good(3), Record(4, b"{"))
    assert [each["data"]["outbox_offset"] for each in desk.voice.answers] == [1, 2, 3, 4]
    assert {each["id"] for each in desk.parts.journal.entries} == {"1/accepted", "3/accepted"}


async def test_a_portion_that_is_not_confirmed_comes_again_and_nothing_is_written_twice(desk: Desk) -> None:
    records = [good(number, subject=f"HS-{number}") for number in range(20)]
    desk.parts.journal.fails = {0}
    with pytest.raises(Problem) as caught:
        await desk.take(*records)
    assert caught.value.status == 503
    written = len(desk.parts.journal.entries)
    assert 0 < written < 20
    assert desk.voice.answers == []
    desk.parts.journal.fails = set()
    desk.voice.fails = {agency_answers(UNIT)}
    with pytest.raises(KafkaConnectionError):
        await desk.take(*records)
    assert len(desk.parts.journal.entries) == 20
    desk.voice.fails = set()
    await desk.take(*records)
    assert len(desk.parts.journal.entries) == 20
    assert [each["data"]["outbox_offset"] for each in desk.voice.answers] == list(range(20))
    assert desk.progress.written == {}
    assert desk.count("accepted") == 20


async def test_what_is_known_to_be_written_is_compared_by_its_bytes(desk: Desk) -> None:
    desk.voice.fails = {agency_answers(UNIT)}
    with pytest.raises(KafkaConnectionError):
        await desk.take(good(0))
    desk.voice.fails = set()
    await desk.take(good(0, id="another"))
    assert {each["id"] for each in desk.parts.journal.entries} == {"0/accepted", "another"}


async def test_an_agency_without_an_answers_topic_is_read_all_the_same(desk: Desk) -> None:
    del desk.voice.topics[agency_answers(UNIT)]
    await desk.take(good(0), Record(1, b"{"))
    assert len(desk.parts.journal.entries) == 1
    assert len(desk.voice.letters) == 1


async def test_a_database_that_is_away_holds_only_who_is_not_known_to_be_allowed(desk: Desk) -> None:
    desk.parts.store.away = True
    await desk.take(good(0))
    with pytest.raises(Problem) as caught:
        await desk.entries.take("hcm.q2", [good(1)], Progress())
    assert caught.value.status == 503
    assert desk.voice.letters == []


async def test_what_admission_cannot_judge_holds_up_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("services.intake.doors.door.admit", break_)
    await desk.take(good(0))
    assert desk.voice.answers[0]["data"]["code"] == "internal"
    assert desk.voice.letters[0].value is not None
