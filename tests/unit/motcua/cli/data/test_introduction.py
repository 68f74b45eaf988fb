"""What the simulated province makes known fits what it then plays: few findings, few rejections, and some of each."""

from __future__ import annotations

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import orjson
from pydantic import ValidationError

from services.processing.engine import Reference, facts
from services.processing.facts import Facts
from services.processing.record import EntryRecord, read_entry
from shared.calendar import vn_public
from shared.contract.entries import ENTRY_ADAPTER
from shared.instants import DAY, local_midnight, parse_instant
from shared.reference import EMPTY, ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry
from simulator.office.express import slot_plans
from simulator.office.introduction import introduction
from simulator.office.office import PublicOffice
from simulator.office.player import Player, Score
from simulator.office.province import PROCEDURES, PROVINCE, UNITS
from simulator.office.steps import steps_of, term_minutes

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = PublicOffice(vn_public(ZONE))
FIRST = date(2026, 8, 17)
BEGIN = local_midnight(FIRST, ZONE)


def known() -> ReferenceSet:
    return EMPTY.with_entries(ReferenceEntry.of(orjson.dumps(entry)) for entry in introduction(FIRST, ZONE))


def all_facts(sent: list[dict[str, object]]) -> list[Facts]:
    """What the engine makes of entries, those of which intake refuses left out."""
    reference = Reference(vn_public(ZONE), ZONE, known=known())
    dossiers: dict[str, dict[tuple[str, str, int, str], EntryRecord]] = {}
    for number, entry in enumerate(sent):
        try:
            ENTRY_ADAPTER.validate_python(entry)
        except ValidationError:
            continue
        read = read_entry(orjson.dumps(entry), number)
        dossiers.setdefault(read.subject, {})[read.source, read.id, read.revision, read.hash] = read
    return [
        facts(code, tuple(sorted(entries.values(), key=lambda one: (one.key, one.revision, one.hash))), reference)
        for code, entries in dossiers.items()
    ]


def test_every_entry_is_fit_in_the_order_of_sending_which_an_import_by_time_keeps() -> None:
    before = EMPTY
    entries = introduction(FIRST, ZONE)
    assert sorted(entries, key=lambda entry: parse_instant(entry["time"])) == entries
    of_an_instant = [len({one["type"] for one in entries if one["time"] == entry["time"]}) for entry in entries]
    assert set(of_an_instant) == {1}, "entries of one instant are sorted by their types"
    for entry in entries:
        body = orjson.dumps(entry)
        read = ENTRY_ADAPTER.validate_json(body, strict=True)
        assert check_entry(read.type, read.data, before) == [], entry
        before = before.with_entry(ReferenceEntry.of(body))
        assert entry["simulated"] is True
        assert parse_instant(entry["time"]) < BEGIN
    assert before.version == known().version


def test_units_procedures_and_routes_are_all_there() -> None:
    types = Counter(entry["type"] for entry in introduction(FIRST, ZONE))
    assert types == {"unit.revised": 37, "procedure.published": 120, "route.revised": 60}
    assert known().units(None).codes == tuple(sorted(unit.code for unit in UNITS))
    assert all(known().units(None).parent_of(unit.code) == PROVINCE for unit in UNITS[1:])


def test_the_same_province_makes_the_same_known() -> None:
    assert introduction(FIRST, ZONE) == introduction(FIRST, ZONE)
    identities = [(entry["source"], entry["id"]) for entry in introduction(FIRST, ZONE)]
    assert len(identities) == len(set(identities))
    another = introduction(date(2026, 1, 5), ZONE)
    assert [(entry["source"], entry["id"]) for entry in another] == identities


def test_budgets_fit_the_term() -> None:
    for procedure in PROCEDURES:
        budgets = [step.budget for step in steps_of(procedure)]
        assert 0 <= term_minutes(procedure) - sum(budgets) < len(budgets)
        assert abs(sum(step.part for step in steps_of(procedure)) - 1) < 1e-9


def test_a_province_plays_by_what_it_made_known() -> None:
    player = Player(Score(1, 60, FIRST), OFFICE, ZONE, BEGIN)
    dossiers = [one for one in all_facts([entry for _, entry in player.until(BEGIN + 40 * DAY)]) if one.accepted_at]
    assert all(one.routing.route_version == "sim-1" and one.dues.committed is not None for one in dossiers)
    codes = Counter(code for one in dossiers for code in {code for code, _, _ in one.findings})
    for code, most in (("promised_differs", 0.02), ("promised_later_than_law", 0.01), ("step_out_of_order", 0.02)):
        assert 0 < codes[code] < most * len(dossiers), (code, codes)
    assert not set(codes) & {"step_not_in_route", "step_done_twice"}

    steps = [step for one in dossiers for step in one.routing.steps]
    assert all(step.planned for step in steps)
    ended = Counter(step.outcome for step in steps)
    assert ended["handed_over"] > 0.005 * len(steps), "who takes a dossier over goes on with its step"
    rejected = sum(len(one.rejections) for one in dossiers)
    assert 0 < rejected < 0.01 * len(steps)

    late = [one for one in dossiers if one.blame]
    told = [one for one in late if one.apologised_at is not None and one.due and one.apologised_at <= one.due]
    assert 0.2 * len(late) < len(told) < 0.8 * len(late), "most say beforehand that they will be late"


def test_live_dossiers_have_neither_term_nor_route() -> None:
    slot = BEGIN // (10 * 1_000_000)
    sent = [
        planned.entry for more in range(40) for plan in slot_plans(1, slot + more, ZONE) for planned in plan.entries
    ]
    dossiers = [one for one in all_facts(sent) if one.accepted_at]
    assert len(dossiers) > 150
    assert all(one.dues.basis == "promised" and one.dues.committed is None for one in dossiers)
    codes = Counter(code for one in dossiers for code, _, _ in one.findings)
    assert not set(codes) & {"promised_differs", "promised_later_than_law", "step_out_of_order"}, codes
