"""Who sees a dossier: by its unit, a step or a hand-over, never by what has no effect; a petition by its own unit."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.processing.engine import CaseState, Reference, apply_entry, facts
from services.processing.facts import Facts, row_of
from services.processing.http.sight.concerned import PetitionSight, Sight, units_of
from services.processing.petitions import PetitionFacts, derive
from services.processing.record import read_entry
from shared.access.bearer import Bearer
from shared.access.reach import Reach
from tests.unit.processing.stream.build import REFERENCE, accepted, known_by, revised

CODE = "H29.1-260302-0001"
ROUTE = [
    {"step": "receive", "unit": "H29.1", "budget": 60},
    {"step": "appraise", "unit": "H29.2.03", "budget": 120},
]
OFFICER = frozenset({"officer"})
AUDITOR = Bearer("auditor", roles=frozenset({"auditor"}))


def receipt(**data: Any) -> dict[str, Any]:
    told = {"channel": "online", "unit": "H29.1", "promised_due": "2026-03-10"} | data
    return accepted(CODE, sender="one-stop", data=told)


def later(id_: str, type_: str, day: int, sender: str = "one-stop", **data: Any) -> dict[str, Any]:
    return accepted(CODE, id_, type=type_, time=f"2026-03-{day:02}T10:00:00+07:00", data=data, sender=sender)


def state_of(*entries: dict[str, Any], reference: Reference = REFERENCE) -> CaseState:
    state: CaseState | None = None
    for offset, entry in enumerate(entries):
        state = apply_entry(state, read_entry(orjson.dumps(entry), offset), None, reference).state
    assert state is not None
    return state


def known(*entries: dict[str, Any], reference: Reference = REFERENCE) -> Facts:
    return facts(CODE, state_of(*entries, reference=reference).entries, reference)


def known_petition(*entries: dict[str, Any]) -> PetitionFacts:
    return derive(CODE, state_of(*entries).entries, REFERENCE)


def sight_of_petition(of: PetitionFacts, *units: str, name: str = "officer") -> PetitionSight:
    bearer = Bearer(name, units=units, roles=OFFICER)
    return PetitionSight(bearer, Reach(bearer, REFERENCE.known.units(None), None), lambda: of)


def sight(of: Facts, *units: str, name: str = "officer", reference: Reference = REFERENCE) -> Sight:
    bearer = Bearer(name, units=units, roles=OFFICER)
    return Sight(bearer, Reach(bearer, reference.known.units(None), None), lambda: of)


def who_sees(of: Facts, *units: str) -> list[str]:
    return [unit for unit in units if sight(of, unit).dossier()]


RECEIVED = later("b", "step.completed", 3, step="receive", unit="H29.1")


def test_the_unit_those_above_it_and_the_owners_of_its_steps_see_it() -> None:
    of = known(receipt(route=ROUTE), RECEIVED)
    asked = ("H29", "H29.1", "H29.1.04", "H29.2", "H29.2.03", "H29.2.04", "H29.3", "H2*", "*")
    assert who_sees(of, *asked) == ["H29", "H29.1", "H29.2", "H29.2.03", "H2*", "*"]
    assert who_sees(known(receipt(route=ROUTE)), *asked) == ["H29", "H29.1", "H2*", "*"], "its step is not begun"


def test_a_step_that_only_a_rejected_entry_tells_of_gives_no_right() -> None:
    taken = later("c", "step.completed", 3, step="receive", unit="H29.3")
    of = known(receipt(route=ROUTE), taken)
    assert [act.unit for act in of.rejections] == ["H29.3"]
    assert who_sees(of, "H29.1", "H29.3") == ["H29.1"]


def test_who_has_no_right_to_act_gets_none_to_read_by_acting() -> None:
    foreign = {"grant": '["H29.3"]', "sender": "foreign"}
    taken = [
        later("x", "dossier.handed_over", 3, unit="H29.3") | foreign,
        later("y", "step.assigned", 3, step="appraise", unit="H29.3") | foreign,
        later("z", "dossier.accepted", 1, unit="H29.3", channel="online") | foreign,
    ]
    of = known(receipt(route=ROUTE) | {"grant": '["H29.1"]'}, *taken)
    assert {act.code for act in of.rejections} == {"not_entitled"}
    assert who_sees(of, "H29.1", "H29.3") == ["H29.1"]
    for code in ("PA-1", CODE):
        beside = petition("p", "received", 3, "H29.7", code) | {"grant": '["H29.7"]'}
        told = petition("q", "more_asked", 4, "H29.3", code) | foreign
        seen = sight_of_petition(known_petition(beside, told), "H29.3")
        assert not seen.petition(), "naming oneself in another's petition makes it nobody else's"


def test_who_handed_it_over_and_who_has_it_see_it() -> None:
    moved = [later(f"m{day}", "dossier.handed_over", day, unit=f"H29.{day}") for day in (4, 5)]
    of = known(receipt(), *moved)
    assert (of.unit, of.handed_over_from) == ("H29.5", ["H29.1", "H29.4"])
    assert row_of(of)["handed_over_from"] == ["H29.1", "H29.4"]
    assert "handed_over_from" not in row_of(known(receipt()))
    assert who_sees(of, "H29.1", "H29.3", "H29.4", "H29.5") == ["H29.1", "H29.4", "H29.5"]
    too_late = known(receipt(), later("e", "dossier.resolved", 4), later("m", "dossier.handed_over", 5, unit="H29.5"))
    assert who_sees(too_late, "H29.1", "H29.5") == ["H29.1"], "a hand-over after the end has no effect"


def test_a_submission_is_its_units() -> None:
    data = {"channel": "online", "unit": "H29.1"}
    of = known(accepted(CODE, type="dossier.submitted", data=data))
    assert (units_of(of), who_sees(of, "H29.1", "H29.2")) == ({"H29.1"}, ["H29.1"])


def test_registered_units_and_successors_count_as_for_lists() -> None:
    registered = known_by(
        revised("unit.revised", {"unit": "H29.1", "parent": "H30", "successor": "H31", "valid_to": "2026-06-30"}),
        revised("unit.revised", {"unit": "H31", "parent": "H32"}, "s"),
    )
    reference = REFERENCE.with_known(registered)
    of = known(receipt(), reference=reference)
    seen = [unit for unit in ("H29", "H30", "H31", "H32", "H33") if sight(of, unit, reference=reference).dossier()]
    assert seen == ["H29", "H30", "H31", "H32"], "by its code, as registered, and by whoever takes over"


def test_who_reads_everything_needs_no_facts() -> None:
    def derive() -> Facts:
        raise AssertionError("facts cost time")

    whole = Sight(AUDITOR, Reach(AUDITOR, REFERENCE.known.units(None), None), derive)
    assert whole.dossier()
    assert whole.entries()(read_entry(orjson.dumps(receipt()), 0))


def petition(id_: str, kind: str, day: int, unit: str | None, code: str = "PA-1", **more: Any) -> dict[str, Any]:
    data = {"petition": code} | ({} if unit is None else {"unit": unit})
    return later(id_, f"petition.{kind}", day, **more) | {"data": data}


def who_sees_petition(of: PetitionFacts, *units: str) -> list[str]:
    return [unit for unit in units if sight_of_petition(of, unit).petition()]


def test_a_petition_alone_is_its_units() -> None:
    of = known_petition(petition("p", "received", 3, "H29.1"), petition("q", "more_asked", 4, None))
    assert who_sees_petition(of, "H29.1", "H29.2") == ["H29.1"]
    moved = known_petition(petition("p", "received", 3, "H29.1"), petition("q", "more_asked", 4, "H29.2"))
    assert who_sees_petition(moved, "H29.1", "H29.2") == ["H29.2"]


def test_a_petition_is_also_of_those_it_was_handed_over_from() -> None:
    told = [petition("p", "received", 3, "H29.1", CODE), petition("q", "handed_over", 4, "H29.2", CODE)]
    assert who_sees_petition(known_petition(*told), "H29.1", "H29.2", "H29.3") == ["H29.1", "H29.2"]
    of_dossier = {"dossier": "H29.3-260302-0001"}
    about = known_petition(told[0] | {"data": told[0]["data"] | of_dossier})
    assert who_sees_petition(about, "H29.1", "H29.3") == ["H29.1"], "never by the dossier it is about"


@pytest.mark.parametrize(("unit", "name", "found"), [
    ("H29.1", "officer", {"a", "p", "q", "r"}),
    ("H29.7", "officer", {"p", "q"}),
    ("H29.8", "officer", {"r"}),
    ("H29.9", "officer", set()),
    ("H29.9", "portal", {"r"}),
])  # fmt: skip
def test_of_a_dossier_with_petitions_each_unit_sees_its_own(unit: str, name: str, found: set[str]) -> None:
    told = [
        petition("p", "received", 3, "H29.7"),
        petition("q", "more_asked", 4, None),
        petition("r", "received", 4, "H29.8", "PA-2", sender="portal"),
    ]
    dossier, of = known(receipt()), known_petition(*told)
    assert sight(dossier, unit, name=name).dossier() == (unit == "H29.1")
    entries = sight(dossier, unit, name=name).entries()
    seen = sight_of_petition(of, unit, name=name).entries(dossier=unit == "H29.1")
    every = [*(entry for entry in dossier.held if entries(entry)), *(entry for entry in of.held if seen(entry))]
    assert {entry.id for entry in every} == found
