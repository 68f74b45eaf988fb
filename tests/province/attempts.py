"""What a sender tries on a dossier of another: every type that is judged, before, in and after its life.

All combinations are made from the contract's list of types. Knows entries only, no door.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.oracle.journal import TYPE_ORDER
from tests.province.month import Kind, petition_of, played

__all__ = ["JUDGED", "UNJUDGED", "Attempt", "attempts", "stolen"]

Data = dict[str, Any]

#: All of the three groups but the payment; what tells of surroundings needs only its source.
JUDGED = [
    type_
    for type_ in TYPE_ORDER
    if type_.split(".")[0] in ("dossier", "step", "petition") and type_ != "dossier.fee_paid"
]
UNJUDGED = ["dossier.fee_paid", *(type_ for type_ in TYPE_ORDER if type_.split(".")[0] in ("quality", "portal"))]
#: Before the acceptance, when it is fresh, and when all is over.
MOMENTS = ("06T07:00", "06T08:30", "28T08:00")


@dataclass(frozen=True)
class Attempt:
    """An entry that is tried, and the code by which its sender is to hear of it.

    `later` is the same identity sent again: corrected, or withdrawn.
    """

    entry: Data
    told: str
    later: Data | None
    topic: bool


def _data(type_: str, unit: str, kind: Kind) -> Data:
    """Data in which a sender names its own unit wherever one may stand: the dossier is to become its."""
    group, name = type_.split(".")
    if group == "petition":
        return {"unit": unit} | ({"verdict": "disliked"} if name == "judged" else {})
    if group == "step":
        return {"step": kind.step, "unit": unit}
    due = {"promised_due": "2025-10-31"}
    return {
        "submitted": {"unit": unit, "channel": "online"},
        "accepted": {"unit": unit, "channel": "online", **due},
        "handed_over": {"unit": unit},
        "extended": {**due, "reason": "r"},
        "supplement_received": due,
    }.get(name, {})


def attempts(province: str, kind: Kind, code: str, by: str, turn: int) -> Iterator[Attempt]:
    """All attempts of one sender on one dossier, half of them by topic; `turn` tells which half.

    A correction or a withdrawal follows one of each type, so that they are fewer than a dossier keeps of such.
    """
    for number, type_ in enumerate(JUDGED):
        for place, moment in enumerate(MOMENTS):
            # Who receives a petition first has it, and both hear of it; the other petition is nobody's to take.
            first = type_ == "petition.received" and place < 2
            ident = {"type": type_, "source": f"agency/{province}{by}", "id": f"{code}/{type_}/{place}"}
            data = played(province, _data(type_, by, kind))
            subject = petition_of(code, "Q" if first else "P") if type_.startswith("petition.") else code
            entry = {"specversion": "1.0", **ident, "subject": subject, "time": _time(moment), "data": data}
            corrected = {**entry, "revision": 1, "time": _time(moment.replace(":00", ":10"))}
            later = corrected if (number + turn) % 2 else {**entry, "revision": 1, "data": None}
            told = "contested_petition" if first else "not_entitled"
            yield Attempt(entry, told, later if place == 1 else None, (number + place + turn) % 2 == 0)


def stolen(own: Data, province: str, by: str, unit: str) -> list[tuple[str, Data]]:
    """What the door already refuses, with the code of the refusal: another's name, another's unit.

    Args:
        own: an entry of the dossier by who may send it.
        province: code of the province.
        by: who tries.
        unit: whose the dossier is.
    """
    mine = {**own, "source": f"agency/{province}{by}", "id": f"{own['id']}/{by}"}
    receipt = {"unit": province + unit, "channel": "online"}
    return [
        ("source_not_granted", {**own, "revision": 1, "data": None}),
        (
            "source_not_granted",
            {**own, "id": f"{own['id']}/{by}", "type": "dossier.fee_paid", "data": {"channel": "none"}},
        ),
        ("unit_not_granted", {**mine, "type": "dossier.accepted", "data": receipt}),
        ("unit_not_granted", {**mine, "type": "dossier.submitted", "data": receipt}),
    ]


def _time(moment: str) -> str:
    return f"2025-10-{moment}:00+07:00"
