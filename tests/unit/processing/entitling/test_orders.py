"""Entries under several grants: any order, repeats under other grants and revisions end alike.

And who is changed is found. Reference entries of units, with parents and successors, are among them.
"""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.processing.engine import apply_reference
from services.processing.states.form import from_document, label_in, to_document
from services.processing.states.layers import HeldState
from services.processing.stream.revision.roster import Relations, Roster, concerns, label_of
from shared.contract.lifecycle import DossierRow, PetitionRow
from shared.instants import parse_instant
from shared.populations.petitions import PETITIONS
from shared.reference import ReferenceEntry
from tests.unit.processing.convergence.reference_strategies import reference_entries
from tests.unit.processing.convergence.sameness import same
from tests.unit.processing.driver import Partition
from tests.unit.processing.known import unit
from tests.unit.processing.strategies import UNITS, journals

Json = dict[str, Any]
Input = Json | int

GRANTS = (
    None,
    '["*"]',
    "[]",
    '["H44.01"]',
    '["H44.02"]',
    '["H44.02.05"]',
    '["H44.01","H44.03"]',
    '["H44.0*"]',
    '["X"]',
)
_DAYS = st.sampled_from((None, "2026-11-10", "2026-11-18", "2026-11-22"))
_OTHERS = st.sampled_from((*UNITS, "X", "Y"))
ticks = st.integers(parse_instant("2026-11-14T00:00:00+07:00"), parse_instant("2026-12-05T00:00:00+07:00"))


@st.composite
def units(draw: st.DrawFn) -> Json:
    """A version of a unit: below another, before another, or only named."""
    data: Json = {}
    for name, member in (("valid_from", _DAYS), ("parent", st.none() | _OTHERS), ("successor", st.none() | _OTHERS)):
        if (value := draw(member)) is not None:
            data[name] = value
    time = draw(st.sampled_from(("2026-01-01", "2026-11-19", "2026-12-01")))
    made = unit(draw(_OTHERS), time=time, **data)
    return made | {"id": str(draw(st.integers(0, 3))), "revision": draw(st.integers(0, 2))}


@st.composite
def granted(draw: st.DrawFn) -> list[Json]:
    """Entries of dossiers and petitions, each under some grant."""
    entries = draw(journals())
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(("received", "received", "answered", "refused")))
        data = {"petition": draw(st.sampled_from(("P-1", "P-2")))}
        if draw(st.booleans()):
            data["unit"] = draw(_OTHERS)
        entries.append(
            {
                "specversion": "1.0",
                "type": f"petition.{kind}",
                "source": draw(st.sampled_from(("one-stop/a", "one-stop/b"))),
                "id": f"p{number}",
                "subject": draw(st.sampled_from(("P-1", "H44.01-261116-0001"))),
                "time": draw(st.sampled_from(("2026-11-17T09:00:00+07:00", "2026-11-18T09:00:00+07:00"))),
                "data": data,
            }
        )
    return [one if (grant := draw(st.sampled_from(GRANTS))) is None else one | {"grant": grant} for one in entries]


known = st.lists(units(), max_size=4).flatmap(lambda some: reference_entries(3).map(lambda more: some + more))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), entries=granted(), units=known, early=st.lists(ticks, max_size=2), last=ticks)
def test_any_arrival_under_any_grants_converges(
    data: st.DataObject, entries: list[Input], units: list[Input], early: list[int], last: int
) -> None:
    last = max([*early, last])
    again = data.draw(st.lists(st.sampled_from(entries), max_size=4))
    doubled = [one | {"grant": data.draw(st.sampled_from(GRANTS[1:]))} for one in again if isinstance(one, dict)]
    everything = [*units, *entries, *doubled]
    one = Partition().feed([*everything, last])
    same(one, Partition().feed([*data.draw(st.permutations([*everything, *early])), last]))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=granted(), units=known, last=ticks)
def test_rows_fit_the_contract_and_states_are_stored_whole(entries: list[Input], units: list[Input], last: int) -> None:
    partition = Partition().feed([*units, *entries, last])
    for code, state in partition.states.items():
        form = PetitionRow if state.case.population == PETITIONS.name else DossierRow
        row = form.model_validate(partition.rows[code], strict=False)
        refused = {(one.source, one.id) for one in row.rejections if one.code == "not_entitled"}
        about = {(one.source, one.id) for one in row.findings if one.code == "not_entitled"}
        assert refused == about
        document = to_document(HeldState(state, 1, stored=True))
        assert from_document(document).state == state
        assert label_in(document) == label_of(state.entries, state.finished_at)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=granted(), units=known, last=st.lists(units(), min_size=1, max_size=2), clock=ticks)
def test_who_is_changed_by_a_unit_entry_is_named_as_concerned(
    entries: list[Input], units: list[Json], last: list[Json], clock: int
) -> None:
    partition = Partition().feed([*units, *entries, clock])
    relations = Relations(partition.reference.known.entries)
    for given_entry in last:
        entry = ReferenceEntry.of(orjson.dumps(given_entry))
        before = partition.reference
        after = before.with_known(before.known.with_entry(entry))
        relations.learn(entry)
        concern = after.known.narrow(entry)
        labels = {code: label_of(state.entries, state.finished_at) for code, state in partition.states.items()}
        named = Roster(labels.items()).concerned(concern, entry.time, relations)
        assert named == sorted(code for code in labels if concerns(labels[code], concern, entry.time, relations))
        for code, state in partition.states.items():
            if apply_reference(state, 1_000, clock, before, after).emit:
                assert code in named, given_entry
        partition.feed([given_entry])
