"""A machine that throws entries, reference data and ticks at the whole engine and holds it to the oracle after each.

Dossiers, corrections, withdrawals, contradictions, reference data of every kind, a clock that also goes back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.processing.facts.row import rejection_form
from shared.populations.steps import REJECTION
from tests.oracle.compare import compare_rows
from tests.oracle.expected import expected
from tests.oracle.rows import form_of, standing
from tests.strategies.grants import petitions, stamped
from tests.strategies.journals import WINDOWS, ZONE, instants_of, local, promised, written
from tests.strategies.reference import CHANNELS, PROCEDURES, UNITS, own_routes, references, steps
from tests.unit.oracle.depth import examples
from tests.unit.oracle.product import Run
from tests.whole_rows import whole

CODES = ["H38.08-261116-0001", "H39-261116-0002"]
SOURCES = ["urn:a", "urn:b"]
#: Entries about a dossier's surroundings, which give no facts of their own but count.
SURROUNDINGS: dict[str, dict[str, Any]] = {
    "quality.components_recorded": {"total": 3},
    "quality.identity_verified": {"by": "vneid"},
    "quality.personal_store_pushed": {},
    "quality.rated": {"verdict": "like"},
    "portal.sent": {},
    "portal.acknowledged": {},
    "portal.rejected": {"error_code": "E1"},
    "portal.snapshot": {"status": 4},
}
ENDS = ["resolved", "returned", "withdrawn", "stopped", "refused", "reopened"]
DUE_MOVES = ["supplement_requested", "supplement_received", "fee_requested", "fee_paid", "extended", "apologised"]


class Engine(RuleBasedStateMachine):
    """Two dossiers and their reference data in one partition: partitions know nothing of each other."""

    def __init__(self) -> None:
        super().__init__()
        self.run = Run()
        self.lines: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.moments: list[datetime] = []
        self.begin = self.due = datetime(2026, 1, 1, tzinfo=UTC)
        self.grants = False

    @initialize(data=st.data(), window=st.sampled_from(WINDOWS), codes=st.sampled_from([CODES, CODES[:1], []]))
    def start(self, data: st.DataObject, window: tuple[str, str], codes: list[str]) -> None:
        """The stretch of time in which everything happens; most dossiers are accepted at its beginning."""
        self.begin, self.due = (local(text) for text in window)
        self.moments = instants_of(self.begin, self.due)
        self.grants = data.draw(st.booleans())
        for _ in range(data.draw(st.integers(0, 5))):
            self.revise(data)
        for code in codes:
            self._new(data, ("dossier.accepted", code, self._receipt(data)), self.begin)

    @rule(data=st.data(), code=st.sampled_from(CODES))
    def receive(self, data: st.DataObject, code: str) -> None:
        receipt = self._receipt(data)
        kind = data.draw(st.sampled_from(["dossier.accepted", "dossier.submitted", "dossier.submitted"]))
        if kind == "dossier.submitted":
            receipt = {name: receipt[name] for name in ("unit", "channel", "procedure") if name in receipt}
        self._enter(data, code, kind, receipt)

    @rule(data=st.data(), code=st.sampled_from(CODES), kind=st.sampled_from(DUE_MOVES))
    def move_due(self, data: st.DataObject, code: str, kind: str) -> None:
        content: dict[str, Any] = {}
        if kind == "extended":
            later = data.draw(st.sampled_from([self.due + timedelta(days=days) for days in (-1, 0, 2, 5, 9)]))
            content = {"promised_due": later.astimezone(ZONE).date().isoformat(), "reason": "capacity"}
        elif kind == "fee_paid":
            content = {"channel": "national"}
        elif kind == "supplement_received" and data.draw(st.booleans()):
            content = {"promised_due": data.draw(promised(self.moments))}
        in_time = [moment for moment in self.moments if self.begin <= moment < self.due - timedelta(hours=1)]
        self._enter(data, code, f"dossier.{kind}", content, in_time)

    @rule(data=st.data(), code=st.sampled_from(CODES), act=steps())
    def act_on_step(self, data: st.DataObject, code: str, act: tuple[str, dict[str, Any]]) -> None:
        self._enter(data, code, *act)

    @precondition(lambda self: self._under_way())
    @rule(data=st.data(), kind=st.sampled_from(["completed", "completed", "completed", "sent_back", "assigned"]))
    def go_on(self, data: st.DataObject, kind: str) -> None:
        """An act on what is under way, mostly by its owner, so that dossiers get far on their routes."""
        code, step = data.draw(st.sampled_from(self._under_way()))
        unit = data.draw(st.sampled_from([step["unit"], step["unit"], *UNITS])) or UNITS[0]
        since = [moment for moment in self.moments if moment >= self.begin]
        self._enter(data, code, f"step.{kind}", {"step": step["step"], "unit": unit}, since)

    @rule(data=st.data(), code=st.sampled_from(CODES), unit=st.sampled_from(UNITS))
    def hand_over(self, data: st.DataObject, code: str, unit: str) -> None:
        self._enter(data, code, "dossier.handed_over", {"unit": unit})

    @rule(data=st.data(), code=st.sampled_from(CODES), end=st.sampled_from(ENDS))
    def end(self, data: st.DataObject, code: str, end: str) -> None:
        # Mostly about when it falls due or later, so that much happens before, and some are late.
        late = [moment for moment in self.moments if moment >= self.due - timedelta(hours=3)]
        self._enter(data, code, f"dossier.{end}", {}, late)

    @rule(data=st.data(), code=st.sampled_from(CODES), kind=st.sampled_from(sorted(SURROUNDINGS)))
    def note(self, data: st.DataObject, code: str, kind: str) -> None:
        self._enter(data, code, kind, SURROUNDINGS[kind])

    @rule(data=st.data(), code=st.sampled_from(CODES), said=petitions())
    def petition(self, data: st.DataObject, code: str, said: tuple[str, dict[str, Any]]) -> None:
        self._enter(data, code, *said)

    @rule(data=st.data())
    def revise(self, data: st.DataObject) -> None:
        """A reference entry; most were ordered long before, some just when dossiers end."""
        type_, subject, content = data.draw(references(self.begin.astimezone(ZONE).date()))
        long_ago = self.moments[0].replace(year=self.begin.year - 1)
        time = data.draw(st.sampled_from([long_ago, long_ago, long_ago, *self.moments]))
        self._new(data, (type_, subject, content), time)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """What was sent before once more: again, at another time, with another's content, withdrawn; any revision."""
        old = data.draw(st.sampled_from(self.sent))
        fate = data.draw(st.sampled_from(["again", "time", "content", "content", "withdrawn"]))
        new = dict(old)
        if fate == "time":
            new["time"] = data.draw(written(data.draw(st.sampled_from(self.moments))))
        elif fate == "content":
            reference = _is_reference(old)
            other = data.draw(st.sampled_from([one for one in self.sent if _is_reference(one) == reference]))
            new |= {name: other[name] for name in ("type", "time", "data")}
        elif fate == "withdrawn":
            new["data"] = None
        if fate != "again":
            new["revision"] = data.draw(st.integers(0, 3))
        self._send(new if _is_reference(new) else self._stamp(data, new))

    @rule(data=st.data(), ahead=st.integers(0, 3))
    def tick(self, data: st.DataObject, ahead: int) -> None:
        """The clock; now and then it is corrected to an earlier time."""
        type_ = "clock.corrected" if ahead == 0 else "clock.ticked"
        moment = data.draw(st.sampled_from(self.moments))
        self._new(data, (type_, "clock", {}), moment)

    @invariant()
    def all_is_as_the_oracle_says(self) -> None:
        told = expected(self.lines, ZONE)
        rows = {key: form_of(key, row) for key, row in self.run.rows.items()}
        assert compare_rows(rows, told.rows()) == []
        for key, state in self.run.states.items():
            assert standing(self.run.happened.get(key, [])) == told.announced(key), key
            rejected = [whole(rejection_form(act), REJECTION.facts) for act in state.rejected]
            assert _acts(self.run.acts.get(key, [])) == sorted(rejected, key=repr), key

    def _under_way(self) -> list[tuple[str, dict[str, Any]]]:
        """Steps under way, by the engine."""
        rows = sorted(self.run.rows.items())
        return [(code, step) for code, row in rows for step in row.get("steps", []) if step.get("ended_at") is None]

    def _receipt(self, data: st.DataObject) -> dict[str, Any]:
        draw = data.draw
        receipt: dict[str, Any] = {
            "unit": draw(st.sampled_from(UNITS)),
            "channel": draw(st.sampled_from([*CHANNELS, "online", "kiosk"])),
            "procedure": draw(st.sampled_from([*PROCEDURES, *PROCEDURES, None])),
        }
        due = self.due.astimezone(ZONE)
        receipt["promised_due"] = draw(st.sampled_from([None, due.date().isoformat(), due.isoformat()]))
        if draw(st.integers(0, 7)) == 7:
            receipt["statutory_due"] = draw(promised(self.moments))
        if draw(st.integers(0, 4)) == 4:
            receipt["route"] = draw(own_routes())
        return receipt

    def _enter(
        self,
        data: st.DataObject,
        code: str,
        type_: str,
        content: dict[str, Any],
        likely: Sequence[datetime] = (),
    ) -> None:
        """A dossier's entry, at a likely time more often than at another."""
        usual: int = data.draw(st.integers(0, 3))
        moments = likely if likely and usual else self.moments
        self._new(data, (type_, code, content), data.draw(st.sampled_from(moments)))

    def _new(self, data: st.DataObject, said: tuple[str, str, dict[str, Any]], time: datetime) -> None:
        """A new entry: what it says as type, subject and content."""
        type_, subject, content = said
        entry: dict[str, Any] = {
            "specversion": "1.0",
            "type": type_,
            "source": data.draw(st.sampled_from(SOURCES)),
            "id": f"e{len(self.lines)}",
            "subject": subject,
            "time": data.draw(written(time)),
            "data": content,
        }
        sequence = data.draw(st.sampled_from([None, None, None, -1, 1, 2]))
        if sequence is not None:
            entry["sequence"] = sequence
        self._send(entry if _is_reference(entry) else self._stamp(data, entry))

    def _stamp(self, data: st.DataObject, entry: dict[str, Any]) -> dict[str, Any]:
        """The grant of its sender; in every other run all are from before grants."""
        return data.draw(stamped(entry)) if self.grants else entry

    def _send(self, entry: dict[str, Any]) -> None:
        entry = json.loads(json.dumps(entry))
        line = {"partition": 0, "offset": len(self.lines), "entry": entry}
        self.lines.append(line)
        if not entry["type"].startswith("clock.") and entry["data"] is not None:
            self.sent.append(entry)
        self.run.take(line)


def _is_reference(entry: dict[str, Any]) -> bool:
    return entry["subject"] not in CODES


def _acts(acts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rejections that stand; each said once, and none taken back that was not said."""
    left: list[dict[str, Any]] = []
    for act in acts:
        if act["kind"] == "entry.rejected":
            assert act["rejection"] not in left
            left.append(act["rejection"])
        else:
            left.remove(act["rejection"])
    return sorted(left, key=repr)


TestEngine = Engine.TestCase
TestEngine.settings = settings(examples(120), stateful_step_count=40)
