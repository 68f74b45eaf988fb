"""A month of a test province: two departments, a counter that accepts for both, four communes, a central system.

One commune merges into another in the middle of the month, which sends its last days. The province's code is a
parameter, so that the same month can be played by other keys beside it. Knows entries only, no door and no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "ACTORS",
    "COUNTER",
    "GATEWAY",
    "KINDS",
    "MERGED",
    "Act",
    "Kind",
    "month",
    "petition_of",
    "played",
    "registered",
]

Data = dict[str, Any]

#: The end of a unit's code after that of the province; the province's own system has none.
CENTRAL, COUNTER = "", ".50"
DEPARTMENTS, COMMUNES, MERGED = (".01", ".02"), (".101", ".102", ".103"), ".104"
#: Each with a key of its own. The gateway has sources and no unit: it tells of payments.
ACTORS = (CENTRAL, COUNTER, *DEPARTMENTS, *COMMUNES, MERGED)
GATEWAY = "gateway"
ROUTE = [("check", ".01", 480), ("appraise", ".02", 960), ("sign", ".01", 480)]


@dataclass(frozen=True)
class Act:
    """One entry of the month: who sends it, what it says, and when in October 2025 (`06T08:00`).

    `petition` is the one it is about, where it is not about the dossier itself.
    """

    by: str
    type: str
    at: str
    data: Data
    petition: str | None = None


@dataclass(frozen=True)
class Kind:
    """A dossier's life: the unit in its code, those others who may act on it, and a step that only they may touch.

    `acts` are its entries; texts of data that begin with a dot are units of the province.
    """

    unit: str
    others: tuple[str, ...]
    acts: tuple[Act, ...]
    step: str = "survey"


def _accepted(by: str, unit: str, **more: Any) -> Act:
    data = {"unit": unit, "channel": "direct", "promised_due": "2025-10-20", **more}
    return Act(by, "dossier.accepted", "06T08:00", data)


def _with_petition(unit: str, others: tuple[str, ...], *acts: Act, step: str = "survey") -> Kind:
    """Every dossier gets two petitions, of which the unit answers one."""
    petitions = (
        Act(CENTRAL, "petition.received", "20T08:00", {"unit": unit}, "P"),
        Act(unit, "petition.answered", "21T08:00", {}, "P"),
        Act(unit, "petition.received", "20T09:00", {"unit": unit}, "Q"),
    )
    return Kind(unit, others, (*acts, *petitions), step)


_ROUTE = [{"step": step, "unit": unit, "budget": budget} for step, unit, budget in ROUTE]
KINDS: tuple[Kind, ...] = (
    _with_petition(
        ".01",
        (COUNTER,),
        _accepted(COUNTER, ".01", receiving_unit=COUNTER, route=_ROUTE),
        Act(".01", "step.completed", "07T09:00", {"step": "check", "unit": ".01"}),
        Act(".02", "step.completed", "09T09:00", {"step": "appraise", "unit": ".02"}),
        Act(".01", "step.completed", "10T09:00", {"step": "sign", "unit": ".01"}),
        Act(".01", "dossier.resolved", "10T10:00", {}),
        Act(COUNTER, "dossier.returned", "13T08:00", {}),
        step="sign",
    ),
    _with_petition(
        ".02",
        (COUNTER,),
        Act(COUNTER, "dossier.submitted", "06T07:30", {"unit": ".02", "channel": "online"}),
        _accepted(COUNTER, ".02", channel="online"),
        Act(".02", "dossier.supplement_requested", "07T09:00", {}),
        Act(COUNTER, "dossier.supplement_received", "09T09:00", {"promised_due": "2025-10-22"}),
        Act(".02", "dossier.apologised", "13T09:00", {"form": "04", "promised_due": "2025-10-24"}),
        Act(".02", "dossier.extended", "13T10:00", {"promised_due": "2025-10-24", "reason": "capacity"}),
        Act(".02", "dossier.resolved", "23T10:00", {}),
    ),
    _with_petition(
        ".101",
        (".102",),
        _accepted(".101", ".101"),
        Act(".101", "step.assigned", "07T09:00", {"step": "survey", "unit": ".102", "budget": 480}),
        Act(".102", "step.completed", "09T09:00", {"step": "survey", "unit": ".102"}),
        Act(".101", "dossier.handed_over", "10T09:00", {"unit": ".102"}),
        Act(".102", "dossier.resolved", "21T09:00", {}),
    ),
    _with_petition(
        ".102",
        (),
        _accepted(".102", ".102", channel="postal"),
        Act(".102", "dossier.fee_requested", "07T09:00", {"amount": 50000}),
        Act(GATEWAY, "dossier.fee_paid", "08T09:00", {"channel": "national", "amount": 50000}),
        Act(GATEWAY, "quality.rated", "09T09:00", {"verdict": "like"}),
    ),
    _with_petition(
        ".103",
        (),
        _accepted(".103", ".103", channel="online"),
        Act(".103", "dossier.stopped", "08T09:00", {}),
        Act(".103", "dossier.reopened", "09T09:00", {}),
        Act(".103", "dossier.resolved", "16T09:00", {}),
    ),
    _with_petition(
        MERGED,
        (".103",),
        _accepted(MERGED, MERGED),
        # The new commune sends the last days of the old one.
        Act(".103", "dossier.resolved", "14T09:00", {}),
    ),
    _with_petition(CENTRAL, (), _accepted(CENTRAL, CENTRAL), Act(CENTRAL, "dossier.withdrawn", "09T09:00", {})),
)


def month(province: str, kind: Kind, code: str) -> list[tuple[str, Data]]:
    """The entries of a dossier of a kind, each with who sends it.

    Args:
        province: code of the province.
        kind: its life.
        code: the dossier's code.
    """
    return [(act.by, _entry(province, act, code, number)) for number, act in enumerate(kind.acts)]


def played(province: str, data: Any) -> Any:
    """Data of the month for a province: units get their whole codes."""
    if isinstance(data, dict):
        units = {"unit", "receiving_unit"}
        return {key: province + one if key in units else played(province, one) for key, one in data.items()}
    return [played(province, one) for one in data] if isinstance(data, list) else data


def _entry(province: str, act: Act, code: str, number: int) -> Data:
    source = f"{GATEWAY}/{province}" if act.by == GATEWAY else f"agency/{province}{act.by}"
    data = played(province, act.data)
    said = {"type": act.type, "source": source, "id": f"{code}/{number}", "subject": code}
    if act.petition is not None:
        said["subject"], data = petition_of(code, act.petition), {**data, "dossier": code}
    return {"specversion": "1.0", **said, "time": f"2025-10-{act.at}:00+07:00", "data": data}


def petition_of(code: str, petition: str) -> str:
    """The code of a dossier's petition."""
    return f"{petition}/{code}"


def registered(province: str) -> list[Data]:
    """The units of a province, one of which has a successor from the middle of the month on."""
    found: list[Data] = []
    for unit in ACTORS:
        kind = "province" if unit == CENTRAL else "commune" if unit in (*COMMUNES, MERGED) else "department"
        data: Data = {"unit": province + unit, "kind": kind}
        if unit == MERGED:
            data |= {"valid_to": "2025-10-15", "successor": f"{province}.103"}
        ident = {"type": "unit.revised", "source": "register", "id": f"{province}{unit}", "subject": province + unit}
        found.append({"specversion": "1.0", **ident, "time": "2025-01-01T00:00:00+07:00", "data": data})
    return found
