"""What a case's sources tell of it, and what they get wrong about its acceptance, its steps and its end.

Knows the entries' data and which mistake is planned; the case file stays as it is, save where rules decide between two
contents of one identity.
"""

from __future__ import annotations

import hashlib
import json
from random import Random
from typing import Any

from shared.calendar import WorkCalendar
from shared.instants import DAY, MINUTE, SECOND, to_rfc3339, to_rfc3339_local
from simulator.course.casefile import Case
from simulator.course.chances import some_time
from simulator.course.telling import Teller
from simulator.world.habits import SHARES

__all__ = ["Notices"]

_CHANNELS = ("online", "postal", "direct")


class Notices:
    """Tells what happens to cases.

    Args:
        teller: takes the entries.
        calendar: for dates that are promised.
        roll: dice of mistakes and of what is told beside.
    """

    def __init__(self, teller: Teller, calendar: WorkCalendar, roll: Random) -> None:
        self._teller = teller
        self._calendar = calendar
        self._roll = roll

    def tell(
        self,
        case: Case,
        at: int,
        type_: str,
        data: dict[str, Any],
        *,
        unit: str | None = None,
        now: int | None = None,
        subject: str | None = None,
    ) -> tuple[str, int]:
        """An entry as it is, about the case unless it has another subject; gives its id and when it is sent."""
        id_ = case.next_id()
        now, subject = at if now is None else now, subject or case.code
        return id_, self._teller.tell(subject, unit or case.unit, id_, at=at, type_=type_, data=data, now=now)

    def date_text(self, due: int) -> str:
        """A promised instant as offices write it: the day alone where it is closing time."""
        day = self._calendar.local_date(due)
        return day.isoformat() if self._calendar.closing(day) == due else to_rfc3339_local(due, self._calendar.zone)

    # --- The receipt ---

    def submitted(self, case: Case, at: int) -> None:
        """It was handed in."""
        data = {"procedure": case.service.code, "channel": case.channel, "unit": case.unit}
        self.tell(case, at, "dossier.submitted", data)

    def accepted(self, case: Case, at: int) -> None:
        """The receipt, as it is or with the planned mistake."""
        roll, mistake = self._roll, case.plan["mistake"]
        data = self._receipt(case)
        wrong = self._wrong_receipt(case, data, mistake)
        id_, sent = self.tell(case, at, "dossier.accepted", data if wrong is None else wrong)
        later = sent + some_time(roll, "correction")
        if mistake == "two_contents":
            other = data | {"channel": roll.choice([name for name in _CHANNELS if name != case.channel])}
            self._again(case, id_, at, "dossier.accepted", other, sent=later, revision=0)
            # The rule, not the counter, says which of the two it is: the one with the smaller hash.
            if _digest("dossier.accepted", at, other) < _digest("dossier.accepted", at, data):
                case.channel = other["channel"]
        elif wrong is not None:
            self._again(case, id_, at, "dossier.accepted", data, sent=later)
        elif mistake == "registered_by_mistake":
            self._again(case, id_, at, "dossier.accepted", None, sent=later)
        elif mistake == "second_acceptance":
            again = data | {"channel": roll.choice(_CHANNELS)}
            self.tell(case, at + DAY, "dossier.accepted", again, now=at)
        elif mistake == "early_entry":
            given = {"step": case.service.tasks[0].step, "unit": case.unit, "budget": 1}
            self.tell(case, at - 10 * MINUTE, "step.assigned", given, now=at)
        elif mistake == "malformed":
            self._teller.garbled(case.code, case.unit, f"{case.code}/wrong", at, {"total": 2})
        total = roll.randint(2, 9)
        parts = {
            "total": total,
            "digitised": total if roll.random() < SHARES["all_digitised"] else roll.randint(0, total),
        }
        self.tell(case, at + 2 * MINUTE, "quality.components_recorded", parts, now=at)
        if roll.random() < SHARES["identity_verified"]:
            self.tell(case, at, "quality.identity_verified", {"by": "vneid"})

    def _receipt(self, case: Case) -> dict[str, Any]:
        channel = "kiosk" if case.plan["mistake"] == "unknown_channel" else case.channel
        data: dict[str, Any] = {"procedure": case.service.code, "channel": channel, "unit": case.unit}
        if case.due is not None and case.plan["promises"]:
            data["promised_due"] = self.date_text(case.due)
        if case.service.own_route:
            owners = case.plan["units"]
            data["route"] = [
                {"step": task.step, "unit": unit, "budget": task.budget}
                for task, unit in zip(case.service.tasks, owners, strict=True)
            ]
        if case.home.kind == "department" and self._roll.random() < SHARES["handed_in_elsewhere"]:
            # Since 7/2025 a dossier can be handed in anywhere in the province.
            data["receiving_unit"] = f"{case.home.parent}.{self._roll.randint(101, 110)}"
        return data

    def _wrong_receipt(self, case: Case, data: dict[str, Any], mistake: str) -> dict[str, Any] | None:
        roll = self._roll
        if mistake == "corrected_channel":
            return data | {"channel": roll.choice([name for name in _CHANNELS if name != case.channel])}
        if mistake == "corrected_unit":
            return data | {"unit": roll.choice(case.home.peers)}
        if mistake == "corrected_promise" and "promised_due" in data and case.due is not None:
            day = self._calendar.nth_working_day(self._calendar.local_date(case.due), roll.choice((-2, -1, 1, 2, 3)))
            return data | {"promised_due": day.isoformat()}
        return None

    # --- Work ---

    def assigned(self, case: Case, at: int, unit: str) -> None:
        """A step was given to a unit, a moment after the one before was done."""
        task = case.service.tasks[case.task]
        given = {"step": task.step, "unit": unit, "budget": task.budget}
        self.tell(case, at + SECOND, "step.assigned", given, unit=unit, now=at)

    def completed(self, case: Case, at: int, unit: str) -> None:
        """A step is done; now and then somebody else says so first, or nobody."""
        step, mistake, odd = case.service.tasks[case.task].step, case.plan["mistake"], case.task == 1
        if mistake == "stranger" and odd:
            stranger = self._roll.choice([peer for peer in case.home.peers if peer != unit])
            self.tell(case, at - SECOND, "step.completed", {"step": step, "unit": stranger}, unit=stranger, now=at)
        if mistake == "missing_step" and odd:
            case.sure = False
            return
        done = {"step": step, "unit": unit}
        if mistake == "wrong_code" and odd:
            self._under_wrong_code(case, at, done)
        self.tell(case, at, "step.completed", done, unit=unit)

    def _under_wrong_code(self, case: Case, at: int, data: dict[str, Any]) -> None:
        """Told of a dossier that is none, and withdrawn there."""
        typed, id_, later = f"{case.code}0", case.next_id(), at + some_time(self._roll, "taking_back")
        tell, unit = self._teller.tell, data["unit"]
        tell(typed, unit, id_, at=at, type_="step.completed", data=data, now=at)
        tell(typed, unit, id_, at=at, type_="step.completed", data=None, now=at, revision=1, sent=later)

    def midway(self, case: Case, at: int) -> None:
        """Mistakes that happen while somebody works on it."""
        mistake = case.plan["mistake"]
        later = at + some_time(self._roll, "taking_back")
        if mistake == "withdrawn_end":
            id_, _ = self.tell(case, at, "dossier.withdrawn", {"reason": "WRONG_DOSSIER"})
            self._again(case, id_, at, "dossier.withdrawn", None, sent=later)
        elif mistake == "withdrawn_request":
            id_, _ = self.tell(case, at, "dossier.supplement_requested", {"reason": "WRONG_DOSSIER"})
            self._again(case, id_, at, "dossier.supplement_requested", None, sent=later)
        elif mistake == "receipt_without_request":
            self.tell(case, at, "dossier.supplement_received", {})

    # --- The end ---

    def ended(self, case: Case, at: int, kind: str) -> int:
        """An end, as it is or with the planned mistake; gives when it was sent right."""
        mistake = case.plan["mistake"]
        data: dict[str, Any] = {"reason": "APPLICANT"}
        if kind == "resolved":
            document = self._roll.random() < SHARES["document"]
            data = {"result_document": document, "e_result": document and self._roll.random() < SHARES["e_result"]}
        type_ = f"dossier.{kind}"
        id_ = case.next_id()
        told = at
        if mistake == "corrected_end" and case.accepted is not None:
            # Typed a day or less too early.
            told = max(case.accepted + MINUTE, at - some_time(self._roll, "wrong_end"))
        elif mistake == "end_before_acceptance":
            told = at - 3 * MINUTE
        sent = self._teller.tell(case.code, case.unit, id_, at=told, type_=type_, data=data, now=at)
        if mistake == "corrected_end":
            sent += some_time(self._roll, "correction")
            self._again(case, id_, at, type_, data, sent=sent)
        later = at + some_time(self._roll, "afterthought")
        if mistake == "entry_after_finish":
            if case.home.peers:
                self.tell(case, later, "dossier.handed_over", {"unit": case.home.peers[0]}, now=at)
            if case.due is not None:
                longer = {"promised_due": self.date_text(case.due + 5 * DAY), "reason": "COMPLEX"}
                self.tell(case, later + MINUTE, "dossier.extended", longer, now=at)
        elif mistake == "second_end":
            self.tell(case, later, "dossier.stopped", {"reason": "WRONG_DOSSIER"}, now=at)
        return sent

    def take_back(self, case: Case, id_: str, at: int, type_: str, sent: int) -> None:
        """What was told is withdrawn."""
        self._again(case, id_, at, type_, None, sent=sent)

    def _again(
        self,
        case: Case,
        id_: str,
        at: int,
        type_: str,
        data: dict[str, Any] | None,
        *,
        sent: int,
        revision: int = 1,
    ) -> None:
        """The same identity once more: a correction, a withdrawal, or another content under one revision."""
        self._teller.tell(
            case.code, case.unit, id_, at=at, type_=type_, data=data, now=at, revision=revision, sent=sent
        )


def _digest(type_: str, at: int, data: dict[str, Any]) -> str:
    """SHA-256 of an entry's content, as docs/rules.md says."""
    content = {"type": type_, "time": to_rfc3339(at), "data": data}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
