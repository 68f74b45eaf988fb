"""What whoever asks sees of a dossier as it is held; facts are derived only for who does not read everything."""

from __future__ import annotations

from functools import lru_cache

from services.processing.engine import Reference, facts
from services.processing.facts import Facts
from services.processing.http.sight.concerned import PetitionSight, Sight
from services.processing.petitions import PetitionFacts, derive
from services.processing.states.layers import HeldState
from shared.access.bearer import Bearer
from shared.access.reach import Reach
from shared.instants import local_date

__all__ = ["petition_sight_of", "reach_of", "sight_of"]


def reach_of(reference: Reference, clock: int | None, bearer: Bearer) -> Reach:
    """The units a bearer reads, as they are registered on the clock's day; before any tick: as they are in the end."""
    day = None if clock is None else local_date(clock, reference.zone)
    return Reach(bearer, reference.known.units(None), day)


def sight_of(held: HeldState, reference: Reference, clock: int | None, bearer: Bearer) -> Sight:
    """What a bearer sees of a dossier.

    Args:
        held: its state.
        reference: what it is judged by.
        clock: its partition's clock in UTC µs, None before the first tick.
        bearer: who asks.
    """

    @lru_cache(1)
    def known() -> Facts:
        return facts(held.state.code, held.state.entries, reference)

    return Sight(bearer, reach_of(reference, clock, bearer), known)


def petition_sight_of(held: HeldState, reference: Reference, clock: int | None, bearer: Bearer) -> PetitionSight:
    """What a bearer sees of a petition; as for dossiers."""

    @lru_cache(1)
    def known() -> PetitionFacts:
        return derive(held.state.code, held.state.entries, reference)

    return PetitionSight(bearer, reach_of(reference, clock, bearer), known)
