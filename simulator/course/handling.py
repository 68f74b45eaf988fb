"""What offices do with a case: receipt, steps in turn, what holds it up, the end. Keeps its case file true.

Knows the case file, the queues (through the course of events) and what is told; sends nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Protocol

from shared.calendar import WorkCalendar
from shared.calendar.terms import term_due
from shared.instants import HOUR, MINUTE, SECOND
from simulator.course.casefile import Case
from simulator.course.chances import some_time
from simulator.course.notices import Notices
from simulator.course.surroundings import Surroundings
from simulator.world import habits

__all__ = ["Handling"]

_DAY_OF_WORK = 480 * MINUTE
_REVIEW = 1  # the task in which most trouble comes up


class Events(Protocol):
    """What the course of events does for the handling."""

    open: dict[str, Case]

    def at(self, when: int, handler: Callable[[int, Any], None], what: Any) -> None:
        """Something will happen."""
        ...

    def queue(self, at: int, case: Case, unit: str, work: int) -> None:
        """A case waits for somebody of a unit."""
        ...

    def close(self, case: Case) -> None:
        """Nothing changes of a case any more."""
        ...


class Handling:
    """Handles cases.

    Args:
        events: the course of events.
        notices: tells what happens.
        surroundings: tells what happens around.
        calendar: working time.
        roll: dice.
    """

    def __init__(
        self, events: Events, notices: Notices, surroundings: Surroundings, calendar: WorkCalendar, roll: Random
    ) -> None:
        self._events = events
        self._notices = notices
        self._surroundings = surroundings
        self._calendar = calendar
        self._roll = roll

    def _happens(self, what: str) -> bool:
        return self._roll.random() < habits.SHARES[what]

    def _within(self, what: str) -> int:
        return some_time(self._roll, what)

    # --- Receipt ---

    def comes_in(self, at: int, case: Case) -> None:
        """It is handed in: at the counter it is taken at once, else within working hours."""
        if case.channel == "direct":
            self._accept(at, case)
            return
        case.submitted = at
        self._notices.submitted(case, at)
        self._events.open[case.code] = case
        answer = self._calendar.add_working(at, case.plan["answer"])
        self._events.at(answer, self._answer, case)

    def _answer(self, at: int, case: Case) -> None:
        if self._happens("refused"):
            self._notices.tell(case, at, "dossier.refused", {"reason": "INCOMPLETE"})
            self._events.close(case)
        else:
            self._accept(at, case)

    def _accept(self, at: int, case: Case) -> None:
        service, plan = case.service, case.plan
        mistake = plan["mistake"]
        case.accepted = at
        if service.promise is not None:
            case.promise.due = term_due(self._calendar, at, service.promise)
        elif service.maximum is not None:
            case.limit = self._calendar.add_working(at, service.maximum * MINUTE)
        # Some systems do not say what they promised: the committed term says it.
        plan["promises"] = self._happens("promise_told")
        if case.due is not None and plan["promises"] and self._happens("promise_a_day_later"):
            later = self._calendar.nth_working_day(self._calendar.local_date(case.due), 1)
            case.promise.due = self._calendar.closing(later)
        departments = case.home.departments
        plan["units"] = [case.unit if one.department is None else departments[one.department] for one in service.tasks]
        self._notices.accepted(case, at)
        if mistake == "registered_by_mistake":
            case.accepted = None
            self._events.close(case)
            return
        self._events.open[case.code] = case
        if mistake == "end_before_acceptance":
            case.begin(case.unit, at, service.tasks[0].budget)
            self._finish(at, case, "resolved")
            return
        self._surroundings.received(case, at)
        if case.due is not None and service.procedure.days and self._happens("apology"):
            self._events.at(case.due - HOUR, self._look_ahead, (case, case.due))
        self._begin(at, case)

    def _look_ahead(self, at: int, what: tuple[Case, int]) -> None:
        """An hour before the due: whoever will be late says so, most of them."""
        case, due = what
        if case.finished is None and case.due == due and case.promise.waiting is None:
            new = self._calendar.nth_working_day(self._calendar.local_date(due), self._roll.randint(1, 4))
            self._notices.tell(case, at, "dossier.apologised", {"form": "04", "promised_due": new.isoformat()})

    # --- Steps ---

    def _unit_of(self, case: Case) -> str:
        unit: str = case.plan["units"][case.task]
        return unit if case.service.tasks[case.task].department is not None else case.unit

    def _begin(self, at: int, case: Case) -> None:
        unit, task, plan = self._unit_of(case), case.service.tasks[case.task], case.plan
        case.begin(unit, at, task.budget)
        self._notices.assigned(case, at, unit)
        half = max(MINUTE, plan["lags"][case.task] // 2 // SECOND * SECOND)
        trouble = plan["trouble"]
        last = case.task == len(case.service.tasks) - 1
        here = last if trouble == "sent_back" else case.task == _REVIEW
        if here and (trouble or plan["mistake"]) and "met" not in plan:
            plan["met"] = True
            self._events.at(self._calendar.add_working(at, half), self._midway, case)
        else:
            self._after(at, 2 * half, case)

    def _after(self, at: int, lag: int, case: Case) -> None:
        """When the papers are together it waits for somebody's time."""
        self._events.at(self._calendar.add_working(at, lag), self._ready, case)

    def _ready(self, at: int, case: Case) -> None:
        self._events.queue(at, case, self._unit_of(case), case.plan["works"][case.task])

    def done(self, at: int, case: Case) -> None:
        """Somebody is done with a step: the next begins, or it is resolved."""
        case.end(at)
        self._notices.completed(case, at, self._unit_of(case))
        case.task += 1
        if case.task < len(case.service.tasks):
            self._begin(at, case)
        else:
            self._finish(at, case, "resolved")

    # --- What holds it up ---

    def _midway(self, at: int, case: Case) -> None:
        trouble = case.plan["trouble"]
        half = max(MINUTE, case.plan["lags"][case.task] // 2 // SECOND * SECOND)
        if trouble == "supplement":
            self._ask(at, case)
        elif trouble in ("withdrawn", "stopped"):
            self._finish(at, case, trouble)
        elif trouble == "turned_down":
            self._finish(at, case, "refused")
        elif trouble == "sent_back":
            self._send_back(at, case)
        elif trouble == "extension_and_supplement":
            self._extend(at, case)
            self._events.at(self._calendar.add_working(at, half), self._ask, case)
        else:
            if trouble == "extension":
                half += self._extend(at, case)
            elif trouble == "handed_over":
                unit = self._roll.choice(case.home.peers)
                self._notices.tell(case, at, "dossier.handed_over", {"unit": unit})
                case.hand_over(unit, at, self._calendar)
            elif trouble == "resumed":
                # The applicant takes it back and thinks better of it.
                self._notices.tell(case, at, "dossier.withdrawn", {"reason": "APPLICANT"})
                case.parked = (at, "withdrawn")
                half += _DAY_OF_WORK // 2
            else:
                self._notices.midway(case, at)
            self._after(at, half, case)

    def _ask(self, at: int, case: Case) -> None:
        """A supplement is asked for; the applicant answers within days, or never."""
        roll, plus = self._roll, self._calendar.add_working
        case.ask(at)
        self._notices.tell(case, at, "dossier.supplement_requested", {"reason": "MISSING_PAPERS"})
        if self._happens("unanswered"):
            self._events.at(plus(at, habits.NO_ANSWER_DAYS * _DAY_OF_WORK), self._give_up, case)
            return
        wait = int(roll.uniform(*habits.ANSWER_DAYS) * 480) * MINUTE
        if self._happens("asked_meanwhile"):
            self._events.at(plus(at, wait // 2), self._ask_meanwhile, case)
        self._events.at(plus(at, wait), self._supplement, case)

    def _ask_meanwhile(self, at: int, case: Case) -> None:
        case.ask(at)
        self._notices.tell(case, at, "dossier.supplement_requested", {"reason": "MORE_PAPERS"})

    def _supplement(self, at: int, case: Case) -> None:
        data: dict[str, Any] = {}
        due = None
        if case.service.promise is not None and self._happens("new_date") and case.service.procedure.days:
            due = term_due(self._calendar, at, case.service.promise)
            data["promised_due"] = self._notices.date_text(due)
        case.answered(at, due, self._calendar)
        self._notices.tell(case, at, "dossier.supplement_received", data)
        if "again" not in case.plan and self._happens("asked_again"):
            case.plan["again"] = True
            self._events.at(self._calendar.add_working(at, self._within("again")), self._ask, case)
        else:
            self._after(at, case.plan["lags"][case.task] // 2, case)

    def _give_up(self, at: int, case: Case) -> None:
        self._finish(at, case, "stopped")

    def _extend(self, at: int, case: Case) -> int:
        """An extension is told, in time or, by one in five, on the due day; gives the working time it is worth."""
        if case.due is None:
            return 0
        days = self._roll.randint(2, 6)
        when = at
        if self._happens("extended_too_late"):
            when = max(at, self._calendar.opening(self._calendar.local_date(case.due)) + HOUR)
        self._events.at(when, self._extended, (case, days))
        return int(self._roll.uniform(0.5, days) * 480) * MINUTE

    def _extended(self, at: int, what: tuple[Case, int]) -> None:
        case, days = what
        if case.finished is not None or case.due is None:
            return
        due = self._calendar.closing(self._calendar.nth_working_day(self._calendar.local_date(case.due), days))
        if self._happens("extended_with_apology"):
            new = {"form": "04", "promised_due": self._notices.date_text(due)}
            self._notices.tell(case, at, "dossier.apologised", new)
        case.extend(at, due, self._calendar)
        told = {"promised_due": self._notices.date_text(due), "reason": "COMPLEX"}
        self._notices.tell(case, at, "dossier.extended", told)

    def _send_back(self, at: int, case: Case) -> None:
        """The leader sends it back to be reviewed again; what lies between is done again."""
        tasks, unit = case.service.tasks, self._unit_of(case)
        back = {"step": tasks[case.task].step, "unit": unit, "to": tasks[_REVIEW].step, "reason": "INCOMPLETE"}
        case.end(at)
        self._notices.tell(case, at, "step.sent_back", back, unit=unit)
        case.task = _REVIEW
        self._begin(at, case)

    # --- The end ---

    def _finish(self, at: int, case: Case, kind: str) -> None:
        trouble = case.plan["trouble"]
        case.close(at, kind)
        sent = self._notices.ended(case, at, kind)
        if kind == "resolved" and trouble == "reopened" and "reopened" not in case.plan:
            case.plan["reopened"] = True
            self._events.at(at + self._within("reopening"), self._reopen, case)
            return
        if kind == "resolved" and self._happens("returned"):
            returned = at + int(self._roll.expovariate(1 / (6 * 3600))) * SECOND
            self._notices.tell(case, returned, "dossier.returned", {}, now=at)
        self._surroundings.ended(case, at, sent)
        self._events.close(case)

    def _reopen(self, at: int, case: Case) -> None:
        """The result was wrong: its end is annulled, and it is resolved again later."""
        self._notices.tell(case, at, "dossier.reopened", {"reason": "ERROR_IN_RESULT"})
        case.finished = case.finish = None
        self._events.at(self._calendar.add_working(at, self._within("second_handling")), self._resolve, case)

    def _resolve(self, at: int, case: Case) -> None:
        self._finish(at, case, "resolved")
