"""Which units a grant covers: by pattern, by what is registered above, by who took over on the day or later."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from services.processing.engine import Reference, apply_reference
from services.processing.record import Unreadable, read_entry
from services.processing.stream.revision.roster import Relations, Roster, label_of
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.kinds.units import Units
from tests.unit.processing.entitling.acts import OWNER, by, findings, play, rejected
from tests.unit.processing.known import knowing, unit
from tests.unit.processing.story import CODE, at

Json = dict[str, Any]
ACCEPTED = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, id_="a")
RESOLVED = by("N1", "resolved", "11-20 09:00", id_="r")


def heirs(code: str, day: str, *units: Json) -> tuple[str, ...]:
    known = ReferenceSet().with_entries(ReferenceEntry.of(orjson.dumps(entry)) for entry in units)
    return known.units(None).standing_for(code, date.fromisoformat(day))


def test_heirs_are_told_on_the_day_or_later_from_one_to_the_next_and_never_in_a_circle() -> None:
    until = unit("A", valid_to="2026-11-30", successor="B")
    assert heirs("A", "2026-11-20", until) == ("B",)
    assert heirs("A", "2026-12-20", until, unit("B", successor="C"), unit("C", successor="A")) == ("B", "C")
    assert heirs("C", "2026-12-20", until, unit("B", successor="C")) == ()
    later = unit("A", valid_from="2026-12-01", successor="B")
    assert heirs("A", "2026-11-20", unit("A", valid_from="2026-01-01"), later) == ("B",)
    # What was told of the past, and is told otherwise by then, is over.
    revived = unit("A", valid_from="2026-12-01")
    assert heirs("A", "2026-12-20", until, revived) == ()


def test_rows_of_heirs_are_bounded() -> None:
    row = [unit(f"U{number}", successor=f"U{number + 1}") for number in range(1_200)]
    assert len(heirs("U0", "2026-11-20", *row)) == 1_024
    assert Units().standing_for("A", date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("units", "entitled"),
    [
        ((), False),
        ((unit("N1", parent=OWNER),), False),
        ((unit(OWNER, parent="N1"),), True),
        ((unit(OWNER, parent="M"), unit("M", parent="N1")), True),
        ((unit(OWNER, valid_from="2026-11-21", parent="N1"), unit(OWNER, valid_from="2026-01-01")), False),
        ((unit(OWNER, valid_to="2026-11-18", successor="N1"),), True),
        ((unit(OWNER, valid_to="2026-12-31", successor="N0"), unit("N0", successor="N1")), True),
        ((unit("N1", successor=OWNER),), False),
        # Who took over from what is above it, and what is above who took over.
        ((unit(OWNER, parent="M"), unit("M", successor="N1")), True),
        ((unit(OWNER, successor="M"), unit("M", parent="N1")), True),
        # Ordered after the end, it tells who may make the end all the same.
        ((unit(OWNER, time="2026-12-01", parent="N1"),), True),
    ],
)
def test_a_unit_above_or_after_may_act(units: tuple[Json, ...], *, entitled: bool) -> None:
    for partition in (play(ACCEPTED, RESOLVED, *units), play(*units, ACCEPTED, RESOLVED)):
        assert rejected(partition) == ([] if entitled else ["r"])
        assert findings(partition) == ([] if entitled else ["not_entitled r"])


def test_a_revision_of_units_judges_finished_dossiers_anew_where_a_grant_limits_and_no_others() -> None:
    reference = knowing(unit("H45", name="Sở"))
    relations = Relations(reference.known.entries)
    limited = play(ACCEPTED, by(OWNER, "resolved", "11-20 09:00", id_="e"), reference=reference).states[CODE]
    other = "H44.01-261116-0002"
    accepted = by(None, "accepted", "11-16 09:00", unit=OWNER, id_="a", subject=other)
    free = play(accepted, by(None, "resolved", "11-20 09:00", subject=other), reference=reference).states[other]
    roster = Roster((state.code, label_of(state.entries, state.finished_at)) for state in (limited, free))

    def named(entry: Json, reference: Reference) -> list[str]:
        revision = ReferenceEntry.of(orjson.dumps(entry))
        relations.learn(revision)
        return roster.concerned(reference.known.narrow(revision), revision.time, relations)

    # Hundreds of units that are loaded, with their names and the parents their codes tell, concern nobody.
    loaded = [unit(f"H44.{number:02d}", name="Sở", time="2026-12-01") for number in range(200)]
    assert not any(named(entry, reference) for entry in loaded)
    assert named(unit("H46", parent="X", time="2026-12-01"), reference) == []
    assert named(unit("H46", successor="X", time="2026-12-01"), reference) == []
    for entry in (unit(OWNER, parent="X", time="2026-12-01"), unit(OWNER, successor="X", time="2026-12-01")):
        assert named(entry, reference) == [CODE]
    assert named(unit("X", successor="Y", time="2026-12-01"), reference) == [CODE]


def test_a_revision_takes_back_and_gives_the_right_to_a_finished_dossier() -> None:
    before = knowing(unit(OWNER, parent="N1"))
    state = play(ACCEPTED, RESOLVED, clock="11-25 09:00", reference=before).states[CODE]
    assert state.finished_at == at("11-20 09:00")
    after = knowing(unit(OWNER, parent="N1"), unit(OWNER, parent="N2", time="2026-12-01"))
    taken = apply_reference(state, 9, at("12-02 09:00"), before, after)
    assert (taken.row.get("finish"), [act["kind"] for act in taken.acts]) == (None, ["entry.rejected"])
    given = apply_reference(taken.state, 10, at("12-03 09:00"), after, before)
    assert (given.row["finish"], [act["kind"] for act in given.acts]) == ("resolved", ["rejection.retracted"])


@pytest.mark.parametrize("grant", ["H44", "{}", "[1]", '[""]', "[[", "null"])
def test_a_malformed_grant_is_a_malformed_entry(grant: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_entry(orjson.dumps(ACCEPTED | {"grant": grant}), 0)
    assert caught.value.reason == "malformed"


def test_all_units_have_one_form() -> None:
    for grant in (None, '["*"]', '["*","H44"]'):
        assert read_entry(orjson.dumps(ACCEPTED | {"grant": grant}), 0).grant is None
    assert read_entry(orjson.dumps(ACCEPTED | {"grant": '["H44.01","H44"]'}), 0).grant == '["H44"]'
