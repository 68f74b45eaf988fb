"""Where it is handled: the units of a simulated commune, province or country, how much each gets and how it works.

Pure: a function of size, scale and seed. Codes are of no real unit; every name says that it is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from random import Random
from typing import Any, Literal

from simulator.chance import dice
from simulator.score import Size
from simulator.world import habits
from simulator.world.catalogue import COMMUNE_SERVICES, DEPARTMENT_SERVICES, Service
from simulator.world.province import DEPARTMENTS

__all__ = ["Place", "World", "make_world"]

#: Working days of a year, to turn yearly into daily numbers.
_WORKING_DAYS = 249
_MINUTES_A_DAY = 480


@dataclass(slots=True)
class Place:
    """A unit that handles dossiers.

    Attributes:
        code: of the unit.
        parent: the unit above it.
        name: in Vietnamese.
        kind: department or commune.
        yearly: dossiers handed in with it in a year.
        services: what can be asked for there.
        weights: how often each of these is.
        people: who work on dossiers; several units' worth of part-time is a fraction.
        hurry: how much a due date counts in its queue, in quarters.
        lean: months and share of people while it is short of them: (first, after last, share).
        sender: how its system sends: prompt, hourly or nightly.
        peers: units of the same kind in the province, itself left out.
        departments: the province's departments by number.
    """

    code: str
    parent: str
    name: str
    kind: Literal["department", "commune"]
    yearly: float
    services: tuple[Service, ...]
    weights: tuple[float, ...] = ()
    people: float = 0.0
    hurry: int = 0
    lean: tuple[int, int, float] | None = None
    sender: str = "prompt"
    peers: tuple[str, ...] = ()
    departments: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """All units: `provinces` above, `places` by code in a fixed order."""

    provinces: dict[str, str]
    places: dict[str, Place]

    def units(self) -> list[dict[str, Any]]:
        """The data of `unit.revised`, those above first."""
        above = [{"unit": code, "name": name, "kind": "province"} for code, name in self.provinces.items()]
        below = [
            {"unit": one.code, "parent": one.parent, "name": one.name, "kind": one.kind} for one in self.places.values()
        ]
        return above + below

    def services(self) -> list[Service]:
        """All that is asked for somewhere."""
        found = {one.code: one for place in self.places.values() if place.yearly for one in place.services}
        return [found[code] for code in sorted(found)]


def make_world(
    size: Size, seed: int, *, dossiers: int | None = None, communes: int | None = None, scale: float = 1.0
) -> World:
    """The units of a size.

    Args:
        size: one commune (with the departments that take part), the province H99, or the country.
        seed: decides what each unit is like.
        dossiers: of a year; None: what the size usually has.
        communes: how many; None: what the size usually has.
        scale: of dossiers and people alike.
    """
    usual = {
        "commune": (habits.COMMUNE_DOSSIERS, 1),
        "province": (habits.PROVINCE_DOSSIERS, habits.PROVINCE_COMMUNES),
        "country": (habits.COUNTRY_DOSSIERS, habits.COUNTRY_COMMUNES),
    }[size]
    yearly = (usual[0] if dossiers is None else dossiers) * scale
    count = usual[1] if communes is None else communes
    roll = dice(seed, "places", size, count)
    places: dict[str, Place] = {}
    if size == "country":
        codes = [f"H9{number:02d}" for number in range(1, habits.COUNTRY_PROVINCES + 1)]
        provinces = {code: f"Tỉnh Giả Định {code[2:]} (mô phỏng)" for code in codes}
        weights = [roll.lognormvariate(0, 0.5) for _ in codes]
    else:
        codes, weights = ["H99"], [1.0]
        provinces = {"H99": "Tỉnh Giả Định (mô phỏng)"}
    left = count
    for number, (code, weight) in enumerate(zip(codes, weights, strict=True)):
        of_province = left // (len(codes) - number)
        left -= of_province
        share = 0.0 if size == "commune" else habits.DEPARTMENT_SHARE
        places |= _province(code, of_province, yearly * weight / sum(weights), share, roll)
    _staff(places, roll)
    return World(provinces, {code: place for code, place in places.items() if place.people})


def _province(code: str, communes: int, yearly: float, share: float, roll: Random) -> dict[str, Place]:
    numbers = range(1, len(DEPARTMENTS) + 1)
    departments = {number: f"{code}.{number:02d}" for number in numbers}
    all_weights = sum(unit.weight for unit in DEPARTMENTS)
    made: dict[str, Place] = {}
    for number, unit in enumerate(DEPARTMENTS, 1):
        part = yearly * share * unit.weight / all_weights
        name = f"{unit.name} (mô phỏng)"
        services = DEPARTMENT_SERVICES[number]
        made[departments[number]] = Place(departments[number], code, name, "department", part, services)
    # Every fourth is a ward of a town, and busier.
    sizes = [roll.lognormvariate(0.6 if number % 4 == 1 else 0.0, 0.35) for number in range(1, communes + 1)]
    for number, size in enumerate(sizes, 1):
        own = f"{code}.{100 + number}"
        name = f"{'Phường' if number % 4 == 1 else 'Xã'} Giả Định {number:03d} (mô phỏng)"
        part = yearly * (1 - share) * size / sum(sizes)
        made[own] = Place(own, code, name, "commune", part, COMMUNE_SERVICES)
    for place in made.values():
        place.weights = tuple(one.procedure.weight for one in place.services)
        place.departments = departments
        place.peers = tuple(one.code for one in made.values() if one.kind == place.kind and one is not place)
    return made


def _staff(places: dict[str, Place], roll: Random) -> None:
    """People by the work that comes in, and the habits of each unit."""
    minutes = dict.fromkeys(places, 0.0)
    for place in places.values():
        for service, weight in zip(place.services, place.weights, strict=True):
            yearly = place.yearly * weight / sum(place.weights)
            for task in service.tasks:
                doer = place.code if task.department is None else place.departments[task.department]
                minutes[doer] += yearly * task.work
    for code, place in places.items():
        _, lowest, highest = roll.choices(habits.LOADS, [chance for chance, _, _ in habits.LOADS])[0]
        load = roll.uniform(lowest, highest)
        place.people = minutes[code] / (_WORKING_DAYS * _MINUTES_A_DAY) / load
        place.hurry = roll.choice(habits.HURRY)
        place.sender = roll.choices(list(habits.SENDERS), list(habits.SENDERS.values()))[0]
        chance, share, shortest, longest = habits.LEAN
        if roll.random() < chance:
            first = roll.randint(6, 44)
            place.lean = (first, first + roll.randint(shortest, longest), share)
        if place.people > 1:
            # People are whole where there are several: nobody is a third of somebody in a large office.
            place.people = float(ceil(place.people * 10) / 10)
