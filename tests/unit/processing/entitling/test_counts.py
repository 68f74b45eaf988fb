"""What is counted for an operator: entries that became not entitled, by few sources, and what became contested."""

from __future__ import annotations

from services.processing.stream.refusing.counts import Counts
from shared.catalogue.base import Meters
from shared.catalogue.bounded import OTHERS
from shared.catalogue.processing import SPECS
from tests.unit.processing.entitling.acts import OWNER, STRANGER, by, play
from tests.unit.processing.story import CODE

ACCEPTED = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, id_="a")


def _counted(meters: Meters) -> dict[str, float]:
    found = {}
    for line in meters.exposition().decode().splitlines():
        if line.startswith(("motcua_processing_not_entitled_total{", "motcua_processing_contested_total{")):
            name, value = line.rsplit(" ", 1)
            found[name.split('"')[1]] = float(value)
    return found


def test_each_is_counted_once_and_again_only_when_it_was_taken_back() -> None:
    meters = Meters(SPECS)
    counts = Counts(meters)
    other = by("H44.03", "accepted", "11-15 09:00", unit="H44.03", id_="y")
    partition = play(by(STRANGER, "accepted", "11-15 10:00", unit=STRANGER, id_="x"))
    before = partition.states[CODE]
    counts.tell(None, before)
    for entry in (other, by(STRANGER, "apologised", "11-18 09:00"), ACCEPTED):
        after = partition.feed([entry]).states[CODE]
        counts.tell(before, after)
        counts.tell(after, after)
        before = after
    # The other counted until the unit in the code accepted; the first and its apology were refused since.
    assert _counted(meters) == {STRANGER: 2, "H44.03": 1, "contested_acceptance": 1}


def test_sources_are_bounded() -> None:
    meters = Meters(SPECS)
    counts = Counts(meters)
    for number in range(70):
        x = by(STRANGER, "resolved", "11-18 09:00", source=f"s{number}")
        counts.tell(None, play(ACCEPTED, x).states[CODE])
    counted = _counted(meters)
    assert (len(counted), counted[OTHERS]) == (51, 20)
