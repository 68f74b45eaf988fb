"""What is known of a figure from outside: the row that processing puts out and metrics keeps. Pure.

Readings: docs/rules.md, "Entered figures".
"""

from __future__ import annotations

from typing import Final

from shared.populations.fact import Code, CodeSet, Day, Fact, Flag, Instant, Listed, Population, Text, Whole
from shared.populations.keys import indicator_key
from shared.populations.steps import FINDING, REJECTION

__all__ = ["INDICATORS"]

#: The revision of the engine that tells entered figures first.
_SINCE: Final = 9
#: A sequence that no entry has: they are of 32 bits.
_NO_SEQUENCE: Final = -(2**62)

INDICATORS: Final = Population(
    name="indicators",
    row="IndicatorRow",
    meaning="The whole fact row of one entered figure, a count, score or share from outside: what the entries of one "
    "identity (subject, source, id) come to. Of a withdrawn one nothing is said beside its code.",
    told="A figure from outside as one identity tells it; several may tell the same, and the last of them holds.",
    event="indicator.changed",
    key=indicator_key,
    facts=(
        Fact("code", Text(), "subject, source and id, with | between them", required=True, since=_SINCE),
        Fact("indicator", Code("indicators"), "what was entered", column="indicator", since=_SINCE),
        Fact("unit", Code("units"), "exactly whose figure it is", column="unit", since=_SINCE),
        Fact("first_day", Day(), "of its period", column="first", since=_SINCE),
        Fact("last_day", Day(), "of its period, inclusive", column="last", since=_SINCE),
        Fact("value", Code("entered_values"), "a score or count, as entered", column="value", since=_SINCE),
        Fact("numerator", Whole(0, none=-1), "of a share", column="numerator", since=_SINCE),
        Fact("denominator", Whole(0, none=-1), "of a share", column="denominator", since=_SINCE),
        Fact("document", Code("documents"), "where it was published", column="document", since=_SINCE),
        Fact("entered_at", Instant(), "the time of the entry that says it", column="entered", since=_SINCE),
        Fact(
            "sequence",
            Whole(-(2**31), none=_NO_SEQUENCE),
            "of that entry, where it is not 0",
            column="sequence",
            public=False,
            default=0,
            since=_SINCE,
        ),
        Fact("rejections", Listed(REJECTION), public=False, since=_SINCE),
        Fact(
            "findings",
            CodeSet("findings", of=FINDING),
            "what is odd about its entries",
            column="findings",
            since=_SINCE,
        ),
        Fact("entries", Whole(0), "entries that hold", required=True, since=_SINCE),
        Fact("simulated", Flag(), column="simulated", since=_SINCE),
    ),
)
