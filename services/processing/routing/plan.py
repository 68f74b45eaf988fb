"""A route as a graph to walk on: what comes before and after what, and which steps a begin or a sending-back concerns.

Pure. Knows route versions; nothing of dossiers, units or time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from shared.reference.kinds.routes import RouteStep, RouteVersion

__all__ = ["DONE", "UNDER_WAY", "WAITING", "Plan", "own_route", "plan_of"]

WAITING: Final = 0
UNDER_WAY: Final = 1
DONE: Final = 2

_KEPT: Final = 4_096


class Plan:
    """The graph of one route. Steps are named by their place in it; sets of them are bit masks.

    Args:
        route: a sound route.

    Raises:
        ValueError: a step comes after itself, be it by others, or twice.
    """

    __slots__ = (
        "after",
        "concerned",
        "first",
        "followers",
        "optional",
        "paths_from",
        "paths_to",
        "place",
        "route",
        "steps",
    )

    def __init__(self, route: RouteVersion) -> None:
        self.route = route
        self.steps: tuple[RouteStep, ...] = route.steps
        self.place = {step.step: index for index, step in enumerate(self.steps)}
        if len(self.place) < len(self.steps):
            raise ValueError(f"route {route.procedure} {route.version} names a step twice")
        #: Direct predecessors of each step.
        self.after = [tuple(self.place[name] for name in step.after if name in self.place) for step in self.steps]
        self.followers: list[list[int]] = [[] for _ in self.steps]
        for index, before in enumerate(self.after):
            for other in before:
                self.followers[other].append(index)
        order = self._order()
        #: All steps before each one, and all after it.
        self.paths_to = [0] * len(self.steps)
        self.paths_from = [0] * len(self.steps)
        self.optional = [step.optional for step in self.steps]
        concerned = [0] * len(self.steps)
        for index in order:
            for other in self.after[index]:
                self.paths_to[index] |= self.paths_to[other] | 1 << other
        for index in reversed(order):
            for other in self.followers[index]:
                self.paths_from[index] |= self.paths_from[other] | 1 << other
                concerned[index] |= concerned[other] if self.optional[other] else 1 << other
        #: The mandatory steps whose turn may come when a step is done: those right after, across optional ones.
        self.concerned = [tuple(places(mask)) for mask in concerned]
        waiting = [WAITING] * len(self.steps)
        #: The steps that begin at acceptance.
        self.first = [
            index for index in range(len(waiting)) if not self.optional[index] and self.satisfied(index, waiting)
        ]

    def satisfied(self, index: int, status: Sequence[int]) -> bool:
        """Whether all that a step comes after is done; an optional step that was not assigned is passed over."""
        for other in self.after[index]:
            if status[other] != DONE:
                if status[other] == UNDER_WAY or not self.optional[other]:
                    return False
                break
        else:
            return True
        seen = 0
        open_ = list(self.after[index])
        while open_:
            other = open_.pop()
            if status[other] == DONE or seen >> other & 1:
                continue
            if status[other] == UNDER_WAY or not self.optional[other]:
                return False
            seen |= 1 << other
            open_.extend(self.after[other])
        return True

    def before(self, index: int, status: Sequence[int]) -> list[int]:
        """The steps one comes after, in route order; for an optional one that was not done, those that is after."""
        found = 0
        seen = 0
        open_ = list(self.after[index])
        while open_:
            other = open_.pop()
            if seen >> other & 1:
                continue
            seen |= 1 << other
            if status[other] == WAITING and self.optional[other]:
                open_.extend(self.after[other])
            else:
                found |= 1 << other
        return list(places(found))

    def _order(self) -> list[int]:
        missing = [len(before) for before in self.after]
        order = [index for index, count in enumerate(missing) if not count]
        for index in order:
            for other in self.followers[index]:
                missing[other] -= 1
                if not missing[other]:
                    order.append(other)
        if len(order) < len(self.steps):
            raise ValueError(f"route {self.route.procedure} {self.route.version} goes in a circle")
        return order


def places(mask: int) -> Iterator[int]:
    """The places in a mask, ascending: the order of the route."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


_plans: dict[int, Plan] = {}


def plan_of(route: RouteVersion) -> Plan:
    """The plan of a route, kept by the very object: versions are told apart by whoever made them.

    Raises:
        ValueError: see `Plan`.
    """
    # The plan holds its route, so an id is not given away while its plan is kept.
    plan = _plans.get(id(route))
    if plan is None:
        if len(_plans) >= _KEPT:
            _plans.clear()
        plan = _plans[id(route)] = Plan(route)
    return plan


def own_route(given: Sequence[Mapping[str, Any]] | None) -> RouteVersion | None:
    """The route a receipt came with (`accepted.route`): its steps follow one another in the order given.

    It has no version. Readings: an empty list says nothing, so it is none; a step named again later is left out, its
    first place holds.

    Args:
        given: members of step, unit and budget, free of nulls.
    """
    if not given:
        return None
    return _chain(tuple((step["step"], step.get("unit"), step.get("budget")) for step in given))


@lru_cache(maxsize=_KEPT)
def _chain(given: tuple[tuple[str, str | None, int | None], ...]) -> RouteVersion:
    steps: dict[str, RouteStep] = {}
    last: tuple[str, ...] = ()
    for step, unit, budget in given:
        if step not in steps:
            # The models read "90" or 90.0 as minutes too.
            minutes = None if budget is None else int(budget)
            steps[step] = RouteStep(step=step, unit=unit, budget=minutes, after=last)
            last = (step,)
    return RouteVersion(procedure="", version="", channel=None, steps=tuple(steps.values()))
