"""What is known of one occurrence of a step, and the smaller things a dossier has any number of. Pure."""

from __future__ import annotations

from typing import Final

from shared.contract.bounds import MOST_WORK
from shared.populations.fact import Choice, Code, Fact, Flag, Instant, Items, Text, Whole

__all__ = ["BLAME", "FINDING", "NO_BUDGET", "OUTCOMES", "REJECTION", "STEP"]

#: How an occurrence ended; `cut_off`: the dossier finished while it was under way.
OUTCOMES: Final = ("completed", "sent_back", "handed_over", "cut_off")
#: The budget, in its column, of a step that has none.
NO_BUDGET: Final = -1
_MOST_OCCURRENCES: Final = 2**15 - 1

STEP: Final = Items(
    "Step",
    "One occurrence of a step: who held it, from when to when, in working time against its budget.\n\n"
    "`used_us` and `over_us` are final once it ended; of a step under way they depend on the clock and are absent.",
    (
        Fact("step", Code("step_names"), column="step", required=True),
        Fact("unit", Code("units"), "owner of the step; null is unassigned", column="unit"),
        Fact("role", Text(), "the owner's role in the handling unit, where the route says so"),
        Fact(
            "occurrence",
            Whole(1, _MOST_OCCURRENCES, "int16"),
            "counts from 1, one more each time the step is begun again",
            column="occurrence",
            default=1,
        ),
        Fact("planned", Flag(), "by a route, as against only reported by its source", column="planned"),
        Fact("assigned_at", Instant(), "when it was given to the unit", column="began"),
        Fact("completed_at", Instant()),
        Fact("sent_back_at", Instant()),
        Fact("ended_at", Instant(), "when the unit no longer held it", column="ended"),
        Fact("due", Instant(), "when the budget is used up, pauses included", column="due"),
        Fact("budget", Whole(0, None, "int32", NO_BUDGET), "working minutes", column="budget"),
        Fact("used_us", Whole(0, MOST_WORK), "working time held in microseconds, pauses subtracted", column="used"),
        Fact("over_us", Whole(0, MOST_WORK), "working time over the budget in microseconds", column="over"),
        Fact("outcome", Choice(OUTCOMES), "absent while it is under way", column="outcome"),
    ),
)

BLAME: Final = Items(
    "Blame",
    "The part of a late dossier's delay that falls to one unit; the parts add up to the whole delay.",
    (
        Fact("unit", Code("units"), "null is unassigned", column="unit"),
        Fact("delay_us", Whole(0, MOST_WORK), "working time in microseconds", column="delay", required=True),
    ),
)

FINDING: Final = Items(
    "Finding",
    "Something odd about a dossier's entries: a code and the entry it is about.",
    (
        Fact("code", Code("findings"), column="code", required=True),
        Fact("source", Text(), required=True),
        Fact("id", Text(), required=True),
    ),
)

REJECTION: Final = Items(
    "Rejection",
    "An entry refused its effect since its unit (`not_the_owner`) or its sender (`not_entitled`) may not do this.\n\n"
    "Taken back when it proves valid.",
    (
        Fact("code", Text(), required=True),
        Fact("source", Text(), required=True),
        Fact("id", Text(), required=True),
        Fact("step", Text()),
        Fact("unit", Text(), "who acted, as the entry names it"),
        Fact("owner", Text(), "who owns the step; of `not_entitled` the unit accountable when the entry came"),
    ),
)
