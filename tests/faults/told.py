"""What the services told: the newest row of every case, what stands announced, an agency's tasks and answers.

Reads topics from outside and folds them by their identities; knows the wire's words, decides nothing about dossiers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from pydantic import TypeAdapter

from deploy.operations.epochs.reading import ends_of, read_topic
from shared.broker.topics import agency_answers, agency_tasks, lifecycle
from shared.contract.answers import ANSWER_ADAPTER
from shared.contract.lifecycle import Rejection
from shared.contract.tasks import AGENCY_ADAPTER
from tests.suite import Suite
from tests.waiting import until

__all__ = [
    "Told",
    "agency_differences",
    "agency_messages",
    "answer_differences",
    "entered_told",
    "judged_answers",
    "last_not_newest",
    "lifecycle_told",
    "wait_dispatched",
]

Json = dict[str, Any]


@dataclass
class Told:
    """Of every case by its key the newest row, and all that happened in the order of its causes."""

    rows: dict[str, Json] = field(default_factory=dict)
    happened: dict[str, list[Json]] = field(default_factory=dict)


def lifecycle_told(suite: Suite) -> Told:
    """The lifecycle topic of the live epoch, repeats left out.

    Raises:
        AssertionError: one cause was told with two contents.
    """
    epoch = suite.stack.request("status")["epoch"]
    once: dict[str, Json] = {}
    for value in asyncio.run(_values(suite, lifecycle(epoch), suite.partitions)):
        event = json.loads(value)
        if event["type"].endswith(".changed"):
            first = once.setdefault(event["id"], event)
            assert first == event, f"one cause, two contents: {first} {event}"
    told = Told()
    for event in sorted(once.values(), key=_cause):
        told.rows[event["subject"]] = event["data"]["row"]
        told.happened.setdefault(event["subject"], []).extend(event["data"].get("happened") or ())
    return told


def entered_told(suite: Suite, replica: str = "metrics") -> dict[tuple[str, str, str, str], tuple[str, str, str]]:
    """What one replica of metrics lists of figures from outside, page by page: whose entry holds of each.

    Raises:
        AssertionError: a figure is listed twice as holding.
    """
    found: dict[tuple[str, str, str, str], tuple[str, str, str]] = {}
    offset, total = 0, 1
    while offset < total:
        answer = suite.get(replica, "/v1/entered", limit=7, offset=offset, superseded="true")
        assert answer.status_code == 200, answer.text
        total = answer.json()["total"]
        for one in answer.json()["figures"]:
            says = (one["indicator"], one["unit"], one["first_day"], one["last_day"])
            if one["holds"]:
                assert says not in found, says
                found[says] = (one["subject"], one["source"], one["id"])
        offset += 7
    return found


def last_not_newest(suite: Suite) -> dict[str, list[int]]:
    """Keys of the live epoch's lifecycle topic whose last record is not their newest, with the causes of all theirs."""
    epoch = suite.stack.request("status")["epoch"]
    causes: dict[str, list[int]] = {}
    for value in asyncio.run(_values(suite, lifecycle(epoch), suite.partitions)):
        event = json.loads(value)
        causes.setdefault(event["subject"], []).append(event["data"]["cause"]["offset"])
    return {key: found for key, found in causes.items() if found[-1] != max(found)}


def wait_dispatched(suite: Suite) -> None:
    """Return when agencies were told all there is on the lifecycle topic of the live epoch.

    Raises:
        AssertionError: not within a minute.
    """
    epoch = suite.stack.request("status")["epoch"]
    kafka = suite.address("kafka")
    ends = asyncio.run(ends_of(kafka, lifecycle(epoch), suite.partitions))

    def told() -> bool:
        places = asyncio.run(_committed(kafka, f"motcua-dispatcher-e{epoch}"))
        if all(places.get(partition, 0) >= end for partition, end in ends.items()):
            return True
        raise LookupError(f"told to {places} of {ends}")

    until(told, "agencies to be told everything", 60)


def agency_messages(suite: Suite, unit: str) -> list[Json]:
    """An agency's messages as it takes them: one of each id, in order.

    Raises:
        AssertionError: two messages of one id differ; the time a message was made at may.
    """
    return _once(asyncio.run(_values(suite, agency_tasks(unit), 1)), AGENCY_ADAPTER)


def judged_answers(suite: Suite, unit: str) -> list[Json]:
    """What an agency was answered about what became of its entries: one of each id, in order.

    Raises:
        AssertionError: two answers of one id differ; the time an answer was made at may.
    """
    answers = _once(asyncio.run(_values(suite, agency_answers(unit), 1)), ANSWER_ADAPTER)
    return [one for one in answers if one["type"] == "answer.judged"]


def _once(values: list[bytes], adapter: TypeAdapter[Any]) -> list[Json]:
    once: dict[str, Json] = {}
    for value in values:
        adapter.validate_json(value)
        message = json.loads(value)
        first = once.setdefault(message["id"], message)
        assert first | {"time": None} == message | {"time": None}, f"one id, two contents: {first} {message}"
    return list(once.values())


def agency_differences(messages: list[Json], unit: str, told: Told) -> list[str]:
    """Where what the agency believes after its messages is not what the newest rows and announcements say."""
    open_: dict[str, tuple[Any, Any]] = {}
    noticed: dict[str, Json] = {}
    wrong = []
    for one in messages:
        data, kind = one["data"], one["type"]
        name = data.get("task") or data["notice"]
        if kind in ("task.assigned", "notice.given") and name in (*open_, *noticed):
            wrong.append(f"given twice: {name}")
        if kind not in ("task.assigned", "notice.given") and name not in (*open_, *noticed):
            wrong.append(f"{kind} though not given: {name}")
        if kind in ("task.assigned", "task.changed"):
            open_[name] = (data.get("due"), data.get("budget"))
        elif kind == "notice.given":
            noticed[name] = data
        else:
            open_.pop(name, None)
            noticed.pop(name, None)
    wanted = dict(_tasks(unit, told))
    wrong += [f"not told: {name} {wanted[name]}" for name in wanted.keys() - open_.keys()]
    wrong += [f"not taken back: {name}" for name in open_.keys() - wanted.keys()]
    wrong += [
        f"{name} told as {open_[name]}, is {wanted[name]}"
        for name in wanted.keys() & open_.keys()
        if wanted[name] != open_[name]
    ]
    wrong += [f"stands no more: {data['notice']}" for data in noticed.values() if not _stands(data, told)]
    return wrong


def answer_differences(answers: list[Json], entries: Iterable[Json], told: Told) -> list[str]:
    """Where what an agency was answered is not one last verdict of each of its entries, as the newest row has it.

    Args:
        answers: what `judged_answers` gives.
        entries: journal entries the agency sent, repeats too.
        told: the newest rows.
    """
    by_entry: dict[tuple[str, str, str, int], list[Json]] = {}
    for one in answers:
        data = one["data"]
        by_entry.setdefault((one["subject"], data["source"], data["id"], data["revision"]), []).append(data)
    sent = {(entry["subject"], entry["source"], entry["id"], entry.get("revision") or 0) for entry in entries}
    wrong = [f"not answered: {one}" for one in sorted(sent - by_entry.keys())]
    wrong += [f"answered and not sent: {one}" for one in sorted(by_entry.keys() - sent)]
    highest = {one[:3]: one[3] for one in sorted(sent)}
    for entry, datas in by_entry.items():
        verdicts = [(data["fate"], data["findings"], data["rejection"]) for data in datas]
        if [data["version"] for data in datas] != list(range(1, len(datas) + 1)):
            wrong.append(f"versions out of order: {entry}")
        if any(one == next_ for one, next_ in pairwise(verdicts)):
            wrong.append(f"answered twice alike: {entry}")
        wanted = _verdict(told.rows[entry[0]], entry[1:3])
        if entry[3] == highest.get(entry[:3]) and verdicts[-1] != wanted:
            wrong.append(f"{entry} answered {verdicts[-1]}, is {wanted}")
    return wrong


def _verdict(row: Json, identity: tuple[str, str]) -> tuple[str, list[str], Json | None]:
    """Fate, findings and rejection of an entry by its dossier's row."""
    odd = sorted({one["code"] for one in row.get("findings") or () if (one["source"], one["id"]) == identity})
    rejected = [one for one in row.get("rejections") or () if (one["source"], one["id"]) == identity]
    if rejected:
        return "rejected", odd, {name: rejected[0].get(name) for name in Rejection.model_fields}
    return "finding" if odd else "counted", odd, None


def _tasks(unit: str, told: Told) -> list[tuple[str, tuple[Any, Any]]]:
    """The planned steps under way at the unit, by the identity of the task, with due date and budget."""
    return [
        (f"task {code} {step['step']} {step.get('occurrence', 1)} {unit}", (step.get("due"), step.get("budget")))
        for code, row in told.rows.items()
        if row.get("finished_at") is None
        for step in row.get("steps") or ()
        if step.get("planned") and step.get("unit") == unit and step.get("outcome") is None
    ]


def _stands(notice: Json, told: Told) -> bool:
    """Whether what a notice says was announced and not retracted since."""
    same = [
        one["kind"]
        for one in told.happened[f"petition:{notice['petition']}" if notice.get("petition") else notice["dossier"]]
        if (one.get("retracts") or one["kind"]) == notice["kind"].removeprefix("petition_")
        and (one.get("of") or "dossier") == notice["of"]
        and all(one.get(name) == notice.get(name) for name in ("due", "step", "occurrence", "rung_us"))
    ]
    return bool(same) and same[-1] != "retracted"


def _cause(event: Json) -> tuple[int, int, int]:
    cause = event["data"]["cause"]
    return cause["partition"], cause["offset"], cause.get("index") or 0


async def _committed(kafka: str, group: str) -> dict[int, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=5000)
    try:
        await admin.start()
        offsets = await admin.list_consumer_group_offsets(group)
    except KafkaError as error:
        raise LookupError(f"group {group}: {error!r}") from error
    finally:
        await admin.close()
    return {place.partition: offset.offset for place, offset in offsets.items()}


async def _values(suite: Suite, topic: str, partitions: int) -> list[bytes]:
    return [record.value async for record in read_topic(suite.address("kafka"), topic, range(partitions))]
