"""What holds on any route, whatever is reported: agreement with a slow walk, and sums that add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from services.processing.record import EntryRecord
from services.processing.routing import Routing, blame, follow_steps
from shared.instants import MINUTE
from shared.reference.kinds.routes import RouteStep, RouteVersion
from tests.unit.processing.routing.course import CALENDAR, at, calendar_of, course, entry, owns
from tests.unit.processing.routing.slow import walk_minutes

FIRST = at("16 07:30")
NAMES = ("a", "b", "c", "d", "e")
UNITS = ("U", "V", "A", "A.1", "B")
#: Minutes after acceptance in which something happens: ties, the midday break, the night, the next day.
MOMENTS = st.sampled_from((0, 15, 30, 40, 90, 91, 180, 240, 270, 330, 450, 570, 600, 1440, 1500, 1620))


@dataclass(frozen=True)
class Case:
    """A route and what is reported of a dossier on it."""

    route: RouteVersion
    entries: list[EntryRecord]
    finished_at: int | None
    pauses: list[tuple[int, int | None]]

    def follow(self, entries: list[EntryRecord] | None = None) -> Routing:
        return follow_steps(
            self.entries if entries is None else entries,
            accepted_at=FIRST,
            finished_at=self.finished_at,
            unit="U",
            route=self.route,
            pauses=self.pauses,
            calendar_of=calendar_of,
            owns=owns,
        )


@st.composite
def routes(draw: st.DrawFn, *, sequential: bool = False) -> RouteVersion:
    steps = []
    for index, name in enumerate(NAMES[: draw(st.integers(1, len(NAMES)))]):
        before = NAMES[:index]
        after = (
            before[-1:] if sequential else tuple(draw(st.lists(st.sampled_from(before), unique=True)) if before else ())
        )
        unit = draw(st.sampled_from((None, "U", "A", "B")))
        steps.append(
            RouteStep(
                step=name,
                unit=unit,
                role=None if unit else "clerk",
                budget=draw(st.none() | st.sampled_from((0, 30, 60, 240))),
                after=after,
                optional=not sequential and draw(st.integers(0, 3)) == 0,
            )
        )
    return RouteVersion(procedure="p", version="v", channel=None, steps=tuple(steps))


def _acts(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, dict[str, object]]]:
    step, unit = st.sampled_from(names), st.sampled_from(UNITS)
    maybe = st.none() | unit
    kinds = {
        "step.completed": st.builds(lambda s, u: {"step": s, "unit": u}, step, maybe),
        "step.assigned": st.builds(
            lambda s, u, b: {"step": s, "unit": u, "budget": b}, step, unit, st.none() | st.sampled_from((0, 45, 300))
        ),
        "step.sent_back": st.builds(
            lambda s, u, t: {"step": s, "unit": u, "to": t}, step, maybe, st.none() | st.sampled_from((*names, "x"))
        ),
        "dossier.handed_over": st.builds(lambda u: {"unit": u}, st.sampled_from(("U", "V"))),
    }
    # Completions without unit are the ordinary course, so that routes are walked to their end.
    plain = st.builds(lambda s: ("step.completed", {"step": s}), step)
    return st.one_of(plain, plain, *(st.tuples(st.just(kind), data) for kind, data in kinds.items()))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    route = draw(routes())
    names = tuple(step.step for step in route.steps)
    reported = sorted(draw(st.lists(st.tuples(MOMENTS, _acts(names)), max_size=14)), key=lambda given: given[0])
    entries = []
    for number, (minutes, (kind, data)) in enumerate(reported):
        plain = {key: value for key, value in data.items() if value is not None}
        entries.append(entry(number, kind, FIRST + minutes * MINUTE, plain))
    finished = draw(st.none() | MOMENTS)
    bounds = sorted(draw(st.sets(MOMENTS, max_size=6)))
    pauses: list[tuple[int, int | None]] = [
        (FIRST + begin * MINUTE, FIRST + end * MINUTE) for begin, end in zip(bounds[::2], bounds[1::2], strict=False)
    ]
    if len(bounds) % 2:
        pauses.append((FIRST + bounds[-1] * MINUTE, None))
    return Case(route, entries, None if finished is None else FIRST + finished * MINUTE, pauses)


@cache
def _worked(minute: int) -> bool:
    return CALENDAR.working_between(minute, minute + MINUTE) == MINUTE


def _works(case: Case) -> Callable[[int], bool]:
    def works(minute: int) -> bool:
        paused = any(begin <= minute and (end is None or minute < end) for begin, end in case.pauses)
        return not paused and _worked(minute)

    return works


@given(cases())
def test_a_walk_minute_by_minute_finds_the_same(case: Case) -> None:
    routing = case.follow()
    last = case.finished_at if case.finished_at is not None else FIRST + 1_700 * MINUTE
    slow = walk_minutes(
        case.route, case.entries, FIRST, last, finished=case.finished_at is not None, works=_works(case)
    )
    assert [
        (fact.step, fact.unit, fact.begun_at, fact.ended_at, fact.outcome, fact.budget, fact.role is not None)
        for fact in routing.steps
    ] == [
        (turn.step, turn.unit, turn.begun_at, turn.ended_at, turn.outcome, turn.budget, turn.by_role)
        for turn in slow.turns
    ]
    for fact, turn in zip(routing.steps, slow.turns, strict=True):
        if fact.ended_at is not None:
            assert fact.used_us == turn.minutes * MINUTE
    assert [(code, about.id) for code, about in routing.findings] == slow.findings
    assert [act.id for act in routing.rejections] == slow.rejected
    if case.finished_at is None and not (case.pauses and case.pauses[-1][1] is None):
        under_way = sorted({turn.unit for turn in slow.turns if turn.ended_at is None})
        assert routing.holders == (under_way or [slow.accountable])
    waiting = [step.step for step in case.route.steps if step.step not in slow.done and slow.running(step.step) is None]
    if case.finished_at is None:
        assert [step.step for step in routing.ahead if not step.optional] == [
            name for name in waiting if not slow.step(name).optional
        ]


@given(cases())
def test_what_is_over_is_what_was_held_after_the_due(case: Case) -> None:
    for fact in case.follow().steps:
        if fact.due is None or fact.ended_at is None or fact.judged_at is None:
            continue
        assert [value for _, value in fact.due_history] == sorted(value for _, value in fact.due_history)
        if fact.judged_at <= fact.due:
            assert fact.over_us == 0
        else:
            paused = sum(
                CALENDAR.working_between(max(begin, fact.due), min(end, fact.judged_at))
                for begin, end in case.pauses
                if end is not None and begin < fact.judged_at and end > fact.due
            )
            assert fact.over_us == CALENDAR.working_between(fact.due, fact.judged_at) - paused


@given(cases())
def test_rejections_change_nothing_else(case: Case) -> None:
    routing = case.follow()
    rejected = {act.id for act in routing.rejections}
    without = case.follow([one for one in case.entries if one.id not in rejected])
    assert without.rejections == []
    assert replace(routing, rejections=[]) == without


@given(cases())
def test_the_same_input_gives_the_same_and_what_has_no_part_changes_nothing(case: Case) -> None:
    noise = course(["16 08:00 portal.sent", "16 09:00 dossier.fee_paid"])
    mixed = sorted([*case.entries, *noise], key=lambda one: one.time)
    assert case.follow() == case.follow() == case.follow(mixed)


@given(cases(), st.integers(0, 1_600), st.integers(0, 1_700))
def test_blame_adds_up_to_the_delay(case: Case, due: int, end: int) -> None:
    due_at, end_at = FIRST + due * MINUTE + 7, FIRST + end * MINUTE
    parts = blame(
        case.follow().steps,
        due_at,
        end_at,
        calendar=CALENDAR,
        calendar_of=calendar_of,
        pauses=case.pauses,
        accountable="U",
    )
    assert sum(part for _, part in parts) == max(0, CALENDAR.working_between(due_at, max(due_at, end_at)))
    assert all(part > 0 for _, part in parts)
    assert [unit for unit, _ in parts] == sorted({unit or "" for unit, _ in parts})


@given(
    route=routes(sequential=True),
    acts=st.lists(st.tuples(MOMENTS, st.integers(0, 5)), max_size=12),
    finish=MOMENTS,
    paused=st.booleans(),
)
def test_steps_in_a_row_and_pauses_fill_the_time_from_acceptance_to_the_end(
    *, route: RouteVersion, acts: list[tuple[int, int]], finish: int, paused: bool
) -> None:
    """In a chain worked in its order exactly one step is under way at any moment, until the last is done."""
    entries: list[EntryRecord] = []
    pauses: list[tuple[int, int | None]] = [(at("16 09:15"), at("16 14:00"))] if paused else []
    finished_at = FIRST + max(finish, 1) * MINUTE

    def case() -> Case:
        return Case(route, entries, None, pauses)

    for number, (minutes, act) in enumerate(sorted(acts)):
        under_way = [fact for fact in case().follow().steps if fact.ended_at is None]
        assert len(under_way) <= 1
        if not under_way or FIRST + minutes * MINUTE > finished_at:
            break
        what = ("completed", "completed", "completed", "completed", "sent_back", "assigned")[act]
        data = {"step": under_way[0].step} | ({"unit": "B"} if what == "assigned" else {})
        entries.append(entry(number, f"step.{what}", FIRST + minutes * MINUTE, data))
    routing = replace(case(), finished_at=finished_at).follow()
    covered = finished_at if routing.steps[-1].outcome == "cut_off" else routing.steps[-1].ended_at or finished_at
    left_out = sum(
        CALENDAR.working_between(begin, min(end or covered, covered)) for begin, end in pauses if begin < covered
    )
    assert sum(fact.used_us or 0 for fact in routing.steps) + left_out == CALENDAR.working_between(FIRST, covered)
