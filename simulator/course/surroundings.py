"""What surrounds a case: fees, the national portal's view, petitions with a life of their own, ratings.

None of it changes the truth about the dossier; the portal's view is counted beside it, with the cause of each
difference.
"""

from __future__ import annotations

from random import Random
from typing import Any

from shared.calendar import WorkCalendar
from shared.instants import DAY, HOUR, MINUTE, to_rfc3339
from simulator.course.casefile import Case
from simulator.course.chances import some_time
from simulator.course.notices import Notices
from simulator.world.habits import GATEWAYS, SHARES, VERDICTS

__all__ = ["Surroundings"]

#: Working time within which a petition is to be answered, in working days.
_PETITION_DAYS = 15


class Surroundings:
    """Tells what surrounds cases.

    Args:
        notices: takes the entries.
        calendar: working time.
        roll: dice.
    """

    def __init__(self, notices: Notices, calendar: WorkCalendar, roll: Random) -> None:
        self._notices = notices
        self._calendar = calendar
        self._roll = roll
        #: What the portal took for overdue: because of data, because it was.
        self.portal = {"told": 0, "overdue": 0, "overdue_by_data": 0, "overdue_really": 0}

    def received(self, case: Case, at: int) -> None:
        """After the receipt: a fee, a first synchronisation, perhaps a petition."""
        roll, notices = self._roll, self._notices
        fee = case.service.procedure.fee
        start = at + 3 * MINUTE
        if fee:
            notices.tell(case, start, "dossier.fee_requested", {"amount": fee}, now=at)
            if roll.random() < SHARES["fee_paid"]:
                paid = start + some_time(roll, "paying")
                gateway = roll.choices(tuple(GATEWAYS), tuple(GATEWAYS.values()))[0]
                notices.tell(case, paid, "dossier.fee_paid", {"channel": gateway, "amount": fee}, now=at)
        case.plan["portal"] = roll.random() < SHARES["portal"]
        if case.plan["portal"]:
            notices.tell(case, start + MINUTE, "portal.sent", {}, now=at)
            reply: tuple[str, dict[str, Any]] = ("portal.acknowledged", {})
            if roll.random() < SHARES["portal_rejects"]:
                reply = ("portal.rejected", {"error_code": roll.choice(("E17", "E04"))})
            notices.tell(case, start + 2 * MINUTE, *reply, now=at)
        if roll.random() < SHARES["petition"]:
            self._petition(case, at + some_time(roll, "petition"), at)

    def _petition(self, case: Case, at: int, now: int) -> None:
        """A petition about it: refused, or asked about and answered within 15 working days or later, then published.

        Some come to the province first, which hands them over.
        """
        roll, plus = self._roll, self._calendar.add_working
        subject = f"PA-{case.code}"
        # Dice of its own: what a petition goes through changes nothing else.
        own = Random(subject)  # noqa: S311

        def tell(
            told: Case, moment: int, type_: str, data: dict[str, Any], *, now: int, unit: str | None = None
        ) -> None:
            self._notices.tell(told, moment, type_, data, unit=unit, now=now, subject=subject)

        code = {"dossier": case.code}
        if own.random() < SHARES["petition_handed_over"]:
            above = case.home.parent
            tell(case, at, "petition.received", code | {"unit": above}, now=now, unit=above)
            at = plus(at, own.randint(60, 960) * MINUTE)
            tell(case, at, "petition.handed_over", {"unit": case.unit}, now=now, unit=above)
        else:
            tell(case, at, "petition.received", code | {"unit": case.unit}, now=now)
        code = {}
        if roll.random() < SHARES["petition_refused"]:
            tell(case, plus(at, some_time(roll, "petition_refusal")), "petition.refused", code, now=now)
            return
        if roll.random() < SHARES["petition_more_asked"]:
            asked = plus(at, some_time(roll, "petition_asking"))
            tell(case, asked, "petition.more_asked", code, now=now)
            if own.random() < SHARES["petition_supplemented"]:
                tell(case, plus(asked, own.randint(60, 1_920) * MINUTE), "petition.supplemented", code, now=now)
        late = roll.random() < SHARES["petition_late"]
        days = roll.uniform(_PETITION_DAYS, 25) if late else roll.uniform(2, _PETITION_DAYS)
        answered = plus(at, int(days * 480) * MINUTE)
        tell(case, answered, "petition.answered", code, now=now)
        published = plus(answered, some_time(roll, "petition_publishing"))
        tell(case, published, "petition.published", code, now=now)
        verdict = roll.choices(tuple(VERDICTS), tuple(VERDICTS.values()))[0]
        judged = published + some_time(roll, "petition_judging")
        tell(case, judged, "petition.judged", code | {"verdict": verdict}, now=now)

    def ended(self, case: Case, at: int, sent: int) -> None:
        """After the end: what the portal sees of it, and a rating."""
        roll = self._roll
        if case.plan.get("portal"):
            self._snapshot(case, at, sent)
        if case.finish == "resolved" and roll.random() < SHARES["stored"]:
            self._notices.tell(case, at + MINUTE, "quality.personal_store_pushed", {}, now=at)
        if roll.random() < SHARES["rated"]:
            rating: dict[str, Any] = {"verdict": "dislike" if roll.random() < SHARES["disliked"] else "like"}
            if roll.random() < SHARES["scored"]:
                rating = {"score": roll.randint(20, 60) if rating["verdict"] == "dislike" else roll.randint(70, 100)}
            when = at + some_time(roll, "rating")
            id_, told = self._notices.tell(case, when, "quality.rated", rating, now=at)
            if roll.random() < SHARES["wrongly_rated"]:
                # Rated under the wrong dossier and taken back.
                self._notices.take_back(case, id_, when, "quality.rated", told + HOUR)

    def _snapshot(self, case: Case, at: int, sent: int) -> None:
        """The portal takes the sending for the end: late data make a dossier late."""
        due = case.due
        if due is None:
            return
        wrong = self._roll.random() < SHARES["portal_wrong_end"]
        end = sent + 2 * DAY if wrong else sent
        view: dict[str, Any] = {"due": to_rfc3339(due), "status": 9, "end": to_rfc3339(end)}
        self.portal["told"] += 1
        if end > due:
            really = case.judged is not None and case.judged > due
            self.portal["overdue"] += 1
            self.portal["overdue_really" if really else "overdue_by_data"] += 1
            looked = self._calendar.opening(self._calendar.next_working_day(self._calendar.local_date(due)))
            if looked < sent:
                # The portal looked before it was told of the end.
                del view["end"]
                view["status"] = 4
                self._notices.tell(case, max(at, looked), "portal.snapshot", view, now=max(at, looked))
                return
        self._notices.tell(case, max(at, end) + MINUTE, "portal.snapshot", view, now=at)
