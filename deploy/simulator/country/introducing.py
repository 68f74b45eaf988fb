"""What a simulated world makes known before its first day: units, procedures with their terms, routes. Pure.

Every entry has a fixed identity, so that sending it again is harmless.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from deploy.reference_data.entries import reference_entry
from deploy.simulator.country.catalogue import VERSION
from deploy.simulator.country.places import World
from shared.instants import DAY, SECOND, local_midnight

__all__ = ["introducing"]

#: Known a day before the first; what others name is earlier, since an import sorts by time.
_AHEAD: Final = DAY


def introducing(world: World, first: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The reference entries of a world, those that others name first.

    Args:
        world: its units and what is asked for there.
        first: the first simulated day.
        zone: of local days.
    """
    time = local_midnight(first, zone) - _AHEAD
    entries = [_entry("unit.revised", unit["unit"], time, unit) for unit in world.units()]
    services = world.services()
    entries += [_entry("procedure.published", one.code, time + SECOND, one.published()) for one in services]
    routes = [one for one in services if not one.own_route]
    return entries + [_entry("route.revised", one.code, time + 2 * SECOND, one.route()) for one in routes]


def _entry(type_: str, subject: str, time: int, data: dict[str, Any]) -> dict[str, Any]:
    return reference_entry(type_, subject, VERSION, time, data, simulated=True)
