"""The named predicates over occurrences of steps; as those over dossiers (predicates). Source: docs/rules.md, Steps.

Pure, and imports no arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.judging import by_instant
from shared.judging.instants import NEVER

if TYPE_CHECKING:
    from services.metrics.counting.question import Mask
    from services.metrics.indicators.steps import StepQuestion

__all__ = ["ended", "over_budget", "over_now", "over_on_time", "under_way", "with_budget"]


def ended(q: StepQuestion) -> Mask:
    """The unit's holding ended in the period, however (đã kết thúc bước)."""
    return (q["ended"] >= q.moment.start) & (q["ended"] < q.moment.end)


def with_budget(q: StepQuestion) -> Mask:
    """Of those ended in the period: had a budget."""
    return q(ended) & (q["budget"] >= 0)


def over_budget(q: StepQuestion) -> Mask:
    """Of those ended in the period: held longer than the budget (quá định mức)."""
    return q(ended) & (q["over"] > 0)


def _dossier_late(q: StepQuestion) -> Mask:
    return by_instant.late(q.of_dossier("judged"), q.of_dossier("due"))


def over_on_time(q: StepQuestion) -> Mask:
    """Of those over budget: the dossier ended on time all the same, by the instant."""
    return q(over_budget) & (q.of_dossier("finished") < NEVER) & ~q(_dossier_late)


def under_way(q: StepQuestion) -> Mask:
    """Begun before the period's end and not ended before it (đang giữ)."""
    return (q["began"] < q.moment.end) & (q["ended"] >= q.moment.end)


def over_now(q: StepQuestion) -> Mask:
    """Of those under way: the budget was used up before T, or before the clock was stopped that stands at T."""
    return q(under_way) & (q["due"] < q.stopped_at())
