"""The file of a calendar: YAML text to versions of the contract, every mistake with its line and remedy.

Pure: whoever calls reads the file. The form is that of the contract's calendar, with what all versions share said once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints, ValidationError

from shared.calendar.definition import check
from shared.calendar.files.yaml_tree import Tree, TreeFault, read_tree
from shared.contract.calendar_data import Calendar, CalendarDay, Document, HolidaySource, Season, Week
from shared.contract.envelope import Code, Data, Unit
from shared.messages import MESSAGES, Language
from shared.problems.field_errors import MOST_ERRORS, FieldError, explain

__all__ = ["CalendarFile", "CalendarMistakes", "Mistake", "read_calendar", "schema", "told", "versions_of_document"]

#: Calendars that `days_of` may name, and their versions.
Known = Mapping[str, Sequence[Calendar]]
#: What pydantic calls a wrong form, by the member it stands in: better said by an example than by a pattern.
_FORMS: Final = {"first": "calendar_month_day_form", "last": "calendar_month_day_form"}
_SESSION_MEMBERS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "sessions")


class FileVersion(Data):
    """A version in a calendar file: as the contract's, its days after those of the calendar named by `days_of`."""

    version: Code
    valid_from: date | None = Field(default=None, description="first day it is valid; absent: always")
    days_of: Code | None = Field(
        default=None, description="take over the days (not the hours) of a calendar that is built in, such as vn-public"
    )
    holidays: HolidaySource | None = None
    week: Week | None = Field(default=None, description="sessions by weekday; absent: only days are laid over")
    seasons: list[Season] = Field(default_factory=list)
    days: list[CalendarDay] = Field(default_factory=list)
    no_working_days: bool = Field(default=False, description="true where twelve months without a working day are meant")
    document: Document | None = None


class CalendarFile(FileVersion):
    """A calendar file: its first version, and under `versions` later ones in ascending precedence."""

    calendar: Code
    version: Code = "1"
    zone: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="IANA name of the time zone; absent: Asia/Ho_Chi_Minh"
    )
    unit: Unit | None = None
    purpose: Literal["working", "reception"] = "working"
    versions: list[FileVersion] = Field(default_factory=list)


def told(fault: FieldError, language: Language) -> str:
    """What is wrong and what to do, on one line."""
    message = MESSAGES[fault.code]
    words = {"field": fault.field, "value": fault.value, **fault.parameters}
    text = " ".join(f"{message.detail.fill(language, words)} {message.remedy.fill(language, words)}".split())
    return text.removeprefix(": ")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a calendar file and the line it stands on."""

    line: int
    fault: FieldError

    def text(self, language: Language) -> str:
        """What is wrong and what to do, on one line."""
        return told(self.fault, language)


class CalendarMistakes(Exception):  # noqa: N818 (told as sentences)
    """What is wrong with a calendar file, in the order of its lines."""

    def __init__(self, mistakes: Sequence[Mistake], more: int = 0) -> None:
        self.mistakes = sorted(mistakes, key=lambda mistake: mistake.line)[:MOST_ERRORS]
        #: How many there are beside those.
        self.more = len(mistakes) - len(self.mistakes) + more
        super().__init__(self.text("en", "calendar"))

    def text(self, language: Language, name: str) -> str:
        """`file:line: what is wrong and what to do`, a line each; then how many more there are."""
        lines = [f"{name}:{mistake.line}: {mistake.text(language)}" for mistake in self.mistakes]
        return "\n".join([*lines, *([f"+ {self.more}"] if self.more else [])])


def read_calendar(text: str, known: Known) -> tuple[Calendar, ...]:
    """The versions in a calendar file, in ascending precedence.

    Args:
        text: YAML, as docs/guides/deadlines.md tells.
        known: calendars that `days_of` may name.

    Raises:
        CalendarMistakes: everything that is wrong, with lines.
    """
    try:
        tree = read_tree(text)
    except TreeFault as fault:
        raise CalendarMistakes([Mistake(fault.line, fault.fault)]) from fault
    try:
        read = CalendarFile.model_validate(tree.root)
    except ValidationError as error:
        found = [_in_words(fault) for fault in explain(error.errors(include_url=False))]
        more = error.error_count() - len(found)
        raise CalendarMistakes([Mistake(tree.line(fault.field), fault) for fault in found], more) from error
    places = [("", read), *((f"versions[{place}].", version) for place, version in enumerate(read.versions))]
    mistakes = [mistake for place, version in places for mistake in _check(read, version, place, tree, known)]
    # Without hours it lays days over a calendar that is there, so there has to be one.
    if not known and not any(version.week for _, version in places):
        mistakes.append(Mistake(1, FieldError("calendar_without_hours", "week")))
    if not any(version.week for _, version in places):
        mistakes += _foreign_hours(read, tree, known)
    if mistakes:
        raise CalendarMistakes(mistakes)
    return tuple(_version(read, version, known) for _, version in places)


def versions_of_document(document: Mapping[str, Any], known: Known) -> tuple[Calendar, ...]:
    """The versions in a calendar file that is read already, with the days they take over.

    Raises:
        ValidationError: it has not the form of one.
    """
    read = CalendarFile.model_validate(document)
    return tuple(_version(read, version, known) for version in (read, *read.versions))


def schema() -> dict[str, Any]:
    """The JSON Schema of calendar files, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **CalendarFile.model_json_schema()}


def _check(file: CalendarFile, version: FileVersion, place: str, tree: Tree, known: Known) -> list[Mistake]:
    faults = [dataclasses.replace(fault, field=place + fault.field) for fault in check(_version(file, version, {}))]
    if version.days_of is not None and version.days_of not in known:
        parameters = {"known": ", ".join(known) or "-"}
        faults.append(FieldError("calendar_days_of_unknown", f"{place}days_of", version.days_of, parameters))
    if place:
        faults = [fault for fault in faults if fault.field != f"{place}zone"]
    return [Mistake(tree.line(fault.field), fault) for fault in faults]


def _foreign_hours(file: CalendarFile, tree: Tree, known: Known) -> list[Mistake]:
    """A file without hours of its own takes those of the calendar under it, which are of that calendar's zone."""
    under = [version for versions in known.values() for version in versions if version.zone is not None]
    if file.zone is None or not under or file.zone == under[0].zone:
        return []
    told = {"under": under[0].calendar, "zone": under[0].zone}
    return [Mistake(tree.line("zone"), FieldError("calendar_zone_without_week", "zone", file.zone, told))]


def _version(file: CalendarFile, version: FileVersion, known: Known) -> Calendar:
    """A version as the contract has it, with the days it takes over before its own."""
    named = {day.day for day in version.days}
    since = version.valid_from or date.min
    source = known.get(version.days_of or "", ())
    taken = {day.day: day for one in source for day in one.days if day.day not in named and day.day >= since}
    pinned = (version.holidays, *(one.holidays for one in reversed(source)))
    return Calendar(
        calendar=file.calendar,
        version=version.version,
        valid_from=version.valid_from,
        zone=file.zone,
        unit=file.unit,
        purpose=file.purpose,
        holidays=next((one for one in pinned if one is not None), None),
        week=version.week,
        seasons=version.seasons,
        days=[*(_whole(day, taken) for day in taken.values()), *version.days],
        no_working_days=version.no_working_days,
        document=version.document,
    )


def _whole(day: CalendarDay, taken: Mapping[date, CalendarDay]) -> CalendarDay:
    """A day taken over; of a swap whose other half was not, a day by itself."""
    if day.pair is None or day.pair in taken:
        return day
    return day.model_copy(update={"kind": "extra", "pair": None})


def _in_words(fault: FieldError) -> FieldError:
    """A fault of form told by an example, and an unknown key by the page that has the keys."""
    if fault.code == "unknown_field":
        return dataclasses.replace(fault, code="calendar_unknown_key")
    if fault.code != "wrong_form":
        return fault
    member = fault.field.rpartition(".")[2].partition("[")[0]
    code = "calendar_session_form" if member in _SESSION_MEMBERS else _FORMS.get(member, fault.code)
    return dataclasses.replace(fault, code=code)
