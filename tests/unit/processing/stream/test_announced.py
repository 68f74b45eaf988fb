"""Processing tells by a metric and its log when the calendars lack next year's swapped days."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import orjson

from motcua.cli.reference.loading.revision_file import read_revision
from services.processing.engine import Reference
from services.processing.stream.announced import Announced
from shared.calendar import vn_public
from shared.instants import parse_instant
from shared.reference import ReferenceEntry, ReferenceSet

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEPTEMBER, OCTOBER = parse_instant("2026-09-30T16:59:59Z"), parse_instant("2026-09-30T17:00:00Z")


def revised(days: list[str]) -> ReferenceSet:
    told = "".join(f"  - {{day: {day}, working: false, kind: holiday, document: 1/TB}}\n" for day in days)
    (entry,) = read_revision(f"calendar: vn-public\nversion: 2027\ndays:\n{told}", 0, simulated=False)
    return ReferenceSet().with_entry(ReferenceEntry.of(orjson.dumps(entry)))


def test_missing_swaps_are_told_from_the_first_local_day_of_october_on() -> None:
    reference = Reference(vn_public(ZONE), ZONE)
    announced = Announced(0)
    assert announced.missing(reference, SEPTEMBER) == 0
    assert announced.missing(reference, OCTOBER) == 2
    assert announced.missing(reference, OCTOBER + 1) == 2
    days = [f"2027-02-{n:02d}" for n in range(4, 11)]
    assert announced.missing(reference.with_known(revised(days)), OCTOBER) == 0
    assert announced.missing(reference.with_known(revised(days[1:])), OCTOBER) == 1


def test_days_of_a_calendar_that_measures_nobody_are_not_asked_for() -> None:
    week = "week: {mon: ['09:00-17:00'], tue: ['09:00-17:00']}"
    text = f"calendar: uk\nversion: 1\nunit: FOI\nvalid_from: 2026-10-05\n{week}\n"
    (entry,) = read_revision(text, 0, simulated=False)
    known = ReferenceSet().with_entry(ReferenceEntry.of(orjson.dumps(entry)))
    reference, day = Reference(vn_public(ZONE), ZONE).with_known(known), parse_instant("2026-10-06T00:00:00Z")
    assert Announced(0).missing(reference, OCTOBER) == 2, "assigned, but not yet"
    assert Announced(0).missing(reference, day) == 0
