"""The metrics of intake: what each means, and what an engineer does when it looks wrong."""

from __future__ import annotations

from typing import Final

from shared.catalogue.base import Spec
from shared.catalogue.every_service import SPECS as OF_EVERY_SERVICE

__all__ = ["SPECS"]

SPECS: Final[tuple[Spec, ...]] = (
    *OF_EVERY_SERVICE,
    Spec(
        "motcua_intake_entries_total",
        "counter",
        "entries",
        "Entries accepted, by group of types: acknowledged by all in-sync replicas, reference entries at least stored",
        "None for long in working hours: ask the senders, then see the refusals",
        ("group",),
    ),
    Spec(
        "motcua_intake_refused_total",
        "counter",
        "entries or requests",
        "Refusals, by problem code",
        "A jump: a sender changed its software; the code names what it does wrong",
        ("code",),
    ),
    Spec(
        "motcua_intake_texts_changed_total",
        "counter",
        "texts",
        "Codes and names of accepted entries brought to normal form: Unicode NFC, single blanks, none around",
        "Many: a sender types codes in several ways; its answers name the subject as sent and as kept",
    ),
    Spec(
        "motcua_intake_unknown_total",
        "counter",
        "entries",
        "Entries whose outcome is not known: the broker did not confirm in time, and the sender is to repeat them",
        "Growing: look at the broker's under-replicated partitions and its disk",
    ),
    Spec(
        "motcua_intake_produce_seconds",
        "histogram",
        "seconds",
        "Time from handing records to the client to the acknowledgement by all in-sync replicas",
        "p99 above 0.1: the broker's disk or a replica is slow",
        (),
        (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.5),
    ),
    Spec(
        "motcua_intake_broker_away",
        "gauge",
        "0 or 1",
        "Whether the broker fails to answer the probe; while 1 every entry gets 503",
        "1 for more than a minute: see the broker and MOTCUA_KAFKA",
    ),
    Spec(
        "motcua_intake_journal_partitions",
        "gauge",
        "partitions",
        "Partitions the journal has; writing stops when they are not what the settings say",
        "Other than MOTCUA_PARTITIONS: somebody changed the topic; make a new journal generation",
    ),
    Spec(
        "motcua_intake_ticks_total",
        "counter",
        "ticks",
        "Ticks this replica brought to all journal partitions",
        "Standing still on a live stack: see the clock skew and the broker",
    ),
    Spec(
        "motcua_intake_ticks_refused_total",
        "counter",
        "ticks",
        "Ticks not sent because this replica's clock is off against the broker's append time",
        "Any: correct the machine's clock (NTP)",
    ),
    Spec(
        "motcua_intake_clock_skew_seconds",
        "gauge",
        "seconds",
        "This replica's clock minus the broker's append time, as the last probe showed",
        "Beyond MOTCUA_CLOCK_TOLERANCE in either direction: correct the machine's clock (NTP)",
    ),
    Spec(
        "motcua_intake_senders_age_seconds",
        "gauge",
        "seconds",
        "Age of the list of senders and keys in memory",
        "Above MOTCUA_KEYS_SECONDS for long: the database is away; revoked keys still work until it returns",
    ),
    Spec(
        "motcua_intake_outbox_entries",
        "gauge",
        "entries",
        "Reference entries accepted that are not in every journal partition yet, as this replica knows it",
        "Above 0 for more than a minute: GET /v1/reference/outbox names the partitions; see broker and database",
    ),
    Spec(
        "motcua_intake_outbox_age_seconds",
        "gauge",
        "seconds",
        "Age of the oldest reference entry that is not in every journal partition yet; 0 when there is none",
        "Above 60: some partitions judge by it and others do not; its leader is away, or the broker",
    ),
    Spec(
        "motcua_intake_reference_entries",
        "gauge",
        "entries",
        "Reference entries that hold (the highest revision, not withdrawn), by type",
        "Not the same on all replicas for long: the one that is behind does not reach the database",
        ("type",),
    ),
    Spec(
        "motcua_intake_deadletters",
        "gauge",
        "dead letters",
        "Open dead letters in the register, by the service and reason of the letter; the same at every replica",
        "Above 0: `motcua deadletter list` shows them and says what to do; replay or discard each",
        ("service", "reason"),
    ),
    Spec(
        "motcua_intake_deadletters_oldest_seconds",
        "gauge",
        "seconds",
        "Since the oldest open dead letter was first seen; 0 when there is none",
        "Near MOTCUA_DEADLETTER_DAYS: what nobody settles is deleted soon; see `motcua deadletter list`",
    ),
    Spec(
        "motcua_intake_deadletters_settled_total",
        "counter",
        "dead letters",
        "Dead letters settled through this replica, by how: replayed or discarded",
        "Information only",
        ("how",),
    ),
    Spec(
        "motcua_intake_deadletters_deleted_total",
        "counter",
        "dead letters",
        "Dead letters deleted MOTCUA_DEADLETTER_DAYS after they were last seen, by the state they were in",
        "Any that were open: what they told is lost; watch motcua_intake_deadletters_oldest_seconds",
        ("state",),
    ),
    Spec(
        "motcua_intake_agency_messages_total",
        "counter",
        "messages",
        "Messages of agencies' outboxes that are done with: accepted, or refused, answered and laid aside",
        "refused growing: GET /v1/deadletters and motcua_intake_refused_total name the codes",
        ("outcome",),
    ),
    Spec(
        "motcua_intake_agency_unread",
        "gauge",
        "messages",
        "Messages in an agency's outbox that are not done with, of the outboxes this replica reads",
        "Growing for minutes: /health/ready of this replica says what holds the outbox; else the agency floods",
        ("unit",),
    ),
    Spec(
        "motcua_intake_agency_unread_seconds",
        "gauge",
        "seconds",
        "For how long the oldest message of an agency's outbox has been waiting at this replica; 0 when none waits",
        "Above 60: /health/ready of this replica says what holds it; see broker and database",
        ("unit",),
    ),
    Spec(
        "motcua_intake_agency_transaction_seconds",
        "gauge",
        "seconds",
        "For how long an agency's outbox has been held by a transaction of its producer that has not ended; 0 when "
        "none holds it. What stands behind it is not among the unread",
        "Above 60: the agency is to commit or abort it; /health/ready of this replica names the offset it begins at",
        ("unit",),
    ),
)
