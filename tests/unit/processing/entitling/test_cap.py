"""How many entries of senders who are not entitled a dossier keeps, beside its own."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from services.processing.engine import NOT_ENTITLED_CAP, TooManyEntries, apply_entry
from services.processing.record import read_entry
from services.processing.states.layers import HeldState
from services.processing.stream.judge import Rejected, take_entry
from tests.unit.processing.driver import REFERENCE, Partition
from tests.unit.processing.entitling.acts import OWNER, STRANGER, by, findings, play
from tests.unit.processing.story import CODE

ACCEPTED = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, id_="a")


def _crowd(count: int) -> Partition:
    return play(ACCEPTED, *(by(STRANGER, "apologised", "11-17 09:00", id_=f"x{n}") for n in range(count)))


def test_a_hundred_are_kept_and_further_ones_are_dead_letters_that_mark_the_dossier_once() -> None:
    state = _crowd(NOT_ENTITLED_CAP).states[CODE]
    more = read_entry(orjson.dumps(by(STRANGER, "apologised", "11-18 09:00", id_="more")), 500)
    with pytest.raises(Rejected) as caught:
        take_entry(HeldState(state, 1, stored=False), more, 1, None, REFERENCE)
    assert caught.value.reason == "too_many_not_entitled"
    marked = caught.value.outcome
    assert marked is not None
    assert marked.row["findings"][-1] == {"code": "too_many_not_entitled", "source": "motcua/processing", "id": CODE}
    assert not marked.state.capped
    with pytest.raises(TooManyEntries) as again:
        apply_entry(marked.state, more, None, REFERENCE)
    assert again.value.outcome is None
    # A known one, and one of who may act, are taken.
    assert not apply_entry(state, state.entries[-1], None, REFERENCE).emit
    own = read_entry(orjson.dumps(by(OWNER, "resolved", "11-18 09:00")), 501)
    assert apply_entry(state, own, None, REFERENCE).row["finish"] == "resolved"


def test_they_take_nothing_from_the_dossiers_own_room() -> None:
    strangers = [by(STRANGER, "returned", "11-17 09:00", id_=f"x{n}") for n in range(9)]
    partition = Partition(replace(REFERENCE, entry_cap=3)).feed([ACCEPTED, *strangers])
    own = [by(OWNER, "apologised", "11-18 09:00", id_=f"o{n}") for n in range(3)]
    partition.feed(own[:2])
    with pytest.raises(TooManyEntries) as caught:
        partition.feed(own[2:])
    assert (caught.value.reason, caught.value.cap) == ("too_many_entries", 3)
    partition.feed([by(STRANGER, "returned", "11-18 09:00", id_="more")])
    assert "not_entitled more" in findings(partition)


def test_who_withdraws_what_was_not_entitled_has_no_room_by_it() -> None:
    partition = _crowd(NOT_ENTITLED_CAP - 1)
    partition.feed([by(STRANGER, "apologised", "11-17 09:00", id_="x0", revision=1, withdraw=True)])
    with pytest.raises(TooManyEntries):
        partition.feed([by(STRANGER, "apologised", "11-17 09:00", id_="y")])
    # One of a party of the dossier is no stranger's.
    before = len(partition.states[CODE].entries)
    partition.feed([by(OWNER, "apologised", "11-17 09:00", id_="w", withdraw=True)])
    assert len(partition.states[CODE].entries) == before + 1
