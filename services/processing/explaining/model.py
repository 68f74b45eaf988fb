"""The forms of an explanation: JSON-able values with instants as RFC 3339 in UTC, every sentence in both languages.

Pure data. Decides nothing.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

__all__ = [
    "ApologyDraft",
    "DayTold",
    "DueExplained",
    "Explanation",
    "FindingExplained",
    "IntakeExplained",
    "LimitExplained",
    "PauseExplained",
    "Sentence",
    "StepExplained",
    "TermExplained",
    "Verdict",
]


class Sentence(BaseModel):
    """One sentence for people."""

    vi: str
    en: str


class DayTold(BaseModel):
    """A day off that was passed over, or a day worked though its weekday is off, and why."""

    day: str
    working: bool
    reason: str = Field(description="weekend, holiday, compensation, swap, extra, no_such_day")
    name: str | None = None
    document: str | None = Field(default=None, description="the document that ordered it")
    pair: str | None = Field(default=None, description="the other day of a swap")
    sentence: Sentence


class TermExplained(BaseModel):
    """What a term of the procedure gives for this receipt, before any pause."""

    kind: Literal["statutory", "committed"]
    amount: str = Field(description="decimal number or fraction")
    unit: Literal["working_days", "calendar_days", "working_hours", "months"]
    counting: Literal["next-day", "same-time", "hours"]
    start: str = Field(description="what it is counted as received at")
    counted_from: str
    due: str
    moved_to: str = Field(description="the same with the pauses")
    skipped: list[DayTold]
    worked: list[DayTold]
    sentences: list[Sentence]


class DueExplained(BaseModel):
    """A due value that was in force, and where it comes from."""

    due: str
    since: str
    until: str | None = Field(description="when another value replaced it")
    reason: str
    source: str = Field(description="the entry that set it")
    id: str
    skipped: list[DayTold] = Field(description="days off it was counted over")
    worked: list[DayTold]
    sentence: Sentence


class PauseExplained(BaseModel):
    """A time in which the clock was stopped."""

    kind: Literal["supplement", "fee"]
    begin: str
    end: str | None
    working_us: int | None = Field(description="its working time in microseconds, once it is over")
    sentence: Sentence


class LimitExplained(BaseModel):
    """Without due date: when the maximum working time is used up."""

    limit: str
    amount: str
    unit: str
    sentence: Sentence


class IntakeExplained(BaseModel):
    """By when an online submission had to be answered."""

    submitted_at: str
    due: str
    ended_at: str | None
    minutes: int = Field(description="working minutes to answer")
    rule_version: str
    calendar: str
    calendar_version: str
    verdict: Literal["in_time", "late", "open", "overdue"]
    skipped: list[DayTold]
    sentences: list[Sentence]


class Verdict(BaseModel):
    """One test of the dossier, named by the figure that uses it."""

    test: Literal["instant", "date", "original"]
    figures: list[str] = Field(description="keys of the figures that use this test")
    verdict: Literal["on_time", "late", "early", "same_day", "within_term", "overdue"]
    compared: str | None = Field(description="what is compared: the end it is judged at, or the clock")
    against: str | None = Field(description="the due instant or the limit; null without either")
    sentence: Sentence


class StepExplained(BaseModel):
    """An occurrence of a step against its budget, or a step still ahead."""

    step: str
    unit: str | None
    occurrence: int | None
    state: Literal["ended", "under_way", "not_begun", "to_repeat"]
    outcome: str | None
    begun_at: str | None
    ended_at: str | None
    due: str | None
    budget: int | None = Field(description="working minutes")
    used_us: int | None
    over_us: int | None
    sentence: Sentence


class FindingExplained(BaseModel):
    """A finding or rejection in a sentence."""

    code: str
    source: str
    id: str
    sentence: Sentence


class Explanation(BaseModel):
    """Why a dossier is due when it is due, and how it stands by each test."""

    as_of: str | None = Field(description="the clock it was told at; null before the first tick")
    rule: str = Field(description="name of the rule")
    rule_version: str | None
    basis: Literal["promised", "committed", "statutory"] | None
    procedure: str | None
    procedure_version: str | None
    counting: str | None
    calendar: str | None
    calendar_version: str | None
    dues: list[DueExplained]
    terms: list[TermExplained]
    pauses: list[PauseExplained]
    limit: LimitExplained | None
    intake: IntakeExplained | None
    verdicts: list[Verdict]
    steps: list[StepExplained]
    findings: list[FindingExplained]
    sentences: list[Sentence] = Field(description="all of it to read, in order")


class ApologyDraft(BaseModel):
    """The draft of a written apology (thư xin lỗi), for an official to complete and sign."""

    form: str = Field(description="number of the form in the regulation")
    rule_version: str
    code: str
    unit: str | None
    procedure: str | None
    due: str
    overdue: bool
    days_late: int = Field(description="working days the due date is passed by, begun ones included; 0 before it")
    hours_to_go: int = Field(description="whole hours of wall clock until due; 0 once it has passed")
    proposed_due: str = Field(description="new date to propose")
    reason: str | None = Field(description="to be filled in")
    sentence: Sentence
