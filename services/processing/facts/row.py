"""The fact row as it goes on the lifecycle topic: facts in the contract's JSON form, as they are declared.

Pure. Decides nothing; every value is the attribute of what was derived that has the name of the member.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from shared.instants import to_rfc3339
from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import CodeSet, Fact, Instant, Items, Listed, Pauses
from shared.populations.steps import REJECTION, STEP

__all__ = ["encoder", "instant_text", "rejection_form", "row_of", "step_form"]

Encode = Callable[[Any], Any]


@lru_cache(maxsize=65_536)
def instant_text(instant: int) -> str:
    """RFC 3339 text of an instant; a dossier's instants recur in each of its rows, hence the cache."""
    return to_rfc3339(instant)


def encoder(facts: tuple[Fact, ...]) -> Callable[[Any], dict[str, Any]]:
    """What makes the JSON-able row of a case of what is known of it.

    A member that has what a reader takes for a missing one is left out: null, an empty list, no.

    Args:
        facts: as declared, two at least.
    """
    take = attrgetter(*(fact.wire for fact in facts))
    members: list[tuple[str, Any, Encode | None]] = [
        (fact.wire, [] if fact.missing == () else fact.missing, _form(fact)) for fact in facts
    ]

    def encode(known: Any) -> dict[str, Any]:
        return {
            name: value if form is None else form(value)
            for (name, missing, form), value in zip(members, take(known), strict=True)
            if value is not None and value != missing
        }

    return encode


def _form(fact: Fact) -> Encode | None:
    """How a value is written; None: as it is."""
    match fact.form:
        case Instant():
            return instant_text
        case Pauses():
            return lambda pauses: [
                [instant_text(begin), None if end is None else instant_text(end)] for begin, end in pauses
            ]
        case CodeSet(of=Items() as items) | Listed(items=items):
            one = encoder(items.facts)
            return lambda things: [one(thing) for thing in things]
        case CodeSet():
            return list
    return None


#: The contract's DossierRow of what is known of a dossier, its Step of an occurrence, its Rejection of an act.
row_of = encoder(DOSSIERS.facts)
step_form = encoder(STEP.facts)
rejection_form = encoder(REJECTION.facts)
