"""A row of the topic as its readers take it: members that stay off the topic have what stands for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.populations.all import POPULATIONS
from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import CodeSet, Fact, Items, Listed

__all__ = ["DECLARED", "whole"]

#: The facts of a row by the name of its population.
DECLARED = {population.name: population.facts for population in POPULATIONS}


def whole(row: Mapping[str, Any], facts: tuple[Fact, ...] = DOSSIERS.facts) -> dict[str, Any]:
    """The row with every member that is declared."""
    missing: dict[str, Any] = {
        fact.wire: [] if fact.missing == () else fact.missing for fact in facts if not fact.required
    }
    found = missing | dict(row)
    for fact in facts:
        items = fact.form.items if isinstance(fact.form, Listed) else None
        if isinstance(fact.form, CodeSet):
            items = fact.form.of
        if isinstance(items, Items):
            found[fact.wire] = [whole(one, items.facts) for one in found[fact.wire]]
    return found
