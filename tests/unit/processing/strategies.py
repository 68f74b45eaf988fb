"""Hypothesis strategies for journal entries as CloudEvents dicts: plausible lives of dossiers, and wild entries.

Times fall on few instants around opening, closing and each other, ids repeat and revisions collide, so that ties,
corrections and boundaries are the rule. Used by every suite that needs entries.
"""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import strategies as st

__all__ = [
    "CODES",
    "UNITS",
    "as_bytes",
    "dossier_entries",
    "entry",
    "instants",
    "journals",
    "life",
    "wild_entries",
]

Json = dict[str, Any]

CODES = ("H44.01-261116-0001", "H44.01-261116-0002", "H44.02.05-261117-0001")
UNITS = ("H44.01", "H44.02", "H44.02.05")
SOURCES = ("one-stop/a", "one-stop/b")

_DAYS = ("2026-11-16", "2026-11-17", "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-23", "2026-11-24", "2026-11-25")
_HOURS = ("00:00:00", "07:30:00", "09:00:00", "11:30:00", "12:15:00", "16:00:00", "17:00:00", "17:00:00.000001")
_DUE_DAYS = ("2026-11-15", "2026-11-17", "2026-11-20", "2026-11-21", "2026-11-23", "2026-11-24", "2026-11-27")

#: RFC 3339 texts with the offset of Asia/Ho_Chi_Minh.
instants = st.builds(lambda day, hour: f"{day}T{hour}+07:00", st.sampled_from(_DAYS), st.sampled_from(_HOURS))
due_texts = st.sampled_from(_DUE_DAYS) | instants
_maybe_due = st.none() | due_texts
_units = st.sampled_from(UNITS)
_steps = st.sampled_from(("receive", "check", "sign"))
_reasons = st.none() | st.sampled_from(("papers", "applicant"))


def _some(**members: Any) -> st.SearchStrategy[Json]:
    """A dict of the members; those drawn as None are sometimes left out, sometimes null."""
    return st.builds(
        lambda drop, values: {k: v for k, v in values.items() if v is not None or not drop},
        st.booleans(),
        st.fixed_dictionaries(members),
    )


_channels = st.sampled_from(("online", "postal", "direct", "kiosk"))
_procedures = st.none() | st.sampled_from(("1.000001", "2.000815"))
_submitted = _some(procedure=_procedures, channel=_channels, unit=_units)
_accepted = _some(
    procedure=_procedures,
    channel=_channels,
    unit=_units,
    receiving_unit=st.none() | _units,
    promised_due=_maybe_due,
    statutory_due=st.none() | st.just("2026-12-01"),
)
_reason = _some(reason=_reasons)

#: Data by type, weighted by repetition in `_TYPES`.
DATA: dict[str, st.SearchStrategy[Json]] = {
    "dossier.submitted": _submitted,
    "dossier.accepted": _accepted,
    "dossier.refused": _reason,
    "dossier.supplement_requested": _reason,
    "dossier.supplement_received": _some(promised_due=_maybe_due),
    "dossier.fee_requested": _some(amount=st.none() | st.just(20_000)),
    "dossier.fee_paid": st.fixed_dictionaries({"channel": st.sampled_from(("none", "national", "provincial"))}),
    "dossier.extended": st.fixed_dictionaries({"promised_due": due_texts, "reason": st.just("inter-agency")}),
    "dossier.apologised": _some(promised_due=_maybe_due),
    "dossier.withdrawn": _reason,
    "dossier.stopped": _reason,
    "dossier.resolved": _some(e_result=st.none() | st.booleans()),
    "dossier.returned": st.just({}),
    "dossier.reopened": _reason,
    "dossier.handed_over": st.fixed_dictionaries({"unit": _units}),
    "step.assigned": _some(step=_steps, unit=_units, budget=st.none() | st.sampled_from((60, 240))),
    "step.completed": _some(step=_steps, unit=st.none() | _units),
    "step.sent_back": _some(step=_steps, unit=st.none() | _units, reason=_reasons),
    "quality.rated": st.just({"verdict": "like"}),
    "petition.received": st.just({"petition": "P-1"}),
    "portal.sent": st.just({}),
}
_TYPES = (
    *DATA,
    *("dossier.accepted",) * 3,
    *("dossier.supplement_requested", "dossier.supplement_received", "dossier.extended") * 2,
    *("dossier.resolved",) * 2,
)


@st.composite
def entry(draw: st.DrawFn, code: str = CODES[0], type_: str | None = None, time: str | None = None) -> Json:
    """One valid entry of a dossier, of any type, a few of them withdrawals."""
    kind = draw(st.sampled_from(_TYPES)) if type_ is None else type_
    made: Json = {
        "specversion": "1.0",
        "type": kind,
        "source": draw(st.sampled_from(SOURCES)),
        "id": str(draw(st.integers(1, 12))),
        "subject": code,
        "time": draw(instants) if time is None else time,
        "data": draw(DATA[kind]) if type_ is not None or draw(st.integers(0, 11)) else None,
    }
    if draw(st.booleans()):
        made["revision"] = draw(st.integers(0, 2))
    if draw(st.integers(0, 3)) == 0:
        made["sequence"] = draw(st.integers(-1, 2))
    if draw(st.booleans()):
        made |= {"sender": draw(st.sampled_from(("s1", "s2"))), "recordedtime": "2026-11-26T03:00:00Z"}
    return made


def wild_entries(code: str = CODES[0], max_size: int = 14) -> st.SearchStrategy[list[Json]]:
    """Any entries of one dossier, in any order, with colliding identities."""
    return st.lists(entry(code), min_size=1, max_size=max_size)


@st.composite
def life(draw: st.DrawFn, code: str = CODES[0]) -> list[Json]:
    """A life that fits: submitted, accepted, some work and pauses, an end, perhaps a reopening; every id once."""
    kinds = ["dossier.submitted", "dossier.accepted"]
    for _ in range(draw(st.integers(0, 5))):
        kinds += draw(
            st.sampled_from(
                (
                    ["step.assigned", "step.completed"],
                    ["dossier.supplement_requested", "dossier.supplement_received"],
                    ["dossier.extended"],
                    ["dossier.handed_over"],
                    ["dossier.fee_requested", "dossier.fee_paid"],
                    ["dossier.supplement_requested"],
                )
            )
        )
    ends: tuple[list[str], ...] = (
        [],
        ["dossier.resolved"],
        ["dossier.resolved", "dossier.returned"],
        ["dossier.withdrawn"],
        ["dossier.stopped"],
        ["dossier.resolved", "dossier.reopened", "dossier.resolved"],
        ["dossier.withdrawn", "dossier.reopened"],
    )
    kinds += draw(st.sampled_from(ends))
    # Texts of one zone with fractions sort by time once the fraction is filled up.
    times = sorted(draw(st.lists(instants, min_size=len(kinds), max_size=len(kinds))), key=_sortable)
    made = []
    for number, (kind, time) in enumerate(zip(kinds, times, strict=True)):
        data = draw(DATA[kind])
        if kind == "dossier.accepted" and draw(st.integers(0, 3)):
            data = data | {"promised_due": draw(due_texts)}
        made.append(
            {
                "specversion": "1.0",
                "type": kind,
                "source": SOURCES[0],
                "id": f"{code}/{number}",
                "subject": code,
                "time": time,
                "sequence": number,
                "data": data,
            }
        )
    return made


def dossier_entries(code: str = CODES[0]) -> st.SearchStrategy[list[Json]]:
    """Entries of one dossier: a life that fits, a wild set, or a life with wild entries among it."""
    mixed = st.builds(lambda a, b: a + b, life(code), wild_entries(code, 4))
    return life(code) | wild_entries(code) | mixed


@st.composite
def journals(draw: st.DrawFn) -> list[Json]:
    """Entries of one to three dossiers, interleaved."""
    codes = CODES[: draw(st.integers(1, len(CODES)))]
    return draw(st.permutations([made for code in codes for made in draw(dossier_entries(code))]))


def as_bytes(made: Json) -> bytes:
    """The entry as a journal record's value."""
    return orjson.dumps(made)


def _sortable(text: str) -> str:
    head = text.removesuffix("+07:00")
    return head if "." in head else head + ".000000"
