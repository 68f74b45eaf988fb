"""Agencies are answered about their entries on a real broker and database: once, again when it changes, and later."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.broker.topics import agency_answers
from tests.integration.dispatch.office import Office, read_all
from tests.integration.dispatch.test_dispatch import Forgetful
from tests.stack import Backends
from tests.waiting import until_async


@pytest_asyncio.fixture
async def office(backends: Backends) -> AsyncIterator[Office]:
    made = Office(backends)
    await made.open()
    await made.add_agency(answers=True)
    yield made
    await made.close()


async def passed(office: Office) -> None:
    """Return when the dispatcher has told everything before: another dossier's task comes after it."""
    code = office.backends.unique("H1-after")
    await office.row(office.step(), code=code)

    async def is_told() -> bool:
        return code in [one["subject"] for one in await office.told()]

    await until_async(is_told, "a later dossier to be told", 30)


async def test_a_rejected_act_that_a_late_entry_makes_valid_gets_two_answers(office: Office) -> None:
    office.start()
    await office.row(entry=office.entry(), rejections=[office.rejected()])
    await office.until_answered(("1", 1, "rejected"))
    await office.row(entry=office.entry() | {"sender": "one-stop", "id": "late"})
    await office.until_answered(("1", 1, "rejected"), ("1", 2, "counted"))
    await office.row(status=5)
    await passed(office)
    assert await office.answered() == [("1", 1, "rejected"), ("1", 2, "counted")]
    (first, _) = await read_all(office.backends.kafka, agency_answers(office.unit))
    assert first.key.decode() == office.code


async def test_what_was_sent_and_not_recorded_is_answered_again_under_the_same_identity(office: Office) -> None:
    await office.row(entry=office.entry())
    with pytest.raises(TimeoutError):
        await office.make(Forgetful(office.client)).run()
    await office.row(entry=office.entry("2"), rejections=[office.rejected()])
    office.start()
    await office.until_answered(("1", 1, "counted"), ("1", 1, "counted"), ("1", 2, "rejected"), ("2", 1, "counted"))


async def test_another_epoch_answers_nothing_twice(office: Office) -> None:
    office.start()
    await office.row(entry=office.entry())
    await office.row(entry=office.entry("2"), rejections=[office.rejected("2")])
    both = [("1", 1, "counted"), ("2", 1, "rejected")]
    await office.until_answered(*both)
    await office.stop()
    rebuilt = Office(office.backends)
    rebuilt.unit, rebuilt.code = office.unit, office.code
    await rebuilt.open()
    try:
        await rebuilt.row(entry=office.entry())
        await rebuilt.row(entry=office.entry("2"), rejections=[office.rejected("2")])
        rebuilt.start()
        await passed(rebuilt)
        assert await office.answered() == both
    finally:
        await rebuilt.close()


async def test_a_disabled_agency_is_told_the_difference_when_it_is_enabled(office: Office) -> None:
    other = office.backends.unique("H1.02")
    await office.add_agency(other, answers=True)
    office.start()
    closing, finding = office.backends.unique("H1-closing"), {"code": "second_end", **office.entry()}
    await office.row(office.step(), entry=office.entry())
    await office.row(office.step(), code=closing)
    await office.until_told("task.assigned", "task.assigned")
    await office.until_answered(("1", 1, "counted"))
    office.disabled = {office.unit}

    async def is_recorded() -> bool:
        return await office.sent.disabled() >= {office.unit}

    await until_async(is_recorded, "the dispatcher to hear of it", 30)
    await office.row(office.step(), entry=office.entry("2"), findings=[finding])
    await office.row(office.step("completed"), code=closing)
    await office.row(entry=office.entry("3", unit=other), code=office.backends.unique("H1-other"))
    await office.until_answered(("3", 1, "counted"), unit=other)
    assert await office.answered() == [("1", 1, "counted")]
    # Intake is away and the dispatcher begins anew: who is disabled is known all the same.
    await office.stop()
    office.disabled = None
    office.start()
    await office.row(entry=office.entry("4", unit=other), code=office.backends.unique("H1-other"))
    await office.until_answered(("3", 1, "counted"), ("4", 1, "counted"), unit=other)
    assert await office.answered() == [("1", 1, "counted")]
    assert len(await office.told()) == 2
    office.disabled = set()
    await office.until_answered(("1", 1, "counted"), ("1", 2, "finding"), ("2", 1, "counted"))
    told = await office.until_told("task.assigned", "task.assigned", "task.closed")
    assert told[-1]["subject"] == closing
    assert len(await office.answered(other)) == 2


async def test_entries_before_the_answers_topic_are_answered_once_it_is_there(office: Office) -> None:
    late = office.backends.unique("H1.03")
    office.start()
    await office.row(entry=office.entry(unit=late))
    await passed(office)
    await office.add_agency(late, answers=True)
    await office.until_answered(("1", 1, "counted"), unit=late)
