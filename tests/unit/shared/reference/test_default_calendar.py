"""Whether the stack's default calendar still measures somebody's working time."""

from __future__ import annotations

from typing import Any

import pytest

from shared.calendar import vn_public
from shared.reference import EMPTY, ReferenceEntry
from shared.reference.default_calendar import uses_default
from tests.unit.shared.reference.making import ZONE, calendar, day, known, unit

BASE = vn_public(ZONE)
WEEK: dict[str, Any] = {"week": {name: ["08:00-16:00"] for name in ("mon", "tue", "wed", "thu")}}


def of(name: str, of_unit: str | None, **more: Any) -> ReferenceEntry:
    return calendar({"calendar": name, "unit": of_unit, **more}, f"{name} {of_unit}")


OWN = of("own", "A", **WEEK)


@pytest.mark.parametrize(
    ("entries", "used"),
    [
        ([], True),
        ([of("own", None, **WEEK)], True),
        ([OWN], False),
        ([OWN, unit({"unit": "A.1"}), unit({"unit": "B", "parent": "A"})], False),
        ([OWN, unit({"unit": "C"})], True),
        ([OWN, unit({"unit": "C", "valid_to": "2026-07-01"})], False),
        ([OWN, of("days", "C", days=[{"day": "2026-08-03", "working": False}])], True),
        ([OWN, of("vn-public", "C", **WEEK)], True),
        ([of("own", "A", purpose="reception", **WEEK)], True),
        ([of("own", "A", valid_from="2026-08-22", **WEEK)], True),
        ([of("own", "A", valid_from="2026-08-21", **WEEK)], False),
        ([of("days", "A"), of("days", None, **WEEK)], False),
    ],
)
def test_it_is_used_where_no_other_calendar_defines_the_hours(entries: list[ReferenceEntry], used: bool) -> None:
    assert uses_default(known(*entries) if entries else EMPTY, BASE, day("08-21")) is used
