"""Hypothesis strategies for who sends: grants as intake stamps them, none, too wide and too narrow ones, and petitions.

Few units and patterns, so that senders of one unit, of those above and below it, and strangers meet on one dossier.
Knows the contract's words only; it imports nothing of the product.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

__all__ = ["Contest", "contests", "petitions", "stamped"]

Line = dict[str, Any]

UNITS = ["H38", "H38.08", "H38.08.01", "H38.100", "H39"]
#: None is of an entry from before grants. H40 is a unit only as parent of others; the last two say things twice.
GRANTS: list[list[str] | None] = [
    None,
    ["*"],
    [],
    ["H38"],
    ["H38"],
    ["H38.08"],
    ["H38.08"],
    ["H38.08.01"],
    ["H38.100"],
    ["H39"],
    ["H39"],
    ["H40"],
    ["H38.1*", "H39"],
    ["H3*"],
    ["H38", "H38.08"],
    ["*", "H39"],
]

#: The stamp of an entry as its members: one, or none.
_stamps = st.sampled_from([{} if grant is None else {"grant": json.dumps(grant)} for grant in GRANTS])


@st.composite
def stamped(draw: st.DrawFn, entry: Line) -> Line:
    """An entry with the grant of whoever sent it this time, in place of the one it has."""
    return {name: value for name, value in entry.items() if name != "grant"} | draw(_stamps)


PETITION_KINDS = [
    *("received", "received", "more_asked", "more_asked", "supplemented", "supplemented", "handed_over"),
    *("refused", "answered", "published", "judged", "judged"),
]
DOSSIERS = [None, None, "x", "H38.08-261116-0001"]


@st.composite
def petitions(draw: st.DrawFn) -> tuple[str, Line]:
    """Type and data of an entry about the subject as a petition, or in the old form about another.

    It may name a unit and a dossier.
    """
    kind = draw(st.sampled_from(PETITION_KINDS))
    data: Line = {}
    for name, values in (("petition", [None, None, None, "P1", "P2"]), ("unit", [None, *UNITS]), ("dossier", DOSSIERS)):
        value = draw(st.sampled_from(values))
        data |= {} if value is None else {name: value}
    if kind == "judged":
        data["verdict"] = draw(st.sampled_from(["disliked", "satisfied", "raised_again"]))
    return f"petition.{kind}", data


#: Few instants, so that hand-overs, ends and acts often fall on one.
INSTANTS = [f"2026-11-{day}T{hour}:00+07:00" for day in (16, 17, 18) for hour in ("08", "10")]
CODES = ["H38.08-261116-0001", "000.08.H38-261116-0001", "H38.08.01-261116-0001", "H39-261116-0001", "x"]
KINDS = [
    *(["dossier.accepted"] * 2),
    *(["dossier.submitted"] * 2),
    *(["dossier.handed_over"] * 4),
    *("dossier.resolved", "dossier.refused", "dossier.reopened", "dossier.supplement_requested", "dossier.fee_paid"),
    *("step.assigned", "step.assigned", "step.completed", "step.completed", "step.sent_back"),
    *(["petition"] * 3),
]
SHAPES = [["check", "sign", "post"], ["sign", "check"], ["check"], None]


@dataclass(frozen=True)
class Contest:
    """The entries of one dossier that several claim, and unit entries of the same partition."""

    code: str
    entries: list[Line]
    units: list[Line]


@st.composite
def _claim(draw: st.DrawFn) -> Line:
    kind = draw(st.sampled_from(KINDS))
    unit = draw(st.sampled_from(UNITS))
    data: Line = {}
    if kind == "petition":
        kind, data = draw(petitions())
    elif kind in ("dossier.accepted", "dossier.submitted"):
        data = {"unit": unit, "channel": "online"}
        if kind == "dossier.accepted":
            data["receiving_unit"] = draw(st.sampled_from([None, None, *UNITS]))
            names = draw(st.sampled_from(SHAPES))
            data["route"] = names and [{"step": name, "unit": draw(st.sampled_from(UNITS))} for name in names]
    elif kind == "dossier.handed_over":
        data = {"unit": unit}
    elif kind == "dossier.fee_paid":
        data = {"channel": "national"}
    elif kind.startswith("step."):
        data = {"step": draw(st.sampled_from(["check", "sign", "post"]))}
        if kind == "step.assigned" or draw(st.booleans()):
            data["unit"] = unit
    return {"type": kind, "time": draw(st.sampled_from(INSTANTS)), "data": data}


@st.composite
def _registered(draw: st.DrawFn, number: int) -> Line:
    """A version of a unit: parents and successors go up the list or out of it, so that they make no circle."""
    place = draw(st.integers(0, len(UNITS) - 1))
    others = [None, "H40", *UNITS[:place]]
    days = [None, None, "2026-11-16", "2026-11-17", "2026-11-18", "2026-12-01"]
    names = ("parent", "successor", "valid_from", "valid_to")
    drawn = (draw(st.sampled_from(choices)) for choices in (others, others, days, days))
    told = {name: value for name, value in zip(names, drawn, strict=True) if value is not None}
    if told.get("valid_to", "9") < told.get("valid_from", ""):
        del told["valid_to"]
    said = {"type": "unit.revised", "source": "register", "id": f"u{number}", "subject": UNITS[place]}
    time = draw(st.sampled_from([*INSTANTS, "2027-06-01T00:00+07:00"]))
    return {"specversion": "1.0", **said, "time": time, "data": {"unit": UNITS[place], **told}}


@st.composite
def contests(draw: st.DrawFn) -> Contest:
    """A dossier that several sources accept, submit, hand over, end and act on, each under some grant."""
    code = draw(st.sampled_from(CODES))
    claims = draw(st.lists(_claim(), min_size=2, max_size=12))
    if draw(st.integers(0, 3)):
        receipt = {"unit": draw(st.sampled_from(UNITS)), "channel": "direct"}
        claims.append({"type": "dossier.accepted", "time": INSTANTS[0], "data": receipt})
    entries = []
    for number, claim in enumerate(claims):
        ident = {"source": draw(st.sampled_from(["urn:a", "urn:b", "urn:c"])), "id": f"e{number}", "subject": code}
        entry = draw(stamped({"specversion": "1.0", **ident, **claim}))
        entries.append(entry)
        fate = draw(st.integers(0, 9))
        if fate == 0:
            entries.append(draw(stamped(entry)))
        elif fate == 1:
            entries.append(draw(stamped({**entry, **draw(_claim()), "revision": 1})))
        elif fate == 2:
            entries.append(draw(stamped({**entry, "data": None, "revision": 1})))
    units = [draw(_registered(number)) for number in range(draw(st.integers(0, 4)))]
    return Contest(code, entries, units)
