"""Agencies on a real stack: the guide, the sample on a route of two, refusals, a killed intake, shutting out."""

from __future__ import annotations

import asyncio
import collections
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.operations.epochs.reading import ends_of
from shared.access.asking import KEEP_SECONDS
from shared.broker.topics import DEADLETTER, agency_answers, agency_outbox, agency_tasks
from shared.contract.answers import ANSWER_ADAPTER
from tests.integration.guides.test_sending import blocks
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

pytestmark = pytest.mark.timeout(420)

ROOT = Path(__file__).parents[3]
FENCE = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
A, B = "H38.08", "H38.09"
PROCEDURE = "1.004222"
STEPS = [{"step": "survey", "unit": A, "budget": 60}, {"step": "appraise", "unit": B, "budget": 60}]
STEPS += [{"step": "hand over", "unit": A, "budget": 60}]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    factory = StackFactory(tmp_path_factory.mktemp("agencies"))
    try:
        settings = {"MOTCUA_DISPATCH_SECONDS": "0.5"}
        yield Suite(factory("live", services=("intake", "processing"), settings=settings, partitions=2))
    finally:
        factory.stop_all()


@pytest.fixture(scope="module")
def key(suite: Suite) -> str:
    """The key of agency A, made as the guide makes it, after all of the guide was run."""
    folder = suite.stack.home.path
    (folder / "examples").symlink_to(ROOT / "examples")
    addresses = suite.stack.addresses()
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "MOTCUA_HOME": str(folder),
        "INTAKE": addresses["intake"],
        "KAFKA": addresses["kafka"],
        "ADMIN_KEY": suite.stack.admin_key(),
        "SIMULATED": "false",
        "UNIT": A,
    }
    reference = [
        ("unit.revised", "H38", {"unit": "H38", "kind": "province"}),
        ("unit.revised", A, {"unit": A, "kind": "department"}),
        ("unit.revised", B, {"unit": B, "kind": "department"}),
        ("procedure.published", PROCEDURE, {"procedure": PROCEDURE, "version": "1"}),
        ("route.revised", PROCEDURE, {"procedure": PROCEDURE, "version": "1", "steps": STEPS}),
    ]
    lines = [json.dumps(_entry(kind, f"{kind}/{code}", code, data, source="test")) for kind, code, data in reference]
    taken = suite.post("/v1/entries:batch", "\n".join(lines).encode())
    assert taken.json()["accepted"] == len(lines), taken.text
    guide = ROOT / "docs" / "guides" / "agencies.md"
    assert len(blocks(guide)) == guide.read_text(encoding="utf-8").count("<!-- run") > 5
    for block in blocks(guide):
        written = block.run(folder, environment)
        assert block.expect in written, f"{block.code}\n{written}"
    suite.motcua("agency", "add", B)
    return (folder / "key.txt").read_text().strip()


def _entry(kind: str, name: str, dossier: str, data: Any, source: str = f"agency/{A}") -> dict[str, Any]:
    envelope = {"specversion": "1.0", "type": kind, "source": source, "id": name, "subject": dossier}
    return envelope | {"time": "2025-11-17T08:15:00+07:00", "data": data}


def put(suite: Suite, unit: str, *values: bytes) -> list[int]:
    """Write messages to an outbox; their offsets."""

    async def send() -> list[int]:
        async with AIOKafkaProducer(bootstrap_servers=suite.address("kafka"), acks="all") as producer:
            return [(await producer.send_and_wait(agency_outbox(unit), value)).offset for value in values]

    return asyncio.run(send())


def read(suite: Suite, topic: str, partitions: int = 1) -> list[Any]:
    """All records of a topic."""

    async def all_() -> list[Any]:
        places = [TopicPartition(topic, number) for number in range(partitions)]
        consumer = AIOKafkaConsumer(bootstrap_servers=suite.address("kafka"), group_id=None)
        async with consumer:
            ends = await consumer.end_offsets(places)
            consumer.assign(places)
            await consumer.seek_to_beginning(*places)
            found: list[Any] = []
            while any([await consumer.position(each) < ends[each] for each in places]):
                found += [record for some in (await consumer.getmany(timeout_ms=200)).values() for record in some]
        return found

    return asyncio.run(all_())


def answers(suite: Suite, unit: str) -> list[dict[str, Any]]:
    """The answers of a unit, each of which the contract knows."""
    found = read(suite, agency_answers(unit))
    for record in found:
        ANSWER_ADAPTER.validate_json(record.value)
    return [json.loads(record.value) for record in found]


def answered(suite: Suite, unit: str, offsets: Sequence[int]) -> list[dict[str, Any]]:
    """Intake's answers about messages of an outbox, once all have one."""
    found = [each for each in answers(suite, unit) if each["data"].get("outbox_offset") in offsets]
    return found if {each["data"]["outbox_offset"] for each in found} == set(offsets) else []


def program(suite: Suite, unit: str, *words: str) -> subprocess.Popen[str]:
    line = [sys.executable, str(ROOT / "examples" / "agency.py"), "--kafka", suite.address("kafka"), "--unit", unit]
    return subprocess.Popen([*line, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_sample_sees_dossiers_through_a_route_of_two_agencies(suite: Suite, key: str) -> None:
    assert key.startswith("mc_")
    one = program(suite, A, "--dossiers", "2", "--procedure", PROCEDURE, "--last-step", "hand over", "--tasks", "4")
    other = program(suite, B, "--tasks", "2")
    try:
        for each in (one, other):
            written, complaints = each.communicate(timeout=120)
            assert each.returncode == 0, f"{written}\n{complaints}"
    finally:
        for each in (one, other):
            each.kill()
    tasks = [json.loads(record.value) for record in read(suite, agency_tasks(B))]
    assert [each["data"]["step"] for each in tasks if each["type"] == "task.assigned"] == ["appraise"] * 2
    judged = [each["data"] for each in answers(suite, A) if each["type"] == "answer.judged"]
    returned = [each for each in judged if each["type"] == "dossier.returned" and each["status"] == 10]
    assert len(returned) >= 2
    assert {each["fate"] for each in judged} == {"counted"}


def test_who_acts_on_anothers_step_is_told_that_it_has_no_effect(suite: Suite, key: str) -> None:
    assert key
    code = f"HS-{uuid.uuid4().hex[:8]}"
    accepted = {"channel": "direct", "unit": A, "procedure": PROCEDURE}
    put(
        suite,
        A,
        json.dumps(_entry("dossier.accepted", f"{code}/accepted", code, accepted)).encode(),
        json.dumps(_entry("step.completed", f"{code}/appraise", code, {"step": "appraise", "unit": A})).encode(),
    )

    def rejected() -> dict[str, Any] | None:
        told = [each["data"] for each in answers(suite, A) if each["type"] == "answer.judged"]
        return next((each for each in told if each["id"] == f"{code}/appraise"), None)

    told = until(rejected, "the judgement")
    assert told is not None
    assert (told["fate"], told["rejection"]["code"]) == ("rejected", "not_the_owner")


def test_what_is_malformed_is_answered_and_laid_aside(suite: Suite, key: str) -> None:
    assert key
    offsets = put(suite, B, b"{", json.dumps(_entry("dossier.stopped", "x", "HS-9", {})).encode())
    told = until(lambda: answered(suite, B, offsets), "both refusals")
    assert [each["data"]["code"] for each in told] == ["not_json", "source_not_granted"]
    letters = [json.loads(record.value) for record in read(suite, DEADLETTER)]
    mine = [each["reason"] for each in letters if each["topic"] == agency_outbox(B)]
    assert mine == ["not_json", "source_not_granted"]


def test_killed_processes_lose_nothing_and_everything_is_answered(suite: Suite, key: str) -> None:
    assert key
    name = uuid.uuid4().hex[:8]
    entries = [
        _entry("dossier.accepted", f"{name}/{number}", f"HS-{name}-{number}", {"channel": "direct", "unit": A})
        for number in range(1_500)
    ]
    offsets: list[int] = []
    for place, killed in enumerate(("intake", "kafka", "intake")):
        before = ends_of_journal(suite)
        part = entries[500 * place : 500 * (place + 1)]
        offsets += put(suite, A, *(json.dumps(each).encode() for each in part))
        until(lambda before=before: ends_of_journal(suite) > before, "some to be in the journal")  # type: ignore[misc]
        suite.stack.kill(killed)
        until(lambda: ends_of_journal(suite), "the broker to be there", seconds=60)
        until(lambda: ready(suite), "intake to be back", seconds=60)
    told = until(lambda: answered(suite, A, offsets), "an answer to each", seconds=90)
    assert {each["type"] for each in told} == {"answer.accepted"}
    journal = [json.loads(record.value) for record in read(suite, suite.journal, suite.partitions)]
    found = collections.Counter(each["id"] for each in journal if each["id"].startswith(f"{name}/"))
    assert found.keys() == {each["id"] for each in entries}
    hashes = {(each["id"], json.dumps(each["data"], sort_keys=True)) for each in journal if each["id"] in found}
    assert len(hashes) == len(entries)


def ready(suite: Suite) -> bool:
    """Whether intake answers and can write."""
    try:
        return suite.get("intake", "/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def ends_of_journal(suite: Suite) -> int:
    """How many records the journal holds."""
    return sum(asyncio.run(ends_of(suite.address("kafka"), suite.journal, suite.partitions)).values())


def test_a_disabled_agency_is_shut_out_by_both_doors_and_let_in_again(suite: Suite, key: str) -> None:
    code = f"HS-{uuid.uuid4().hex[:8]}"
    entry = _entry("dossier.accepted", f"{code}/accepted", code, {"channel": "direct", "unit": A})
    headers = {"Authorization": f"Bearer {key}"}
    url = f"{suite.address('intake')}/v1/entries"
    suite.motcua("agency", "disable", A)
    refused = httpx.post(url, json=entry, headers=headers, trust_env=False)
    assert (refused.status_code, refused.json()["code"]) == (403, "sender_disabled")
    offsets = put(suite, A, json.dumps(entry).encode())
    told = until(lambda: answered(suite, A, offsets), "the refusal")
    assert [each["data"]["code"] for each in told] == ["sender_disabled"]
    listed = json.loads(suite.motcua("agency", "list", "--json"))["agencies"]
    by_unit = {each["unit"]: each for each in listed}
    assert (by_unit[A]["enabled"], by_unit[B]["enabled"]) == (False, True)
    assert by_unit[A]["missing_topics"] == []
    assert by_unit[A]["unread"] == 0
    suite.motcua("agency", "enable", A)
    assert httpx.post(url, json=entry, headers=headers, trust_env=False).status_code == 202
    offsets = put(suite, A, json.dumps(entry).encode())
    told = until(lambda: answered(suite, A, offsets), "the answer")
    assert [each["type"] for each in told] == ["answer.accepted"]


def test_a_disabled_key_stops_where_intake_is_asked_and_a_known_one_outlives_an_absent_intake(
    suite: Suite, key: str
) -> None:
    headers = {"Authorization": f"Bearer {key}"}

    def asked() -> int:
        url = f"{suite.address('processing')}/v1/entries?source=agency/{A}&id=none"
        return httpx.get(url, headers=headers, trust_env=False).status_code

    assert "key" not in suite.get("processing", "/health/ready").text, "intake knows processing by its own key"
    assert asked() == 404
    disabled = suite.motcua_here("agency", "disable", A)
    until(lambda: asked() == 403, f"{disabled} to hold at processing", KEEP_SECONDS + 3)
    suite.motcua_here("agency", "enable", A)
    assert asked() == 404, "what is refused is asked again at once"
    suite.stack.request("stop", name="intake")
    try:
        until(lambda: "for an hour" in suite.get("processing", "/health/ready").text, "intake to be missed", 60)
        assert asked() == 404
        strange = httpx.get(
            f"{suite.address('processing')}/v1/positions", headers={"X-Api-Key": "mc_never_seen"}, trust_env=False
        )
        assert (strange.status_code, strange.json()["code"]) == (503, "not_ready")
    finally:
        suite.stack.request("start", name="intake")
        suite.stack.wait_ready(lambda _: None, 60)


def test_adding_again_makes_what_is_missing_and_says_so(suite: Suite, key: str) -> None:
    assert key
    again = json.loads(suite.motcua("agency", "add", A, "--json"))
    assert "key" not in again
    assert again["topics"]["outbox"] == agency_outbox(A)
    assert "no unit" in suite.motcua("agency", "add", "H77", code=1).lower()


def test_both_languages_run_the_same_commands() -> None:
    """The Vietnamese guide says what the English one, which is run, says."""
    guides = ROOT / "docs" / "guides"
    english, vietnamese = (
        [re.sub(r" +#.*", "", block) for block in FENCE.findall((guides / name).read_text(encoding="utf-8"))]
        for name in ("agencies.md", "agencies.vi.md")
    )
    assert vietnamese == english
