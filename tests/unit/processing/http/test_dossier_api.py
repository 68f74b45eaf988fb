"""The routing slip and the draft of an apology over HTTP: what they hold, and why there is no draft."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest
import pytest_asyncio

from services.processing.app import make_app
from services.processing.engine import CaseState, Reference, apply_entry, facts
from services.processing.explaining import apology_draft
from services.processing.http.apologies import why_no_draft
from services.processing.http.slips import SlipAnswer, make_slip
from services.processing.record import read_entry
from services.processing.settings import ProcessingSettings
from services.processing.states.layers import HeldState
from shared.instants import HOUR, MINUTE, parse_instant
from tests.keyring import ANYBODY, hold_keys
from tests.unit.processing.stream.build import REFERENCE, accepted

CODE = "000.00.01.H29-260302-0001/A"
ROUTE = [
    {"step": "receive", "unit": "H29.1", "budget": 60},
    {"step": "appraise", "unit": "H29.2", "budget": 120},
    {"step": "sign", "unit": "H29.3", "budget": 60},
]
RECEIPT = accepted(CODE, data={"channel": "online", "unit": "H29.1", "promised_due": "2026-03-03", "route": ROUTE})


def later(id_: str, type_: str, time: str, **data: Any) -> dict[str, Any]:
    return accepted(CODE, id_, type=type_, time=f"2026-03-{time}+07:00", data=data)


RECEIVED = later("b", "step.completed", "02T10:00:00", step="receive", unit="H29.1")
APPRAISED = later("c", "step.completed", "04T10:30:30", step="appraise", unit="H29.2")
SIGNED = later("d", "step.completed", "04T11:00:00", step="sign", unit="H29.3")
RESOLVED = later("e", "dossier.resolved", "04T11:00:00")
ASKED = later("f", "dossier.supplement_requested", "03T08:00:00")
APOLOGISED = later("g", "dossier.apologised", "03T09:00:00")


def clock(text: str) -> int:
    return parse_instant(f"2026-03-{text}+07:00")


def state_of(*entries: dict[str, Any]) -> CaseState:
    state: CaseState | None = None
    for offset, entry in enumerate(entries):
        state = apply_entry(state, read_entry(orjson.dumps(entry), offset), None, REFERENCE).state
    assert state is not None
    return state


def slip_of(*entries: dict[str, Any], at: str | None) -> SlipAnswer:
    known = facts(CODE, state_of(*entries).entries, REFERENCE)
    return make_slip(known, REFERENCE, None if at is None else clock(at))


class Office:
    """A replica that knows one dossier and a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = make_app(ProcessingSettings())
        self.keys = hold_keys(self.app)
        self.state = state_of(RECEIPT, RECEIVED)
        self.clock: int | None = None
        monkeypatch.setattr(self.app.state.service, "find", self._find)
        monkeypatch.setattr(self.app.state.service, "judged_by", self._judged_by)

    async def _find(self, code: str) -> HeldState | None:
        return HeldState(self.state, 900, stored=True) if code == CODE else None

    async def _judged_by(self, _held: HeldState) -> tuple[Reference, int | None]:
        return REFERENCE, self.clock


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


@pytest_asyncio.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    transport, headers = httpx.ASGITransport(office.app), ANYBODY | {"Accept-Language": "en"}
    async with httpx.AsyncClient(transport=transport, base_url="http://processing", headers=headers) as made:
        yield made


@pytest.mark.parametrize("code", [CODE, quote(CODE, safe="")])
async def test_the_slip_is_told_for_codes_with_slashes(office: Office, client: httpx.AsyncClient, code: str) -> None:
    office.clock = clock("02T11:00:00")
    told = (await client.get(f"/v1/dossiers/{code}/slip")).json()
    assert told == make_slip(facts(CODE, office.state.entries, REFERENCE), REFERENCE, office.clock).model_dump()
    assert [(line["step"], line["state"]) for line in told["lines"]] == [
        ("receive", "ended"),
        ("appraise", "under_way"),
        ("sign", "not_begun"),
    ]
    assert (await client.get(f"/v1/dossiers/{code}")).json()["row"]["code"] == CODE
    assert (await client.get(f"/v1/dossiers/{code}/apology")).json()["code"] == "apology_not_yet"
    for missing in ("other/slip", "other/apology", "slip"):
        answer = await client.get(f"/v1/dossiers/{missing}")
        assert (answer.status_code, answer.json()["code"]) == (404, "dossier_not_known")


def test_a_line_tells_both_forms_of_an_instant_and_working_time_against_the_budget() -> None:
    told = slip_of(RECEIPT, RECEIVED, at="02T10:30:30")
    receive, appraise, sign = told.lines
    assert (receive.begun_at, receive.begun_at_local) == ("2026-03-02T01:00:00.000000Z", "2026-03-02T08:00:00+07:00")
    assert (receive.ended_at_local, receive.outcome) == ("2026-03-02T10:00:00+07:00", "completed")
    assert (receive.used_us, receive.used_minutes, receive.over_minutes, receive.left_us) == (2 * HOUR, 120, 60, 0)
    assert (appraise.used_us, appraise.used_minutes, appraise.left_minutes) == (61 * MINUTE // 2, 30, 89)
    assert (appraise.ended_at, appraise.due_local) == (None, "2026-03-02T13:30:00+07:00")
    assert (sign.begun_at, sign.begun_at_local, sign.used_us, sign.used_minutes, sign.budget) == (None,) * 4 + (60,)
    assert (told.holders, told.blame, told.as_of_local) == (["H29.2"], [], "2026-03-02T10:30:30+07:00")
    total = told.total
    assert (total.handled_minutes, total.held_minutes, total.over_minutes, total.budget) == (150, 150, 60, 180)


def test_the_delay_is_whose_steps_took_too_long_and_adds_up_also_while_it_is_open() -> None:
    at_end = slip_of(RECEIPT, RECEIVED, APPRAISED, SIGNED, RESOLVED, at="09T00:00:00")
    open_ = slip_of(RECEIPT, RECEIVED, APPRAISED, SIGNED, at="04T11:00:00")
    assert at_end.as_of_local == "2026-03-04T11:00:00+07:00"
    assert {part.unit for part in at_end.blame} == {"H29.1", "H29.2"}
    assert open_.blame == at_end.blame
    for told in (at_end, open_):
        assert sum(part.delay_us for part in told.blame) == told.total.delay_us == 7 * HOUR // 2
    assert (at_end.holders, open_.holders) == ([], ["H29.1"])
    assert slip_of(RECEIPT, at="05T00:00:00").blame[0].unit == "H29.1"


def test_while_the_clock_is_stopped_nobody_holds_it_and_nothing_is_late() -> None:
    told = slip_of(RECEIPT, RECEIVED, ASKED, at="06T08:00:00")
    assert (told.waiting, told.holders, told.blame, told.total.delay_us) == (True, [], [], 0)
    assert told.lines[1].pauses == [("2026-03-03T01:00:00.000000Z", None)]
    assert told.lines[1].used_us == slip_of(RECEIPT, RECEIVED, at="03T08:00:00").lines[1].used_us


def test_without_a_clock_it_is_as_of_the_last_entry_and_without_acceptance_it_has_no_lines() -> None:
    assert slip_of(RECEIPT, RECEIVED, at=None).as_of_local == "2026-03-02T10:00:00+07:00"
    handed_in = later("s", "dossier.submitted", "02T08:00:00", channel="online", unit="H29.1")
    told = slip_of(handed_in, at="03T08:00:00")
    assert (told.lines, told.accepted_at, told.as_of, told.total.handled_us) == ([], None, None, None)


@pytest.mark.parametrize(
    ("entries", "at", "code"),
    [
        ([RECEIPT], "02T16:59:59", "apology_not_yet"),
        ([RECEIPT], None, "apology_before_clock"),
        ([RECEIPT, ASKED], "06T00:00:00", "apology_while_stopped"),
        ([RECEIPT, APOLOGISED], "06T00:00:00", "apology_sent"),
        ([RECEIPT, RESOLVED], "06T00:00:00", "apology_dossier_ended"),
        ([accepted(CODE, data={"channel": "online", "unit": "H29.1"})], "06T00:00:00", "apology_without_due"),
        ([RECEIPT], "02T17:00:00", None),
        ([RECEIPT, RECEIVED], "06T00:00:00", None),
    ],
)
async def test_there_is_a_draft_or_a_reason_for_none(
    office: Office, client: httpx.AsyncClient, entries: list[dict[str, Any]], at: str | None, code: str | None
) -> None:
    office.state, office.clock = state_of(*entries), None if at is None else clock(at)
    answer = await client.get(f"/v1/dossiers/{CODE}/apology")
    told = answer.json()
    if code is None:
        draft = apology_draft(facts(CODE, office.state.entries, REFERENCE), office.clock)
        assert draft is not None
        assert (answer.status_code, told) == (200, draft.model_dump())
    else:
        assert (answer.status_code, told["code"], told["value"]) == (404, code, CODE)
        assert "{" not in told["detail"] + told["remedy"]


def test_the_reason_names_the_instant_from_which_there_is_a_draft() -> None:
    known = facts(CODE, state_of(RECEIPT).entries, REFERENCE)
    why = why_no_draft(known, clock("02T08:00:00"), REFERENCE.zone)
    assert why.words["since"] == "2026-03-02T17:00:00+07:00"
    assert apology_draft(known, parse_instant(why.words["since"])) is not None
    assert apology_draft(known, parse_instant(why.words["since"]) - 1) is None
