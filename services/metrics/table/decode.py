"""Lifecycle records as facts: reads only the fields the fact table needs, with pydantic, one record at a time.

Knows the wire form of shared.contract.lifecycle and the bounds of shared.contract.bounds; knows neither Kafka's client
nor any figure. A record that cannot be used is an Unusable with its reason, never anything else.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple, NotRequired

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from services.metrics.table.columns import CHANNELS, FINISHES, NO_BUDGET, OUTCOMES, SEPARATOR, Fact, StepFact
from services.metrics.table.periods import NEVER
from shared.contract.bounds import LONGEST_TEXT, MOST_PLACE, MOST_WORK, checked_clock, checked_instant
from shared.contract.keys import dossier_key
from shared.contract.lifecycle import EndKind, StepOutcome, clock_key

__all__ = ["Decoder", "PartitionClock", "Unusable"]


class Unusable(Exception):  # noqa: N818 (what the record is)
    """A record that cannot be used.

    Attributes:
        reason: a code for counting, such as `malformed`.
        detail: what is wrong, for people; holds no data of the record.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class PartitionClock(NamedTuple):
    """A partition's clock and the journal offset that set it."""

    offset: int
    clock: int


_Offset = Annotated[int, Field(ge=0, lt=MOST_PLACE)]
_Small = Annotated[int, Field(ge=0, lt=2**31)]
_Work = Annotated[int, Field(ge=0, le=MOST_WORK)]
_Text = Annotated[str, Field(max_length=LONGEST_TEXT)]


class _Cause(TypedDict):
    epoch: int
    partition: int
    offset: _Offset
    index: NotRequired[_Small]


class _Finding(TypedDict):
    code: _Text


class _Step(TypedDict):
    step: _Text
    unit: NotRequired[_Text | None]
    occurrence: NotRequired[Annotated[int, Field(ge=1, lt=2**15)]]
    planned: NotRequired[bool]
    assigned_at: NotRequired[str | None]
    ended_at: NotRequired[str | None]
    due: NotRequired[str | None]
    budget: NotRequired[Annotated[int, Field(ge=0)] | None]
    used_us: NotRequired[_Work | None]
    over_us: NotRequired[_Work | None]
    outcome: NotRequired[StepOutcome | None]


class _Blame(TypedDict):
    unit: NotRequired[_Text | None]
    delay_us: _Work


class _Row(TypedDict):
    code: Annotated[_Text, Field(min_length=1)]
    status: Annotated[int, Field(ge=1, le=10)]
    unit: NotRequired[_Text | None]
    procedure: NotRequired[_Text | None]
    channel: NotRequired[Literal["online", "postal", "direct"] | None]
    accepted_at: NotRequired[str | None]
    finished_at: NotRequired[str | None]
    finish: NotRequired[EndKind | None]
    judged_at: NotRequired[str | None]
    due: NotRequired[str | None]
    due_original: NotRequired[str | None]
    pauses: NotRequired[list[tuple[str, str | None]]]
    waiting_since: NotRequired[str | None]
    second_request_at: NotRequired[str | None]
    limit: NotRequired[str | None]
    submitted_at: NotRequired[str | None]
    intake_due: NotRequired[str | None]
    intake_ended_at: NotRequired[str | None]
    apologised_at: NotRequired[str | None]
    holders: NotRequired[list[_Text]]
    handed_over_from: NotRequired[list[_Text]]
    steps: NotRequired[list[_Step]]
    blame: NotRequired[list[_Blame]]
    findings: NotRequired[list[_Finding]]
    simulated: NotRequired[bool]


class _Dossier(TypedDict):
    cause: _Cause
    row: _Row


class _Clock(TypedDict):
    cause: _Cause
    clock: str


class _DossierChanged(TypedDict):
    type: Literal["dossier.changed"]
    data: _Dossier


class _ClockAdvanced(TypedDict):
    type: Literal["clock.advanced"]
    data: _Clock


_ADAPTER: Final[TypeAdapter[Any]] = TypeAdapter(
    Annotated[_DossierChanged | _ClockAdvanced, Field(discriminator="type")]
)
_CHANNEL: Final = {name: number for number, name in enumerate(CHANNELS)}
_OUTCOME: Final = {name: number for number, name in enumerate(OUTCOMES)}
_FINISH: Final = {name: number for number, name in enumerate(FINISHES)}
_MOST_MINUTES: Final = 2**31 - 1
#: Instants kept read: rows repeat theirs, and reading a text again costs ten times a look-up.
_KEPT_INSTANTS: Final = 100_000


class Decoder:
    """Reads records of one epoch.

    Args:
        epoch: whose records these are; a record that names another is unusable.
    """

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch
        self._instants: dict[str | None, int] = {None: NEVER}

    def __call__(self, partition: int, key: bytes | None, value: bytes | None) -> Fact | PartitionClock:
        """The facts or the clock in a record.

        Raises:
            Unusable: the record is no lifecycle event of this epoch and partition.
        """
        if value is None:
            raise Unusable("tombstone", "a record without value; the lifecycle topic has no tombstones")
        try:
            event = _ADAPTER.validate_json(value)
            return self._read(event, partition, key)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            reason = "not_json" if first["type"] == "json_invalid" else "malformed"
            where = ".".join(str(part) for part in first["loc"])
            raise Unusable(reason, f"{where}: {first['msg']}" if where else first["msg"]) from None
        except (ValueError, OverflowError) as error:
            # Only instants are read beyond the model; their texts are no personal data.
            raise Unusable("malformed", f"instant: {error}"[:200]) from None

    def _read(self, event: dict[str, Any], partition: int, key: bytes | None) -> Fact | PartitionClock:
        data = event["data"]
        cause = data["cause"]
        if cause["epoch"] != self._epoch:
            raise Unusable("wrong_epoch", f"cause of epoch {cause['epoch']} on the topic of epoch {self._epoch}")
        if cause["partition"] != partition:
            raise Unusable("wrong_partition", f"cause in partition {cause['partition']}, record in {partition}")
        if event["type"] == "clock.advanced":
            if key != clock_key(partition).encode():
                raise Unusable("wrong_key", "a partition's clock under another key")
            return PartitionClock(cause["offset"], checked_clock(data["clock"]))
        row = data["row"]
        code = row["code"]
        if key != dossier_key(code).encode():
            raise Unusable("wrong_key", "a dossier's row under another key; compaction would lose one of them")
        get, instant = row.get, self._instant
        pauses = [(instant(start), instant(end)) for start, end in get("pauses") or ()]
        return Fact(
            code,
            partition,
            cause["offset"],
            cause.get("index", 0),
            get("unit"),
            get("procedure"),
            _CHANNEL[get("channel")],
            row["status"],
            _FINISH[get("finish")],
            get("simulated", False),
            instant(get("accepted_at")),
            instant(get("finished_at")),
            instant(get("judged_at")),
            instant(get("due")),
            instant(get("due_original")),
            instant(get("waiting_since")),
            instant(get("second_request_at")),
            " ".join(sorted({found["code"] for found in row["findings"]})) if get("findings") else None,
            pauses,
            instant(get("limit")),
            instant(get("submitted_at")),
            instant(get("intake_due")),
            instant(get("intake_ended_at")),
            instant(get("apologised_at")),
            SEPARATOR.join(holders) if (holders := get("holders")) else None,
            [self._step(step) for step in steps] if (steps := get("steps")) else (),
            [(part.get("unit"), part["delay_us"]) for part in blame] if (blame := get("blame")) else (),
            SEPARATOR.join(former) if (former := get("handed_over_from")) else None,
        )

    def _step(self, step: dict[str, Any]) -> StepFact:
        get, instant = step.get, self._instant
        budget = get("budget")
        return StepFact(
            step["step"],
            get("unit"),
            get("occurrence", 1),
            get("planned", False),
            instant(get("assigned_at")),
            instant(get("ended_at")),
            instant(get("due")),
            # Four thousand years of working time are as good as more.
            NO_BUDGET if budget is None else min(budget, _MOST_MINUTES),
            get("used_us") or 0,
            get("over_us") or 0,
            _OUTCOME[get("outcome")],
        )

    def _instant(self, text: str | None) -> int:
        known = self._instants.get(text)
        if known is None:
            if len(self._instants) >= _KEPT_INSTANTS:
                self._instants = {None: NEVER}
            known = self._instants[text] = checked_instant(str(text))
        return known
