"""The metrics of metrics: what each means, and what an engineer does when it looks wrong.

Cardinality: `unit` takes at most MOTCUA_EXPORTED_UNITS values and `*` for everything, `period` three, `figure`
nineteen of dossiers and two of steps, `component` two, `share` four, `state` two, `partition` as many as the journal
has, `reason` the codes of services.metrics.decode.
"""

from __future__ import annotations

from typing import Final

from shared.catalogue.base import Spec
from shared.catalogue.every_service import SPECS as OF_EVERY_SERVICE

__all__ = ["SPECS"]

_P = ("partition",)
_FIGURE = ("unit", "period")

SPECS: Final[tuple[Spec, ...]] = (
    *OF_EVERY_SERVICE,
    Spec(
        "motcua_dossiers",
        "gauge",
        "dossiers",
        "Count of the current month, quarter or year (docs/rules.md: received, scope, open, early, ...)",
        "Behind what is known: compare motcua_metrics_lag_records and motcua_metrics_clock_seconds",
        (*_FIGURE, "figure"),
    ),
    Spec(
        "motcua_component_ratio_percent",
        "gauge",
        "percent, two decimals",
        "Ratio of a component of index 766 in the current month, quarter or year",
        "The dossiers behind it: GET /v1/dossiers?figure=<component>.numerator",
        (*_FIGURE, "component"),
    ),
    Spec(
        "motcua_component_score",
        "gauge",
        "points, two decimals",
        "Score of a component of index 766 in the current month, quarter or year, rule version 766-2026",
        "The dossiers behind it: GET /v1/dossiers?figure=<component>.numerator",
        (*_FIGURE, "component"),
    ),
    Spec(
        "motcua_share_percent",
        "gauge",
        "percent, two decimals",
        "Share in the current month, quarter or year: on time by instant and by date, apologies, intake; of none, none",
        "The dossiers behind it: GET /v1/dossiers?figure=<share>.numerator",
        (*_FIGURE, "share"),
    ),
    Spec(
        "motcua_steps_over_budget",
        "gauge",
        "occurrences of steps",
        "Steps under way over their budgets as of the clock, by the unit that owns them, itself and all below",
        "The steps behind it: GET /v1/steps/occurrences?figure=over_now, or `motcua steps --list over_now`",
        ("unit",),
    ),
    Spec(
        "motcua_steps_ended",
        "gauge",
        "occurrences of steps",
        "Steps with a budget that ended in the clock's month (with_budget), of these over it (over_budget), by owner",
        "over_budget a large part of with_budget: `motcua bottlenecks` tells which steps",
        ("unit", "figure"),
    ),
    Spec(
        "motcua_dossiers_held",
        "gauge",
        "dossiers",
        "Open dossiers due on the clock's day (due) and overdue (overdue), by who holds them and all above",
        "The dossiers behind it: `motcua due-list UNIT`; the applicant's are with the accountable unit",
        ("unit", "state"),
    ),
    Spec(
        "motcua_delay_seconds",
        "gauge",
        "seconds of working time",
        "Delay of the dossiers that ended late in the clock's month, by the unit that caused it and all above it",
        "Growing faster at one unit than elsewhere: `motcua blame` and `motcua steps UNIT`",
        ("unit",),
    ),
    Spec(
        "motcua_stack_simulated",
        "gauge",
        "1 or 0",
        "Whether all figures of this stack are of simulated dossiers",
        "1 on a stack meant to be real: it was started with --simulated; make another",
    ),
    Spec(
        "motcua_metrics_units_left_out",
        "gauge",
        "units",
        "Units whose figures are not exported to Prometheus",
        "Above 0: raise MOTCUA_EXPORTED_UNITS if Prometheus can hold some 90 series more per unit",
    ),
    Spec(
        "motcua_metrics_records_total",
        "counter",
        "lifecycle records",
        "Records read, unusable ones and repeats included",
        "Standing still while the lag grows: see /health/ready and the log",
    ),
    Spec(
        "motcua_metrics_rows_received_total",
        "counter",
        "fact rows",
        "Fact rows read, repeats included",
        "Far above the entries: processing restarts again and again",
        _P,
    ),
    Spec(
        "motcua_metrics_rows_changed_total",
        "counter",
        "fact rows",
        "Rows of the fact table replaced or added; repeats and older rows change nothing",
        "Far below the rows received: processing sends the same again, see its restarts",
    ),
    Spec(
        "motcua_metrics_rows",
        "gauge",
        "dossiers",
        "Rows of the fact table",
        "Fewer than dossiers known elsewhere: compare epochs and positions in /v1/status",
    ),
    Spec(
        "motcua_metrics_table_bytes",
        "gauge",
        "bytes",
        "Memory of the fact table's columns, without codes",
        "More than 250 a row and 200 a step: lists pile up, which compaction should prevent; report it",
    ),
    Spec(
        "motcua_metrics_reference_entries",
        "gauge",
        "reference entries",
        "Distinct calendars, procedures, routes, units and rules read, superseded ones included",
        "Fewer than processing has: names and parents of units are old; see /health/ready and the log",
    ),
    Spec(
        "motcua_metrics_epoch",
        "gauge",
        "epoch number",
        "The derivation the figures are of",
        "Other than motcua.epoch.v1 says for long: the new epoch does not catch up, see the log",
    ),
    Spec(
        "motcua_metrics_position",
        "gauge",
        "lifecycle offset",
        "Next lifecycle offset to read",
        "Standing still while the lag grows: the broker is away or the topic was recreated",
        _P,
    ),
    Spec(
        "motcua_metrics_lag_records",
        "gauge",
        "lifecycle records",
        "Records of the partition not read yet",
        "Growing: more than one replica's CPU can read; look at the process and the broker",
        _P,
    ),
    Spec(
        "motcua_metrics_clock_seconds",
        "gauge",
        "seconds since 1970-01-01 UTC",
        "The partition's clock, which T of the figures is the lowest of",
        "One behind the others: that partition's processing stands; all behind: no ticks",
        _P,
    ),
    Spec(
        "motcua_metrics_tick_lateness_seconds",
        "gauge",
        "seconds",
        "Wall clock minus the partition's clock; on a data-clock stack, how far the data lie in the past",
        "Above 120 on a live stack: no intake replica ticks, or processing lags",
        _P,
    ),
    Spec(
        "motcua_metrics_freshness_seconds",
        "histogram",
        "seconds",
        "From a lifecycle record's Kafka timestamp to the evaluation showing it; at most 1,000 records each",
        "p99 above 2 s while the lag is small: evaluations take long, see motcua_metrics_evaluation_seconds",
        (),
        (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 120.0),
    ),
    Spec(
        "motcua_metrics_evaluation_seconds",
        "histogram",
        "seconds",
        "Time of one evaluation of the current figures of all units",
        "Above 0.5: very many units or dossiers; raise MOTCUA_EVALUATE_SECONDS",
        (),
        (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
    ),
    Spec(
        "motcua_metrics_deadletters_total",
        "counter",
        "records",
        "Records that could not be used, by reason; their bytes are on motcua.deadletter.v1",
        "Read the dead letters of this reason; only processing should write the lifecycle topic",
        ("reason",),
    ),
    Spec(
        "motcua_metrics_deadletters_dropped_total",
        "counter",
        "records",
        "Unusable records whose dead letter could not be sent; they stand in the lifecycle topic itself",
        "Above 0: the dead-letter topic is missing or refuses; `motcua doctor`",
    ),
    Spec(
        "motcua_metrics_reloads_total",
        "counter",
        "times",
        "The lifecycle topic turned out to be another one than before and was read anew",
        "Any: somebody recreated or truncated the topic, or the broker lost data; look at the broker first",
    ),
    Spec(
        "motcua_metrics_image_age_seconds",
        "gauge",
        "seconds",
        "Age of the last table image written by this process; -1 before the first",
        "Growing far beyond MOTCUA_IMAGE_SECONDS while rows change: the disk is full or read-only, see the log",
    ),
    Spec(
        "motcua_metrics_image_failures_total",
        "counter",
        "times",
        "Table images that could not be written",
        "Growing: the disk of MOTCUA_IMAGE_DIR is full or read-only; restarts then take longer, nothing is lost",
    ),
    Spec(
        "motcua_metrics_results_stored_total",
        "counter",
        "documents",
        "Results brought to MongoDB, by outcome: stored, or refused as older than what stands there",
        "refused growing: this replica lags behind another; failing: see motcua_metrics_store_failures_total",
        ("outcome",),
    ),
    Spec(
        "motcua_metrics_store_failures_total",
        "counter",
        "times",
        "Attempts to write results that failed; the newest results are tried again",
        "Growing: the database is away or slow; figures in the API and Prometheus are not affected",
    ),
    Spec(
        "motcua_metrics_problems_total",
        "counter",
        "answers",
        "Problems answered over HTTP, by code",
        "loading: not caught up yet; others: look at who asks",
        ("code",),
    ),
)
