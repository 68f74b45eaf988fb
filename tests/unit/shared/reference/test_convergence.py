"""What a reference set answers depends on the set of its entries alone: not on order, repetition or hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.reference import EMPTY, ReferenceEntry
from tests.unit.shared.reference import plain
from tests.unit.shared.reference.answers import answers
from tests.unit.shared.reference.making import at, day, known, procedure
from tests.unit.shared.reference.strategies import DAYS, INSTANTS, PROCEDURES, UNITS, entries

ROOT = Path(__file__).parents[4]


@settings(max_examples=60, deadline=None)
@given(given_entries=entries, data=st.data())
def test_order_and_repetition_make_no_difference(given_entries: list[ReferenceEntry], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations([*given_entries, *given_entries[::2]]))
    one, other = known(*given_entries), EMPTY
    for entry in shuffled:
        other = other.with_entry(entry)
        other.units(None)
        other.rules(day("06-30"), at("05-01"))
    assert answers(other) == answers(one)
    assert other == one
    assert hash(other) == hash(one)
    assert len(one) == len({entry.digest for entry in given_entries})


@settings(max_examples=60, deadline=None)
@given(given_entries=entries)
def test_what_was_asked_before_makes_no_difference(given_entries: list[ReferenceEntry]) -> None:
    asked = EMPTY
    for entry in given_entries:
        asked = asked.with_entry(entry)
        answers(asked)
    assert answers(asked) == answers(known(*given_entries))


@settings(max_examples=150, deadline=None)
@given(given_entries=entries)
def test_what_is_in_force_is_what_a_plain_walk_finds(given_entries: list[ReferenceEntry]) -> None:
    reference = known(*given_entries)
    sound = [entry for entry in given_entries if entry.data is None or {"step": "x"} not in entry.data.get("steps", ())]
    sound_hashes = {entry.hash for entry in sound}
    for before in (None, *(at(when) for when in INSTANTS), at("12-31")):
        for when in map(day, DAYS):
            rules = reference.rules(when, before)
            found = plain.in_force(given_entries, "rule.activated", {"rule": "deadlines"}, when, before)
            assert rules.version == (found.data or {})["version"] if found else rules.version == "built-in"
            for code in PROCEDURES:
                version = reference.procedure(code, when, before)
                found = plain.in_force(given_entries, "procedure.published", {"procedure": code}, when, before)
                assert (version and version.version) == (found and (found.data or {})["version"])
                expected = _route(given_entries, sound_hashes, code, when, before)
                route = reference.route(code, "online", when, before)
                assert (route and (route.channel, route.version)) == expected
            for code in UNITS:
                told = reference.units(before).version(code, when)
                found = plain.in_force(given_entries, "unit.revised", {"unit": code}, when, before)
                assert (told and told.parent) == (found and (found.data or {}).get("parent"))
                assert (told is None) == (found is None)


def _route(
    given_entries: list[ReferenceEntry], sound: set[str], code: str, when: object, before: int | None
) -> tuple[str | None, str] | None:
    for channel in ("online", None):
        # Soundness is asked of what holds: an unsound correction does not let the entry it corrects come back.
        held = [entry for entry in plain.holding(given_entries, before) if entry.hash in sound]
        found = plain.in_force(held, "route.revised", {"procedure": code, "channel": channel}, when, before)  # type: ignore[arg-type]
        if found is not None and found.data is not None:
            return channel, found.data["version"]
    return None


def test_the_very_same_object_for_a_duplicate() -> None:
    entry = procedure({})
    once = known(entry)
    assert once.with_entry(procedure({}, recordedtime="2026-02-02T00:00:00Z", sender="x")) is once
    assert once.with_entry(procedure({}, sequence=1)) is not once
    assert known(procedure({}, sequence=1), entry) == known(entry, procedure({}, sequence=1))


def test_the_hash_seed_makes_no_difference() -> None:
    digests = {_digest_under("1"), _digest_under("4242")}
    assert len(digests) == 1


def _digest_under(hash_seed: str) -> str:
    found = subprocess.run(
        [sys.executable, "-m", "tests.unit.shared.reference.digest"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    assert len(found.stdout.strip()) == hashlib.sha256().digest_size * 2
    return found.stdout.strip()
