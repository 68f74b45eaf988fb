"""A refusal costs what its entry costs and is as short as a person reads, however much is wrong: at every door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from services.intake.admission.admit import LONGEST_ENTRY, admit
from services.intake.admission.parsing import MOST_LEVELS, MOST_NAMES, MOST_VALUES, parse_object
from services.intake.admission.personal import find_personal
from services.intake.agencies import answers as agency_answers
from shared.contract.reference import Route
from shared.problems.field_errors import MOST_ERRORS
from shared.problems.field_errors import MOST_NAMES as MOST_TOLD
from shared.problems.problem import Problem
from shared.reference.kinds.routes import check_route, critical_path, route_steps
from tests.unit.intake.agencies.test_agency_entries import OWN, Desk, Record, desk, good  # noqa: F401 (a fixture)
from tests.unit.intake.parts import NOW, REAL, admitted, body, entry, grant, make_parts
from tests.unit.intake.reference.test_reference_door import REFERENCE

LARGEST = 65_536


def route(steps: list[Any]) -> dict[str, Any]:
    data = {"procedure": "1.0", "version": "1", "steps": steps}
    return entry(type="route.revised", id="r", subject="1.0", data=data)


def names(count: int, member: Any = 1) -> dict[str, Any]:
    return {f"x{number}": member for number in range(count)}


def hostile() -> Iterator[tuple[str, dict[str, Any]]]:
    """Entries of up to 256 KiB with as many faults as fit."""
    known = [f"{number:03}" + "ấ" * 100 for number in range(200)]
    steps = [{"step": name, "role": "r", "after": [f"{number}{place}" for place in range(60)]}
             for number, name in enumerate(known)]  # fmt: skip
    yield "steps that nobody knows", route(steps)
    yield "items that are none", route([1] * 19_000)
    yield "empty items", route([{}] * 15_000)
    yield "unknown members", entry(data=names(20_000))
    yield "unknown members everywhere", route([names(450)] * 30)
    yield (
        "wrong values",
        entry(
            type="procedure.published",
            subject="1.0",
            data={"procedure": "1.0", "version": "1", "levels": ["x"] * 19_000},
        ),
    )
    yield (
        "wrong parameters",
        entry(
            type="rule.activated", subject="d", data={"rule": "deadlines", "version": "1", "parameters": names(490, [])}
        ),
    )
    days = [{"day": "2026-09-02", "working": False} for _ in range(5_000)]
    yield (
        "days twice",
        entry(type="calendar.revised", subject="c", data={"calendar": "c", "version": "1", "days": days, "week": {}}),
    )
    yield "signs nobody sees", route([{"step": "a\u200b", "role": "r\u200b"}] * 5_000)
    yield "long names", route([{"step": "s" * 200, "role": "r", "ấ" * 900: 1, "y" * 900: 2}] * 60)


@pytest.mark.parametrize(("kind", "sent"), [pytest.param(*one, id=one[0]) for one in hostile()])
async def test_no_door_tells_more_than_anybody_reads(kind: str, sent: dict[str, Any]) -> None:
    text = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(text) <= LONGEST_ENTRY, kind
    parts = make_parts()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(parts.app), base_url="http://test") as client:
        alone = await client.post("/v1/entries", content=text, headers=REFERENCE)
        assert alone.status_code in (400, 422)
        assert len(alone.content) <= LARGEST
        assert len(alone.json().get("errors", ())) <= MOST_ERRORS
        many = b"\n".join([text] * 2)
        batch = await client.post("/v1/entries:batch", content=many, headers=REFERENCE)
        assert [one["status"] for one in batch.json()["results"]] == [alone.status_code] * 2
        assert len(batch.content) <= LARGEST
        tried = await client.post("/v1/reference:check", content=many, headers=REFERENCE)
        assert len(orjson.dumps(tried.json()["faults"])) <= LARGEST
        assert {fault["code"] for fault in tried.json()["faults"]} >= {alone.json()["code"]}


def test_how_many_more_faults_there_are_is_told() -> None:
    with pytest.raises(Problem) as refused:
        admit(body(data=names(400)), grant(), REAL, NOW)
    told = refused.value.body("vi")
    # Two members that must be there are among them.
    assert (len(told["errors"]), len(told["errors"]) + told["more"]) == (MOST_ERRORS, 402)


def test_explaining_looks_at_each_fault_once() -> None:
    """Comparing every fault with every other took 15 s for 5,000; now nothing is compared at all."""

    class Counted(dict[str, Any]):  # noqa: PLW1641 (a dict has no hash)
        compared = 0

        def __eq__(self, other: object) -> bool:
            Counted.compared += 1
            return super().__eq__(other)

    class Error:
        def errors(self, **_: object) -> list[dict[str, Any]]:
            return [Counted(type="extra_forbidden", loc=("t", "data", f"x{n}"), input=1, msg="") for n in range(5_000)]

    from services.intake.admission.refusals import explain_refusal

    problem = explain_refusal(Error(), b"{}", {"type": "t"})  # type: ignore[arg-type]
    assert (problem.more, len(problem.errors), Counted.compared) == (4_980, MOST_ERRORS, 0)


def test_names_that_are_allowed_are_the_first_and_a_number() -> None:
    steps = [{"step": f"s{number}", "role": "r"} for number in range(50)]
    route_data = Route.model_validate(
        {"procedure": "1", "version": "1", "steps": [*steps, {"step": "x", "role": "r", "after": ["y"]}]}
    )
    (fault,) = check_route(route_data)
    expected = str(fault.parameters["expected"])
    assert expected.count(",") == MOST_TOLD
    assert expected.endswith("s19, … (+31)")


def test_a_long_route_is_checked_and_its_path_found_without_copies() -> None:
    chain = [{"step": f"s{number}", "role": "r", "budget": 1} for number in range(5_000)]
    good_route = Route.model_validate({"procedure": "1", "version": "1", "steps": chain})
    assert check_route(good_route) == []
    minutes, path = critical_path(route_steps(good_route.steps))
    assert (minutes, len(path), path[0], path[-1]) == (5_000, 5_000, "s0", "s4999")
    chain[0]["after"] = ["s4999"]
    (fault,) = check_route(Route.model_validate({"procedure": "1", "version": "1", "steps": chain}))
    assert fault.code == "route_cycle"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"a":' + b"[" * MOST_LEVELS + b"]" * MOST_LEVELS + b"}", "too_deep"),
        (json.dumps(names(MOST_NAMES + 1)).encode(), "too_many_members"),
        (json.dumps({"data": [names(MOST_NAMES + 1)]}).encode(), "too_many_members"),
        (json.dumps({"data": [1] * MOST_VALUES}).encode(), "too_many_values"),
    ],
)
def test_the_parser_takes_what_entries_have_and_no_more(text: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_object(text)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_the_parser_takes_what_stands_at_its_limits() -> None:
    inner = MOST_LEVELS - 1
    parse_object(b'{"a":' + b"[" * inner + b"]" * inner + b"}")
    parse_object(json.dumps(names(MOST_NAMES)).encode())
    parse_object(json.dumps({"data": [1] * (MOST_VALUES - 1)}).encode())


def test_a_long_entry_that_is_good_is_admitted() -> None:
    days = [{"day": f"{2026 + n // 300}-{n % 12 + 1:02}-{n % 25 + 1:02}", "working": False} for n in range(600)]
    days = list({day["day"]: day for day in days}.values())
    hours = ["08:00-12:00"]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)
    calendar = {"calendar": "c", "version": "1", "week": week, "days": days * 1}
    (taken,) = admitted(entry(type="calendar.revised", subject="c", data=calendar))
    assert taken.type == "calendar.revised"


def test_personal_names_are_found_however_deep_they_are() -> None:
    deep: Any = {"hoTen": 1}
    for _ in range(5_000):
        deep = [deep]
    (path,) = find_personal({"data": deep})
    assert path.startswith("data[0]")
    assert len(path) == 200


async def test_what_cannot_be_answered_or_laid_aside_holds_nothing_else(
    desk: Desk,  # noqa: F811 (the fixture)
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(record: Any, *_: Any, **__: Any) -> Any:
        if record.offset == 2:
            raise RecursionError
        return agency_answers.refused(record, *_, **__)

    monkeypatch.setattr("services.intake.agencies.entries.refused", broken)
    monkeypatch.setattr("services.intake.agencies.answers._may_be_personal", _recursion)
    await desk.take(good(1), Record(2, b"{"), Record(3, b"["), good(4))
    assert [letter.offset for letter in desk.voice.letters] == [2, 3]
    assert all(letter.value is None for letter in desk.voice.letters)
    assert [answer["data"]["outbox_offset"] for answer in desk.voice.answers] == [1, 3, 4]
    assert len(desk.parts.journal.entries) == 2


def _recursion(*_: Any) -> bool:
    raise RecursionError


async def test_an_entry_that_nobody_can_judge_is_a_dead_letter_and_the_others_are_written(
    desk: Desk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = desk.parts.journal._write

    def write(one: Any) -> Any:
        if one.id == "2/accepted":
            raise ZeroDivisionError
        return real(one)

    monkeypatch.setattr(desk.parts.journal, "_write", write)
    await desk.take(good(1), good(2), good(3))
    assert [(letter.offset, letter.reason) for letter in desk.voice.letters] == [(2, "internal")]
    assert [answer["data"]["outbox_offset"] for answer in desk.voice.answers] == [1, 2, 3]
    assert {one["id"] for one in desk.parts.journal.entries} >= {"1/accepted", "3/accepted"}


@pytest.mark.parametrize("away", [TimeoutError(), ConnectionError(), Problem(503, "broker_away")])
async def test_what_is_away_makes_no_dead_letter(desk: Desk, monkeypatch: pytest.MonkeyPatch, away: Exception) -> None:  # noqa: F811
    async def write(_: Any) -> Any:
        raise away

    monkeypatch.setattr(type(desk.parts.journal), "write_many", lambda _self, entries: write(entries))
    with pytest.raises(type(away)):
        await desk.take(good(1), good(2))
    assert desk.voice.letters == []


async def test_a_message_with_more_members_than_any_entry_is_a_dead_letter(desk: Desk) -> None:  # noqa: F811
    await desk.take(Record(1, json.dumps(entry(**OWN) | names(20_000)).encode()), good(2))
    assert [letter.reason for letter in desk.voice.letters] == ["too_many_values"]
    assert [answer["type"] for answer in desk.voice.answers] == ["answer.refused", "answer.accepted"]
