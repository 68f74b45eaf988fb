"""What is handled: the fictitious procedures with their terms, the tasks of their handling and who does each.

Pure. The procedures are those of the simulated province; those of several agencies send a dossier from queue to queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from shared.calendar.terms import Term
from simulator.world.habits import WORK_MINUTES
from simulator.world.province import DEPARTMENTS, MINUTES_A_DAY, PROCEDURES, Procedure, term_minutes

__all__ = ["COMMUNE_SERVICES", "DEPARTMENT_SERVICES", "SERVICES", "VERSION", "Service", "Task"]

#: Version of what is made known; the small simulated province has its own.
VERSION: Final = "year-1"

#: Departments (by number) that take part in a procedure beside the handling unit, in their order.
_PARTNERS: Final[dict[str, tuple[int, ...]]] = {
    "9.900011": (9,),  # birth and health insurance
    "9.900012": (1,),  # death and funeral grant
    "9.900013": (9, 3),  # monthly allowance
    "9.900018": (6, 3),  # first registration of land
    "9.900019": (6, 5, 3),  # change of land use
    "9.003003": (6, 5),  # investment policy
    "9.006001": (3, 5),  # land use certificate
}
#: Without any term, judged by nothing; and without a term but with the most working days they may take.
_NO_TERM: Final = frozenset({"9.900020"})
_MAXIMUM: Final = {"9.900015": 16}
#: Promised in calendar days.
_CALENDAR_DAYS: Final = {"9.002003": 35, "9.005001": 21}


@dataclass(frozen=True, slots=True)
class Task:
    """One step: its part of the handling, its budget and one person's mean work in minutes.

    `department` is the number of the one that does it; None: the handling unit in the role `role`.
    """

    step: str
    part: float
    role: str | None
    department: int | None
    budget: int
    work: float


@dataclass(frozen=True, slots=True)
class Service:
    """A procedure as the simulated offices handle it.

    Attributes:
        procedure: its code, name, fee and how often it is asked for.
        promise: the term promised; None if none is.
        maximum: the most working time it may take where nothing is promised, in minutes.
        tasks: in their order.
        own_route: whether each receipt names its route, since other agencies take part.
    """

    procedure: Procedure
    promise: Term | None
    maximum: int | None
    tasks: tuple[Task, ...]
    own_route: bool

    @property
    def code(self) -> str:
        """Of the procedure."""
        return self.procedure.code

    def published(self) -> dict[str, Any]:
        """The data of its `procedure.published`."""
        one = self.procedure
        authority = None if one.department is None else _name(one.department)
        return {
            "procedure": one.code,
            "version": VERSION,
            "name": f"{one.name} (mô phỏng)",
            "levels": ["commune" if one.kind == "commune" else "province"],
            "authority": authority,
            "applicants": ["citizen", "business"],
            "terms": self._terms(),
            "fee": one.fee > 0,
            "online": "full",
        }

    def _terms(self) -> list[dict[str, str]]:
        if self.maximum is not None:
            return [{"kind": "maximum", "amount": str(self.maximum // 60), "unit": "working_hours"}]
        if self.promise is None:
            return []
        promised = {"kind": "committed", "amount": str(self.promise.amount), "unit": self.promise.unit}
        if self.procedure.hours:
            return [{"kind": "statutory", "amount": "1", "unit": "working_days"}, promised]
        # The law's term is the longer by the 30 % cut.
        amount = int(self.promise.amount)
        law = amount if amount < 3 else -(-amount * 10 // 7)
        return [{"kind": "statutory", "amount": str(law), "unit": self.promise.unit}, promised]

    def route(self) -> dict[str, Any]:
        """The data of its `route.revised`; only where no other agency takes part."""
        steps = [{"step": one.step, "role": one.role, "budget": one.budget} for one in self.tasks]
        return {"procedure": self.code, "version": VERSION, "steps": steps}


def _name(department: str) -> str:
    return next(unit.name for unit in DEPARTMENTS if unit.code == department)


def _partners(one: Procedure) -> tuple[int, ...]:
    if one.code in _PARTNERS:
        return _PARTNERS[one.code]
    return () if one.other is None else (int(one.other.rpartition(".")[2]),)


def _promise(one: Procedure) -> Term | None:
    if one.code in _NO_TERM or one.code in _MAXIMUM:
        return None
    if one.hours:
        return Term(Fraction(one.hours), "working_hours")
    if one.code in _CALENDAR_DAYS:
        return Term(Fraction(_CALENDAR_DAYS[one.code]), "calendar_days")
    return Term(Fraction(one.days), "working_days")


def _service(one: Procedure) -> Service:
    partners = _partners(one)
    shares: list[tuple[str, float, str | None, int | None]] = [
        ("tiep_nhan", 0.1, "one_stop_counter", None),
        ("tham_dinh", 0.6, "specialist", None),
        ("trinh_ky", 0.3, "leader", None),
    ]
    names = [f"lien_thong_{number:02d}" for number in partners]
    shares[2:2] = [(name, 0.4, None, number) for name, number in zip(names, partners, strict=True)]
    whole = sum(share for _, share, _, _ in shares)
    term = term_minutes(one)
    basis, more, most = WORK_MINUTES
    work = min(most, basis + more * term / MINUTES_A_DAY)
    tasks = tuple(
        Task(name, share / whole, role, number, int(term * share / whole), max(1.0, work * share))
        for name, share, role, number in shares
    )
    maximum = _MAXIMUM[one.code] * MINUTES_A_DAY if one.code in _MAXIMUM else None
    return Service(one, _promise(one), maximum, tasks, bool(partners))


SERVICES: Final = tuple(_service(one) for one in PROCEDURES)
COMMUNE_SERVICES: Final = tuple(one for one in SERVICES if one.procedure.kind == "commune")
#: By the department's number.
DEPARTMENT_SERVICES: Final = {
    number: tuple(one for one in SERVICES if one.procedure.department == unit.code)
    for number, unit in enumerate(DEPARTMENTS, 1)
}
