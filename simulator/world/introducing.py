"""What a simulated world makes known before its first day: units, procedures with their terms, routes. Pure.

Every entry has a fixed identity and time, so that another year or seed played into the same stack says the same again.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.instants import DAY, SECOND, local_midnight
from shared.reference.writing import reference_entry
from simulator.world.catalogue import VERSION
from simulator.world.places import World

__all__ = ["introducing"]

#: Before any day that can be played. What others name is earlier, since an import sorts by time.
_KNOWN: Final = date(2000, 1, 1)


def introducing(world: World, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The reference entries of a world, those that others name first.

    Args:
        world: its units and what is asked for there.
        zone: of local days.
    """
    time = local_midnight(_KNOWN, zone) - DAY
    entries = [_entry("unit.revised", unit["unit"], time, unit) for unit in world.units()]
    services = world.services()
    entries += [_entry("procedure.published", one.code, time + SECOND, one.published()) for one in services]
    routes = [one for one in services if not one.own_route]
    return entries + [_entry("route.revised", one.code, time + 2 * SECOND, one.route()) for one in routes]


def _entry(type_: str, subject: str, time: int, data: dict[str, Any]) -> dict[str, Any]:
    return reference_entry(type_, subject, VERSION, time, data, simulated=True)
