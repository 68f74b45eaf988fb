"""A province plays a month with a key for each; then each tries to act on the others' dossiers, and nothing moves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle.compare import compare, compare_rows
from tests.oracle.expected import expected
from tests.oracle.figures import Period
from tests.oracle.rows import form_of
from tests.province.attempts import JUDGED, UNJUDGED, Attempt, attempts, stolen
from tests.province.doors import Doors
from tests.province.month import ACTORS, COUNTER, GATEWAY, KINDS, MERGED, Kind, month, petition_of, registered
from tests.stack import StackFactory
from tests.suite import Suite
from tests.waiting import until

pytestmark = pytest.mark.timeout(420)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OCTOBER = Period(date(2025, 10, 1), date(2025, 10, 31), ZONE)
#: The province whose agencies have a key each, and the one of which one key sends all.
OWN, ONE_KEY = "H44", "H45"
CENTRAL = "central-of-all"
PAID_AT = datetime(2025, 10, 15, 8, tzinfo=ZONE)
Data = dict[str, Any]


def trials() -> list[tuple[Kind, str, str]]:
    """Every dossier of every kind with who will try to act on it: one dossier for each that is not a party to it."""
    found = []
    for kind in KINDS:
        strangers = [by for by in ACTORS if by not in ("", kind.unit, *kind.others)]
        for number, by in enumerate(strangers if kind.unit else ACTORS[1:], 1):
            found.append((kind, f"{OWN}{kind.unit}-251006-{number:04}", by))
    return found


TRIALS = trials()


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    factory = StackFactory(tmp_path_factory.mktemp("province"))
    try:
        settings = {"MOTCUA_DISPATCH_SECONDS": "0.5", "MOTCUA_RATE_ENTRIES": "0", "MOTCUA_RATE_BYTES": "0"}
        made = Doors(Suite(factory("data", settings=settings, partitions=2)))
        units = [entry for province in (OWN, ONE_KEY) for entry in registered(province)]
        taken = made.suite.post("/v1/entries:batch", "\n".join(map(json.dumps, units)).encode())
        assert taken.json()["accepted"] == len(units), taken.text
        accepting = [OWN + one for one in (COUNTER, ".01", ".02")]
        made.add_agencies({OWN + unit: accepting if unit == COUNTER else [] for unit in ACTORS})
        made.add_sender(GATEWAY, [f"{GATEWAY}/{OWN}"], [])
        made.add_sender(CENTRAL, ["*"], ["*"])
        yield made
    finally:
        factory.stop_all()


def tick(doors: Doors, day: str) -> None:
    """The clock of the month's end: nothing of the province comes after it."""
    said = {"type": "clock.ticked", "source": "clock", "id": day, "subject": "clock", "data": {}}
    entry = {"specversion": "1.0", **said, "time": f"2025-{day}T00:00:00+07:00"}
    assert doors.suite.post("/v1/entries:batch", json.dumps(entry).encode()).json()["accepted"] == 1
    doors.suite.wait_counted()


def rows(doors: Doors, province: str) -> dict[str, Data]:
    """The facts of all dossiers and petitions by the keys of their records, in the oracle's form."""
    codes = [code.replace(OWN, province) for _, code, _ in TRIALS]
    told = {code: doors.suite.get("processing", f"/v1/dossiers/{code}").json()["row"] for code in codes}
    for code in [petition_of(code, petition) for code in codes for petition in "PQ"]:
        told[f"petition:{code}"] = doors.suite.get("processing", f"/v1/petitions/{code}").json()["row"]
    return {key: form_of(key, row) for key, row in told.items()}


def figures(doors: Doors, province: str) -> dict[str, Any]:
    """Index, steps and blame of the month for a province and all its units."""
    asked = {"from": "2025-10-01", "to": "2025-10-31", "unit": province}
    found: dict[str, Any] = {"index": doors.suite.indices("2025-10-01", "2025-10-31", unit=province, children="true")}
    for path, more in (("steps", {"by": "unit-step"}), ("blame", {})):
        answer = doors.suite.get("metrics", f"/v1/{path}", **asked, **more)
        assert answer.status_code == 200, answer.text
        found[path] = {name: part for name, part in answer.json().items() if isinstance(part, list | int)}
    return found


def facts(found: dict[str, Data]) -> dict[str, Data]:
    """Rows without what is told about entries that have no effect, and how many entries there are.

    And without the petitions that somebody else receives first: whoever does has them.
    """
    told = {"findings", "rejections", "entries"}
    return {
        key: {name: part for name, part in row.items() if name not in told}
        for key, row in found.items()
        if not key.startswith("petition:Q/")
    }


@pytest.fixture(scope="module")
def before(doors: Doors) -> tuple[dict[str, Data], dict[str, Any]]:
    """Rows and figures after the month: each sent its own, every other entry by its outbox."""
    by_http: dict[str, list[Data]] = {}
    by_topic = []
    for kind, code, _ in TRIALS:
        for number, (by, entry) in enumerate(month(OWN, kind, code)):
            if number % 2 and by != GATEWAY:
                by_topic.append((OWN + by, entry))
            else:
                by_http.setdefault(by if by == GATEWAY else OWN + by, []).append(entry)
    doors.put(by_topic)
    for name, entries in by_http.items():
        assert {result["status"] for result in doors.send(name, entries)} == {202}
    for kind, code, _ in TRIALS:
        one_key = [entry for _, entry in month(ONE_KEY, kind, code.replace(OWN, ONE_KEY))]
        assert {result["status"] for result in doors.send(CENTRAL, one_key)} == {202}
    sent = len(by_topic)
    until(
        lambda: sum(one["type"] == "answer.accepted" for _, one in doors.answers()) >= sent, "the outboxes to be read"
    )
    tick(doors, "11-01")
    return rows(doors, OWN), figures(doors, OWN)


def test_the_month_is_as_with_one_central_key(doors: Doors, before: tuple[dict[str, Data], dict[str, Any]]) -> None:
    own, counted = before
    assert len(own) == 3 * len(TRIALS) > 90
    assert [row["findings"] for row in own.values() if row["findings"]] == []
    assert [row["rejections"] for row in own.values() if row["rejections"]] == []
    assert {row["finish"] for row in own.values() if "finish" in row} == {"resolved", "withdrawn", None}
    ends = [(key.split("/")[0], row["end"]) for key, row in own.items() if key.startswith("petition:")]
    assert set(ends) == {("petition:P", "answered"), ("petition:Q", None)}
    central = rows(doors, ONE_KEY)
    assert json.loads(json.dumps(central, default=str).replace(ONE_KEY, OWN)) == json.loads(
        json.dumps(own, default=str)
    )
    assert json.loads(json.dumps(figures(doors, ONE_KEY)).replace(ONE_KEY, OWN)) == counted
    assert counted["index"][0]["received"] == len(TRIALS)
    assert counted["steps"]["groups"]


def test_what_each_tries_on_the_dossiers_of_the_others_moves_nothing_and_is_told(
    doors: Doors, before: tuple[dict[str, Data], dict[str, Any]], tmp_path: Path
) -> None:
    tried = [
        (by, attempt) for turn, (kind, code, by) in enumerate(TRIALS) for attempt in attempts(OWN, kind, code, by, turn)
    ]
    assert {attempt.entry["type"] for _, attempt in tried} == set(JUDGED)
    assert len(JUDGED) == 25
    # In the month itself one was not entitled for a moment, where a hand-over came before its acceptance.
    known = {source: refusals(doors, source) for source in (f"agency/{OWN}{unit}" for unit in ACTORS)}
    hand_in(doors, [(by, attempt.entry, attempt.topic) for by, attempt in tried])
    hear(doors, [(by, attempt) for by, attempt in tried])
    unmoved(doors, before)
    # Counted by source: each attempt, and the owner's petition that somebody received before for whom it may not act.
    for unit in ACTORS:
        source = f"agency/{OWN}{unit}"
        own = sum(by == unit and attempt.told == "not_entitled" for by, attempt in tried)
        lost = sum(kind.unit == unit != "" and (by, unit) != (MERGED, ".103") for kind, _, by in TRIALS)
        assert refusals(doors, source) - known[source] == own + lost, source
    # Half of the types are corrected, half withdrawn; what is corrected is as rejected as before.
    again = [(by, attempt) for by, attempt in tried if attempt.later is not None]
    hand_in(doors, [(by, attempt.later, attempt.topic) for by, attempt in again if attempt.later is not None])
    unmoved(doors, before)
    found = rows(doors, OWN)
    rejected = {(act[1], act[2]) for row in found.values() for act in row["rejections"]}
    for _, attempt in again:
        withdrawn = attempt.later is not None and attempt.later["data"] is None
        if attempt.told == "not_entitled":
            assert ((attempt.entry["source"], attempt.entry["id"]) in rejected) != withdrawn, attempt
    lines = doors.suite.export(tmp_path / "journal.ndjson")
    told = expected(lines, ZONE, doors.suite.partitions)
    assert compare_rows(found | rows(doors, ONE_KEY), told.rows()) == []
    indices = doors.suite.indices("2025-10-01", "2025-10-31", unit=OWN, children="true")
    named = [{name: part for name, part in index.items() if name != "unit_name"} for index in indices]
    assert compare(named, told.indices(OCTOBER, unit=OWN, children=True)) == []


def refusals(doors: Doors, source: str) -> float:
    """How many entries of a source became without effect so far."""
    return doors.suite.metric("processing", "motcua_processing_not_entitled_total", [f'source="{source}"'])


def hand_in(doors: Doors, entries: list[tuple[str, Data, bool]]) -> None:
    """Send each by the door told, and wait until all are counted; none of them is refused at the door."""
    journal = sum(doors.suite._ends(doors.suite.journal).values())
    doors.put((OWN + by, entry) for by, entry, topic in entries if topic)
    for unit in ACTORS:
        own = [entry for by, entry, topic in entries if by == unit and not topic]
        if own:
            assert {result["status"] for result in doors.send(OWN + unit, own)} == {202}
    ends = journal + len(entries)
    until(lambda: sum(doors.suite._ends(doors.suite.journal).values()) >= ends, "the outboxes to be read", 90)
    doors.suite.wait_counted()


def hear(doors: Doors, tried: list[tuple[str, Attempt]]) -> None:
    """Each sender is told by the newest answer about each entry what has no effect, by whichever door it came."""
    wanted = {(OWN + by, attempt.entry["source"], attempt.entry["id"]): attempt.told for by, attempt in tried}

    def told() -> bool:
        newest: dict[tuple[str, str, str], Data] = {}
        for unit, answer in doors.answers():
            data = answer["data"]
            if answer["type"] == "answer.judged":
                newest[unit, data["source"], data["id"]] = data
        missing = [one for one, code in wanted.items() if code not in heard(newest.get(one))]
        if missing:
            raise LookupError(
                f"{len(missing)} of {len(wanted)} not told, such as {missing[0]}: {newest.get(missing[0])}"
            )
        return True

    until(told, "an answer to each attempt", 90)


def heard(data: Data | None) -> list[str]:
    """The codes by which an answer tells that an entry is odd."""
    if data is None:
        return []
    return [*data["findings"], *([data["rejection"]["code"]] if data["fate"] == "rejected" else [])]


def unmoved(doors: Doors, before: tuple[dict[str, Data], dict[str, Any]]) -> None:
    """No figure and no fact is another than before."""
    own, counted = before
    assert compare_rows(facts(rows(doors, OWN)), facts(own)) == []
    assert figures(doors, OWN) == counted


def test_the_doors_refuse_anothers_name_and_units_with_a_reason(
    doors: Doors, before: tuple[dict[str, Data], dict[str, Any]]
) -> None:
    tried = []
    for kind, code, by in TRIALS:
        own = next(entry for sender, entry in month(OWN, kind, code) if sender == kind.unit)
        tried += [(OWN + by, refusal, entry) for refusal, entry in stolen(own, OWN, by, kind.unit)]
    for unit in doors.agencies:
        mine = [(refusal, entry) for by, refusal, entry in tried if by == unit]
        if mine:
            results = doors.send(unit, [entry for _, entry in mine])
            told = [(one["status"], one["problem"]["code"]) for one in results]
            assert told == [(403, refusal) for refusal, _ in mine]
            assert all(one["problem"]["detail"] and one["problem"]["remedy"] for one in results)
    places = doors.put((by, entry) for by, _, entry in tried)
    wanted = {place: refusal for place, (_, refusal, _) in zip(places, tried, strict=True)}

    def refused() -> bool:
        told = [(unit, one["data"]) for unit, one in doors.answers() if one["type"] == "answer.refused"]
        found = {(unit, data["outbox_offset"]): data["code"] for unit, data in told if data["remedy_vi"]}
        return wanted.items() <= found.items()

    until(refused, "a refusal of each", 60)
    unmoved(doors, before)


def test_what_tells_of_surroundings_needs_only_a_source_of_its_key(
    doors: Doors, before: tuple[dict[str, Data], dict[str, Any]]
) -> None:
    """A key without units may tell of any dossier's payment, but says nothing that is judged."""
    code = TRIALS[0][1]
    more: dict[str, Data] = {
        "dossier.fee_paid": {"channel": "national"},
        "quality.components_recorded": {"total": 1},
        "quality.identity_verified": {"by": "vneid"},
        "quality.rated": {"verdict": "like"},
        "portal.rejected": {"error_code": "E"},
        "portal.snapshot": {"status": 4},
    }
    said = {"specversion": "1.0", "subject": code, "time": "2025-10-15T08:00:00+07:00"}
    entries = [{**said, "type": type_, "id": f"g/{type_}", "data": more.get(type_, {})} for type_ in UNJUDGED]
    assert len(entries) == 9
    judged = {**said, "type": "dossier.stopped", "id": "g/judged", "data": {}, "source": f"{GATEWAY}/{OWN}"}
    foreign = doors.send(GATEWAY, [{**entry, "source": "agency/H44.01"} for entry in entries])
    assert {(one["status"], one["problem"]["code"]) for one in foreign} == {(403, "source_not_granted")}
    own = doors.send(GATEWAY, [*({**entry, "source": f"{GATEWAY}/{OWN}"} for entry in entries), judged])
    assert {one["status"] for one in own} == {202}
    doors.suite.wait_counted()
    unjudged = doors.suite.metric("intake", "motcua_intake_unjudged_total", [f'source="{GATEWAY}/{OWN}"'])
    # Two of each such dossier of the month, and these.
    assert unjudged == 2 * sum(kind.unit == ".102" for kind, _, _ in TRIALS) + len(entries)
    row = rows(doors, OWN)[code]
    told = [(finding, id_) for finding, source, id_ in row["findings"] if source == f"{GATEWAY}/{OWN}"]
    assert told == [("not_entitled", "g/judged")]
    # What it told of the payment is known of the dossier now, and nothing else.
    paid = {"fee_duty": PAID_AT, "paid_online": PAID_AT, "gateway": "national"}
    assert {name: row[name] for name in paid} == paid
    month_before, counted = before
    unmoved(doors, ({**month_before, code: month_before[code] | paid}, counted))
