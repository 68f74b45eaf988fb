"""What the simulated province makes known fits what it then plays: few findings, few rejections, and some of each."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from pydantic import ValidationError

from services.processing.engine import Reference, facts
from services.processing.facts import Facts
from services.processing.record import EntryRecord, read_entry
from shared.calendar import vn_public
from shared.contract.entries import ENTRY_ADAPTER, REFERENCE_TYPES
from shared.instants import DAY, local_midnight, parse_instant
from shared.reference import EMPTY, ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry
from simulator.playing import Player, new_state
from simulator.simulation import Simulation
from simulator.world.catalogue import SERVICES, VERSION
from simulator.world.introducing import introducing
from simulator.world.province import PROVINCE, term_minutes

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = date(2026, 8, 17)
BEGIN = local_midnight(FIRST, ZONE)


SCORE = new_state(1, 60, FIRST, ZONE).score
WORLD = Simulation(SCORE, vn_public(ZONE)).world


def introduction() -> list[dict[str, Any]]:
    return introducing(WORLD, ZONE)


def known() -> ReferenceSet:
    return EMPTY.with_entries(ReferenceEntry.of(orjson.dumps(entry)) for entry in introduction())


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
    entries = introduction()
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
    types = Counter(entry["type"] for entry in introduction())
    with_others = sum(one.own_route for one in WORLD.services())
    assert with_others > 0
    assert types == {"unit.revised": 37, "procedure.published": 60, "route.revised": 60 - with_others}
    assert known().units(None).codes == tuple(sorted([PROVINCE, *WORLD.places]))
    assert all(known().units(None).parent_of(code) == PROVINCE for code in WORLD.places)


def test_the_same_province_makes_the_same_known() -> None:
    assert introduction() == introduction()
    identities = [(entry["source"], entry["id"]) for entry in introduction()]
    assert len(identities) == len(set(identities))
    later = Simulation(new_state(1, 60, date(2026, 1, 5), ZONE).score, vn_public(ZONE)).world
    assert introducing(later, ZONE) == introduction()


def test_budgets_fit_the_term() -> None:
    for service in SERVICES:
        budgets = [task.budget for task in service.tasks]
        assert 0 <= term_minutes(service.procedure) - sum(budgets) < len(budgets)
        assert abs(sum(task.part for task in service.tasks) - 1) < 1e-9


def test_a_province_plays_by_what_it_made_known() -> None:
    sent = [one for one in Player(SCORE, ZONE, BEGIN).until(BEGIN + 40 * DAY) if one["type"] not in REFERENCE_TYPES]
    dossiers = [one for one in all_facts(sent) if one.accepted_at]
    assert len(dossiers) > 1_000
    routed = {service.code for service in SERVICES if not service.own_route}
    assert all(one.routing.route_version == VERSION for one in dossiers if one.procedure in routed)
    assert not all(one.procedure in routed for one in dossiers), "some bring a route of their own"
    promised = sum(one.dues.committed is not None for one in dossiers)
    assert promised > 0.7 * len(dossiers), "few procedures promise nothing"
    codes = Counter(code for one in dossiers for code in {code for code, _, _ in one.findings})
    assert 0 < codes["step_out_of_order"] < 0.1 * len(dossiers), codes
    assert "step_not_in_route" not in codes

    steps = [step for one in dossiers for step in one.routing.steps]
    assert all(step.planned for step in steps)
    ended = Counter(step.outcome for step in steps)
    assert ended["completed"] > 0.5 * len(steps)
    late = [one for one in dossiers if one.blame]
    told = [one for one in late if one.apologised_at is not None]
    assert 0 < len(told) < len(late), "some say that they are late"
