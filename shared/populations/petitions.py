"""What is known of a petition: the row that processing puts out and metrics keeps. Readings: docs/rules.md. Pure."""

from __future__ import annotations

from typing import Final

from shared.populations.fact import (
    Choice,
    Code,
    CodeSet,
    Fact,
    Flag,
    Instant,
    Items,
    Listed,
    Pauses,
    Population,
    Text,
    Whole,
)
from shared.populations.keys import petition_key
from shared.populations.steps import FINDING, REJECTION

__all__ = ["ENDS", "JUDGEMENT", "PETITIONS", "VERDICTS"]

#: How a petition ends.
ENDS: Final = ("answered", "refused")
VERDICTS: Final = ("satisfied", "disliked", "raised_again")

_766: Final = "766/QĐ-TTg"

JUDGEMENT: Final = Items(
    "Judgement",
    "What the petitioner said of it.",
    (
        Fact("at", Instant(), required=True),
        Fact("verdict", Choice(VERDICTS), required=True),
    ),
)

PETITIONS: Final = Population(
    name="petitions",
    row="PetitionRow",
    meaning="The whole fact row of one petition (phản ánh, kiến nghị): a pure function of the set of its entries and "
    "the partition's clock.",
    told="The facts of a petition that figures are made of; its entries and terms are with processing.",
    event="petition.changed",
    key=petition_key,
    facts=(
        Fact("code", Code("codes", shortest=1), required=True),
        Fact("unit", Code("units"), "whose it is; absent: nobody named one, and it is its dossier's", column="unit"),
        Fact("dossier", Code("named_dossiers"), "the dossier it is about, the first named", column="dossier"),
        Fact("received_at", Instant(), "when it was first received; absent: it is in no figure", column="received"),
        Fact(
            "begun_at",
            Instant(),
            "when its terms began: when it was received, or last handed over to another unit",
            column="begun",
        ),
        Fact("ended_at", Instant(), "when it was answered, else refused, since its terms began", column="ended"),
        Fact("end", Choice(ENDS), column="end"),
        Fact(
            "judged_at",
            Instant(),
            "what is compared with the due instant: the end, or of an answer while the clock was stopped the request",
            column="judged",
            day="judged_day",
            source=_766,
        ),
        Fact(
            "due", Instant(), "by when it is to be answered, a pause included", column="due", day="due_day", source=_766
        ),
        Fact("refuse_due", Instant(), "by when it may be refused in time", column="refuse_due", source=_766),
        Fact(
            "pauses",
            Pauses(),
            "when the clock was stopped by a request for more that came in time: one at most [request, answer or null)",
            column="pauses",
            public=False,
        ),
        Fact("published_at", Instant(), "first publication after the answer", column="published"),
        Fact("publish_due", Instant(), "by when the answer is to be published", column="publish_due", source=_766),
        Fact("raised_again_at", Instant(), "when it was first raised again", column="raised_again", source=_766),
        Fact(
            "disliked",
            Pauses(),
            "from when to when more judgements said disliked than satisfied; one counts after its instant",
            column="disliked",
            public=False,
            source=_766,
        ),
        Fact("judgements", Listed(JUDGEMENT), "what the petitioner said of it, in order"),
        Fact(
            "handed_over_from",
            CodeSet("former"),
            "units that had it before it was handed over; they may see it",
            column="former",
            public=False,
        ),
        Fact("rule_version", Text()),
        Fact("calendar", Text(), "calendar and version its terms are counted by"),
        Fact("rejections", Listed(REJECTION), public=False),
        Fact("findings", CodeSet("findings", of=FINDING), "what is odd about its entries", column="findings"),
        Fact("entries", Whole(0), "entries that hold", required=True),
        Fact("simulated", Flag(), column="simulated"),
    ),
)
