"""The dispatcher on a real broker and database: agencies are told once, after the backlog, and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from services.processing.dispatch.duty import keep_dispatching
from services.processing.dispatch.store import Remembered, SentStore
from services.processing.dispatch.wanted import Sent
from tests.integration.dispatch.office import DUE, PARTITIONS, Office
from tests.stack import Backends


@pytest_asyncio.fixture
async def office(backends: Backends) -> AsyncIterator[Office]:
    made = Office(backends)
    await made.open()
    yield made
    await made.close()


async def test_work_is_given_and_closed_once_over_restarts(office: Office) -> None:
    await office.add_agency()
    await office.row(office.step())
    office.start()
    (given,) = await office.until_told("task.assigned")
    assert given["simulated"] is True
    assert given["subject"] == office.code
    assert given["data"]["due"] == DUE
    await office.stop()
    office.start()
    await office.row(office.step("completed"), finished_at="2026-03-02T09:00:00.000000Z")
    told = await office.until_told("task.assigned", "task.closed")
    assert told[1]["data"]["outcome"] == "completed"


async def test_a_row_that_concerns_nobody_any_more_closes_what_was_given(office: Office) -> None:
    await office.add_agency()
    office.start()
    await office.row(office.step(unit="H9"), code=office.backends.unique("H1-strange"))
    await office.row(office.step())
    await office.until_told("task.assigned")
    await office.row(office.step("completed"))
    await office.until_told("task.assigned", "task.closed")


async def test_nothing_is_told_before_the_journal_s_backlog_is_read(office: Office) -> None:
    await office.add_agency()
    for _ in range(3):
        await office.producer.send_and_wait(office.journal, b"{}", key=b"x", partition=0)
    breach = {"kind": "breach", "due": DUE, "at": DUE}
    await office.row(office.step(), happened=[breach])
    await office.read_journal_to(0, 2)
    dispatcher = office.make()
    office.start(dispatcher)
    # The other partition has no backlog: what is told there shows that the dispatcher came this far.
    other = office.backends.unique("H1-other")
    await office.row(office.step(), partition=1, code=other)
    (told,) = await office.until_told("task.assigned")
    assert told["subject"] == other
    # The answer that was on its way: the breach is taken back, the dossier finished in time.
    retracted = {"kind": "retracted", "retracts": "breach", "due": DUE, "at": DUE}
    await office.row(office.step("completed"), happened=[retracted], finished_at="2026-03-02T09:00:00.000000Z")
    await office.read_journal_to(0, 3)
    last = office.backends.unique("H1-last")
    await office.row(office.step(), code=last)
    told_ = await office.until_told("task.assigned", "task.assigned")
    assert [one["subject"] for one in told_] == [other, last]


async def test_a_notice_is_cancelled_when_it_proves_wrong(office: Office) -> None:
    await office.add_agency()
    breach = {"kind": "breach", "due": DUE, "at": DUE}
    await office.clock("2026-03-04T00:00:00.000000Z")
    await office.row(happened=[breach])
    office.start()
    await office.until_told("notice.given")
    await office.row(happened=[{"kind": "retracted", "retracts": "breach", "due": DUE, "at": DUE}])
    told = await office.until_told("notice.given", "notice.cancelled")
    assert told[0]["data"]["notice"] == told[1]["data"]["notice"]


async def test_an_agency_that_comes_later_learns_what_it_holds(office: Office) -> None:
    await office.row(office.step())
    office.start()
    first = office.backends.unique("H1.09")
    await office.add_agency(first)
    await office.row(office.step(unit=first), code=office.backends.unique("H1-x"))
    await office.until_told("task.assigned", unit=first)
    await office.add_agency()
    await office.until_told("task.assigned")
    assert len(await office.told(first)) == 1


class Forgetful(SentStore):
    """Fails when it is to record that the broker has what it was about to send."""

    async def save(self, remembered: Mapping[str, Remembered]) -> None:
        if any(not one.owed for one in remembered.values()):
            raise TimeoutError("the database did not answer")
        await super().save(remembered)


async def test_what_was_sent_and_not_recorded_is_sent_again_under_the_same_identity(office: Office) -> None:
    await office.add_agency()
    await office.row(office.step())
    with pytest.raises(TimeoutError):
        await office.make(Forgetful(office.client)).run()
    office.start()
    told = await office.until_told("task.assigned", "task.assigned")
    assert told[0]["id"] == told[1]["id"]


async def test_what_was_sent_and_not_recorded_is_taken_back_when_it_proves_wrong(office: Office) -> None:
    await office.add_agency()
    await office.row(office.step(), happened=[{"kind": "breach", "due": DUE, "at": DUE}])
    with pytest.raises(TimeoutError):
        await office.make(Forgetful(office.client)).run()
    await office.row(
        office.step("completed"), happened=[{"kind": "retracted", "retracts": "breach", "due": DUE, "at": DUE}]
    )
    office.start()
    given = ["task.assigned", "notice.given"]
    told = await office.until_told(*given, *given, "task.closed", "notice.cancelled")
    assert [one["id"] for one in told[:2]] == [one["id"] for one in told[2:4]]


async def test_two_replicas_share_the_partitions_and_tell_once(office: Office) -> None:
    await office.add_agency()
    office.start()
    office.start()
    codes = [office.backends.unique("H1-many") for _ in range(20)]
    for number, code in enumerate(codes):
        await office.row(office.step(), code=code, partition=number % PARTITIONS)
    told = await office.until_told(*["task.assigned"] * len(codes))
    assert {one["subject"] for one in told} == set(codes)


async def test_an_epoch_that_is_not_live_tells_nobody_until_it_is(office: Office) -> None:
    await office.add_agency()
    await office.row(office.step())
    live = [office.epoch + 1]
    asked = asyncio.Event()

    async def live_epoch() -> int:
        asked.set()
        return live[0]

    office.tasks.append(asyncio.create_task(keep_dispatching(office.epoch, live_epoch, office.make, look_seconds=0.1)))
    await asyncio.wait_for(asked.wait(), 10)
    assert await office.told() == []
    live[0] = office.epoch
    await office.until_told("task.assigned")


async def test_what_another_epoch_sent_is_not_sent_again(office: Office) -> None:
    await office.add_agency()
    id_ = f"task {office.code} check 1 {office.unit}"
    await office.sent.save({office.code: Remembered([Sent(id_, office.unit, "sent", 1, "check", 1, DUE, 240)])})
    await office.row(office.step())
    office.start()
    later = office.backends.unique("H1-later")
    await office.row(office.step(), code=later)
    (told,) = await office.until_told("task.assigned")
    assert told["subject"] == later


async def test_forged_records_stop_nobody_from_being_told(office: Office) -> None:
    await office.add_agency()
    forged = office.backends.unique("H1-forged")
    await office.event("clock.advanced", "clock:0", {"clock": "9999-12-31T23:59:59Z"}, 0)
    steps = [{"step": 1}]
    rows: list[Any] = ["row", [], {"steps": "none"}, {"steps": steps, "unit": office.unit}, {"due": "0001-01-01"}]
    for row in rows:
        whole = {"code": forged, "unit": office.unit} | row if isinstance(row, dict) else row
        await office.event("dossier.changed", forged, {"row": whole, "happened": []}, 0)
    await office.row(office.step())
    office.start()
    (given,) = await office.until_told("task.assigned")
    assert given["subject"] == office.code
