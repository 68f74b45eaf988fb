"""The model of an index, made of the declared figures: the source of its OpenAPI schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from services.metrics.indicators.figures import INDEX
from services.metrics.table.row_answers import Instant

__all__ = ["Component", "Index", "Share", "Test", "Tests"]

#: Numbers of the example by key; of a figure that has none here it shows none.
_EXAMPLE: Final[dict[str, Any]] = {
    "unit": "H44.100",
    "from": "2026-08-01",
    "to": "2026-08-31",
    "as_of": "2026-08-31T17:00:00.000000Z",
    "received": 1523,
    "carried_over": 319,
    "scope": 1842,
    "resolved": 1502,
    "open": 340,
    "open_within_term": 300,
    "on_time_by_instant": 1400,
    "early": 900,
    "same_day": 510,
    "late_by_date": 92,
    "late_by_original_due": 110,
    "on_time_by_date": 1410,
    "late_by_instant": 101,
    "apology_due": 142,
    "apologised": 120,
    "without_apology": 22,
    "intake_submitted": 1420,
    "intake_in_time": 1400,
    "intake_overdue": 15,
    "components": {
        "2.1": {"numerator": 1700, "denominator": 1842, "ratio": "92.29", "score": "18.46"},
        "3.3": {"numerator": 1400, "denominator": 1523, "ratio": "91.92", "score": "6.00"},
    },
    "shares": {
        "on_time_by_instant": {"numerator": 1400, "denominator": 1502, "ratio": "93.21"},
        "on_time_by_date": {"numerator": 1410, "denominator": 1502, "ratio": "93.87"},
        "apology_coverage": {"numerator": 120, "denominator": 142, "ratio": "84.51"},
        "intake_in_time": {"numerator": 1400, "denominator": 1415, "ratio": "98.94"},
    },
}


class Component(BaseModel):
    """A scored component of index 766: exact fraction, ratio in percent and points."""

    numerator: int
    denominator: int
    ratio: Annotated[
        str | None,
        Field(
            description="percent, two decimals half-up; below 100 never 100.00; null in the future", examples=["92.29"]
        ),
    ]
    score: Annotated[str | None, Field(description="points, two decimals half-up; null in the future")]
    entered: Annotated[
        bool | None, Field(description="true where what was entered stands in for what is counted: /v1/entered")
    ] = None


class Share(BaseModel):
    """A share without a score: exact fraction and percent."""

    numerator: int
    denominator: int
    ratio: Annotated[
        str | None,
        Field(description="percent, two decimals half-up; null of none, and in the future", examples=["84.51"]),
    ]


class _Of(BaseModel):
    """Whose figures they are, and of what period."""

    unit: Annotated[str | None, Field(description="unit code; null is everything")]
    unit_name: Annotated[str | None, Field(description="as registered")] = None
    first: Annotated[str, Field(alias="from", description="first local date, included")]
    last: Annotated[str, Field(alias="to", description="last local date, included")]
    as_of: Annotated[Instant, Field(description="T: the period's end or the clock, whichever is earlier")]
    procedure: Annotated[str | None, Field(description="only with by=procedure")] = None
    procedure_name: Annotated[str | None, Field(description="only with by=procedure; as registered")] = None
    channel: Annotated[str | None, Field(description="only with by=channel")] = None
    month: Annotated[str | None, Field(description="only with by=month: YYYY-MM, a period of its own")] = None


def _index() -> type[BaseModel]:
    codes = [one.code for one in INDEX.indicators]
    named = f"{', '.join(codes[:-1])} and {codes[-1]} of Decision 766/QĐ-TTg"
    members: dict[str, Any] = {
        **{one.key: (Annotated[int, Field(description=one.meaning)], ...) for one in INDEX.counts},
        "components": (Annotated[dict[str, Component], Field(description=named)], ...),
        "shares": (
            Annotated[dict[str, Share], Field(description=", ".join(one.key for one in INDEX.shares))],
            ...,
        ),
        "future": (
            Annotated[bool | None, Field(description="true when the period begins after the clock")],
            None,
        ),
        "note": (
            Annotated[str | None, Field(description="what a reader should know about this index")],
            None,
        ),
    }
    nothing = {"numerator": 0, "denominator": 0, "ratio": None}
    example = {name: value for name, value in _EXAMPLE.items() if name in ("unit", "from", "to", "as_of")}
    example |= {one.key: _EXAMPLE.get(one.key, 0) for one in INDEX.counts}
    example["components"] = {code: _EXAMPLE["components"].get(code, nothing | {"score": None}) for code in codes}
    example["shares"] = {one.key: _EXAMPLE["shares"].get(one.key, nothing) for one in INDEX.shares}
    made: type[BaseModel] = create_model(
        "Index",
        __base__=_Of,
        __doc__="Counts and components of the dossiers of a unit and all below it, over a period of local dates.",
        **members,
    )
    made.model_config = ConfigDict(json_schema_extra={"example": example})
    made.model_rebuild(force=True)
    return made


if TYPE_CHECKING:

    class Index(_Of):
        """Its further members are those of the declared figures."""

else:
    Index = _index()


Test = Annotated[
    Literal["instant", "date"] | None,
    Field(description="what is compared: the instant of the due (index 766) or its local date (II.06a); null: nothing"),
]


class Tests(BaseModel):
    """Which test each figure judges by, by its key."""

    counts: dict[str, Test]
    components: dict[str, Test]
    shares: dict[str, Test]
