"""What is known of a dossier: the row that processing puts out and metrics keeps. Readings: docs/rules.md. Pure."""

from __future__ import annotations

from typing import Final

from shared.populations.fact import (
    Choice,
    Code,
    CodeSet,
    Fact,
    Flag,
    Instant,
    Listed,
    Pauses,
    Population,
    Text,
    Whole,
)
from shared.populations.keys import dossier_key
from shared.populations.steps import BLAME, FINDING, REJECTION, STEP

__all__ = ["CHANNELS", "DOSSIERS", "DUE_BASES", "FINISHES", "GATEWAYS"]

CHANNELS: Final = ("online", "postal", "direct")
#: Kinds of ends, the one that counts for the columns of II.06a first.
FINISHES: Final = ("resolved", "returned", "withdrawn", "stopped", "refused")
#: Payment gateways of the portals.
GATEWAYS: Final = ("national", "provincial")
DUE_BASES: Final = ("promised", "committed", "statutory")

_II06A: Final = "II.06a/VPCP/KSTT"
_766: Final = "766/QĐ-TTg"

DOSSIERS: Final = Population(
    name="dossiers",
    row="DossierRow",
    meaning="The whole fact row of one dossier: a pure function of the set of its entries and the partition's clock.",
    told="The facts of a dossier that figures are made of; its entries and due history are with processing.",
    event="dossier.changed",
    key=dossier_key,
    facts=(
        Fact("code", Code("codes", shortest=1), required=True),
        Fact("status", Whole(1, 10, "int8"), "national status code 1-10", column="status", required=True),
        Fact("unit", Code("units"), "the accountable unit", column="unit"),
        Fact("receiving_unit", Text()),
        Fact("procedure", Code("procedures"), column="procedure"),
        Fact(
            "field",
            Code("fields"),
            "the field of the procedure's version at the receipt",
            column="field",
            since=7,
            source=_II06A,
        ),
        Fact("channel", Choice(CHANNELS), column="channel"),
        Fact("submitted_at", Instant(), column="submitted"),
        Fact("accepted_at", Instant(), column="accepted"),
        Fact(
            "finished_at",
            Instant(),
            "end of handling, never before acceptance",
            column="finished",
            not_before="accepted",
        ),
        Fact("finish", Choice(FINISHES), column="finish"),
        Fact(
            "judged_at",
            Instant(),
            "the instant both on-time tests use: the finish, or the request of a supplement unanswered then",
            column="judged",
            day="judged_day",
            source=_766,
        ),
        Fact(
            "due",
            Instant(),
            "final due instant, pauses and extension included",
            column="due",
            day="due_day",
            otherwise="limit",
        ),
        Fact("due_original", Instant(), "due without extension, pauses included", column="due_original"),
        Fact(
            "pauses", Pauses(), "effective supplement pauses [request, receipt or null)", column="pauses", public=False
        ),
        Fact("waiting_since", Instant(), "request of the unanswered supplement of an open dossier", column="waiting"),
        Fact("second_request_at", Instant(), "from here on late for index 766", column="second", source=_766),
        Fact("extended_at", Instant()),
        Fact(
            "due_basis",
            Choice(DUE_BASES),
            "what the first due date rests on: the receipt, the committed or the statutory term",
        ),
        Fact("statutory_due", Instant(), "what the law allows at the latest, pauses included"),
        Fact("committed_due", Instant(), "what the committed term gives, pauses included"),
        Fact(
            "limit",
            Instant(),
            "without a due date: when the maximum working time is used up (Decision 766)",
            column="limit",
            source=_766,
        ),
        Fact("intake_due", Instant(), "by when an online submission must be answered", column="intake_due"),
        Fact("intake_ended_at", Instant(), "when it was accepted or refused", column="intake_ended"),
        Fact("apologised_at", Instant(), "first apology (form 04)", column="apologised"),
        Fact(
            "fee_duty",
            Instant(),
            "from when there is a fee or tax to pay",
            column="fee_duty",
            since=7,
            source=_766,
        ),
        Fact(
            "fee_amount",
            Instant(),
            "when an amount above 0 was first told",
            column="fee_amount",
            since=7,
            source=_766,
        ),
        Fact(
            "paid_online",
            Instant(),
            "when a fee was first paid by a gateway, before the acceptance and after the finish too",
            column="paid_online",
            since=7,
            source=_766,
        ),
        Fact(
            "gateway",
            Choice(GATEWAYS),
            "of the first online payment",
            column="gateway",
            since=7,
            source=_766,
        ),
        Fact("procedure_version", Text()),
        Fact("rule_version", Text()),
        Fact("calendar", Text(), "calendar and version the due date is counted by"),
        Fact("route_version", Text()),
        Fact("steps", Listed(STEP), column="steps", public=False),
        Fact(
            "holders",
            CodeSet("holders", "units"),
            "units that hold an open dossier now; empty: applicant",
            column="holders",
        ),
        Fact(
            "handed_over_from",
            CodeSet("former"),
            "units that were accountable before it was handed over; they may see it",
            column="former",
            public=False,
            since=6,
        ),
        Fact("blame", Listed(BLAME), "of a dossier that finished late", column="blame", public=False),
        Fact("rejections", Listed(REJECTION), public=False),
        Fact("findings", CodeSet("findings", of=FINDING), "what is odd about its entries", column="findings"),
        Fact("entries", Whole(0), "entries that hold", required=True),
        Fact("simulated", Flag(), column="simulated"),
    ),
)
