"""How a dossier's state is written as a document of the database. Pure; knows no database.

The entries are one JSON text, since a document of many members costs ten times the price to encode and decode; the
procedures and units they name stand beside them, for finding the dossiers a reference entry can concern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any, Final

import orjson

from services.processing.cases import Case, dossier_case
from services.processing.engine import Announcement, CaseState, RejectedAct
from services.processing.record import EntryRecord, from_stored, to_stored
from services.processing.states.layers import HeldState
from services.processing.stream.revision.roster import Label, label_of

__all__ = ["from_document", "label_in", "to_document"]

#: Members of a stored entry that has no grant.
_WITHOUT_GRANT: Final = 13


def to_document(held: HeldState) -> dict[str, Any]:
    """The document of a state."""
    state = held.state
    label = label_of(state.entries, state.finished_at)
    grants: dict[str, int] = {}
    document = {
        "_id": state.key,
        "o": state.position,
        "t": state.timer,
        "e": orjson.dumps([_stored(entry, grants) for entry in state.entries]),
        "a": [one.to_stored() for one in state.announced],
        "f": state.finished_at,
        "c": state.capped,
        "b": held.size,
        "p": label.procedures,
        "u": label.units,
    }
    if state.case != dossier_case(state.key):
        document["y"] = [state.case.population, state.code]
    if label.limited:
        document["l"] = True
    if state.rejected:
        document["r"] = [[act.code, act.source, act.id, act.step, act.unit, act.owner] for act in state.rejected]
    if grants:
        document["g"] = list(grants)
    if state.crowded:
        document["n"] = True
    if state.contested:
        document["k"] = list(state.contested)
    return document


def _stored(entry: EntryRecord, grants: dict[str, int]) -> list[Any]:
    """An entry with its grant as a place among those of the dossier, of which there are few; without one, shorter."""
    stored = to_stored(entry)
    if entry.grant is None:
        stored.pop()
    else:
        stored[-1] = grants.setdefault(entry.grant, len(grants))
    return stored


def _from_stored(stored: list[Any], grants: Sequence[str]) -> EntryRecord:
    if len(stored) > _WITHOUT_GRANT:
        stored[-1] = grants[stored[-1]]
    return from_stored(stored)


def label_in(document: Mapping[str, Any]) -> Label:
    """The label in a document written by `to_document`."""
    return Label(tuple(document["p"]), tuple(document["u"]), document["f"], document.get("l", False))


def from_document(document: Mapping[str, Any]) -> HeldState:
    """The state written by `to_document`."""
    grants = [intern(grant) for grant in document.get("g", ())]
    key, other = document["_id"], document.get("y")
    state = CaseState(
        dossier_case(key) if other is None else Case(other[0], other[1], key),
        document["o"],
        tuple(_from_stored(entry, grants) for entry in orjson.loads(document["e"])),
        tuple(Announcement.from_stored(one) for one in document["a"]),
        document["t"],
        document["f"],
        document["c"],
        tuple(RejectedAct(*act) for act in document.get("r", ())),
        document.get("n", False),
        tuple(document.get("k", ())),
    )
    return HeldState(state, document["b"], stored=True)
