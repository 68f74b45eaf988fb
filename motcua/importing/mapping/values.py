"""Compiles the values and conditions of a mapping, for one header, into functions of a row. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from motcua.importing.mapping.load import Loaded, Place
from motcua.importing.mapping.model import Condition, Kind, Value
from motcua.importing.mapping.named import ROW_NUMBER
from motcua.importing.mapping.similar import did_you_mean
from motcua.importing.mapping.templates import Column, clean_name, parse_template, to_boolean, to_integer
from motcua.importing.mapping.times import Moment, TimeReader
from motcua.importing.moments.placeholders import NoDate, YearOutside
from motcua.importing.reasons import Mistake, Reason
from motcua.importing.tables.cells import LostDigits, Stamp
from motcua.importing.tables.header import Header
from motcua.importing.tables.rows import Row
from shared.instants import MINUTE, to_rfc3339
from shared.texts.normal_form import normal_form

__all__ = ["Compiler", "RowProblem", "Test", "TextOf", "TypedOf"]

#: The text a value has in a row; "" = empty.
TextOf = Callable[[Row], str]
#: The value as its field wants it; None = empty.
TypedOf = Callable[[Row], object]
Test = Callable[[Row], bool]


class RowProblem(Exception):  # noqa: N818 (a reason for a row, no error of the program)
    """A value of a row that cannot be used."""

    def __init__(self, code: str, **parameters: object) -> None:
        self.reason = Reason(code, parameters)
        super().__init__(code)


class Compiler:
    """Turns values into functions; collects what the header lacks in `mistakes`."""

    def __init__(self, loaded: Loaded, header: Header) -> None:
        self._loaded = loaded
        self._header = header
        self._columns = list(header.columns)
        self._empty = frozenset(normal_form(text.strip()) for text in loaded.mapping.empty)
        self._readers: dict[tuple[tuple[str, ...], str], TimeReader] = {}
        self.mistakes: list[Mistake] = []

    def _cell(self, name: str, at: Place) -> TextOf:
        if name == ROW_NUMBER:
            return lambda row: str(row.number)
        name = clean_name(name)
        places = [place for place, column in enumerate(self._columns) if column == name]
        if len(places) != 1:
            self._no_column(name, at, twice=bool(places))
            return lambda _row: ""
        place, empty, encoding = places[0], self._empty, self._header.encoding

        def cell(row: Row) -> str:
            text = row.cells[place].strip()
            if row.damaged:
                _check_whole(text, name, encoding)
            return "" if text in empty else text

        return cell

    def _no_column(self, name: str, at: Place, *, twice: bool) -> None:
        if twice:
            self.mistakes.append(self._loaded.mistake(at, Reason("column_twice", {"column": name})))
            return
        hint = ""
        if len(self._columns) == 1:
            other = next((sign for sign in (";", "\t", "|", ",") if sign in self._columns[0]), None)
            if other is not None and other != self._header.delimiter:
                shown = "tab" if other == "\t" else other
                hint = f' → file.delimiter: "{shown}"?'
        columns = ", ".join(self._columns[:40])
        parameters = {"column": name, "hint": did_you_mean(name, self._columns), "columns": columns}
        reason = Reason("no_such_column", {**parameters, "delimiter_hint": hint})
        self.mistakes.append(self._loaded.mistake(at, reason))

    def text(self, value: Value, at: Place) -> TextOf:
        """The value's text: its origin, then its map, then its default."""
        origin = self._origin(value, at)
        table = self._loaded.mapping.maps[value.map] if isinstance(value.map, str) else value.map
        if table is None:
            default = value.default
            return origin if default is None else lambda row: origin(row) or default
        known = {normal_form(key.strip()): text or "" for key, text in table.items()}
        other, strict, field = value.default, value.strict, str(at[-1]) if at else ""

        def mapped(row: Row) -> str:
            text = origin(row)
            found = known.get(normal_form(text))
            if found is not None:
                return found
            if other is not None:
                return other
            if strict and text:
                raise RowProblem("not_in_map", field=field, value=text)
            return text

        return mapped

    def _origin(self, value: Value, at: Place) -> TextOf:
        if value.column is not None:
            return self._cell(value.column, (*at, "column"))
        if value.first is not None:
            members = [self.text(inner, (*at, index)) for index, inner in enumerate(value.first)]
            return lambda row: next((text for member in members if (text := member(row))), "")
        pieces = parse_template(value.text or "")
        made = [self._cell(piece.name, at) if isinstance(piece, Column) else piece for piece in pieces]
        if len(made) == 1:
            only = made[0]
            return (lambda _row: only) if isinstance(only, str) else only

        def joined(row: Row) -> str:
            text, stamped = "", False
            for piece in made:
                part = piece if isinstance(piece, str) else piece(row)
                if not part:
                    return ""
                text += part
                stamped = stamped or type(part) is Stamp
            # A date and a time of day from two cells are still a time that the file stored as one.
            return Stamp(text) if stamped else text

        return joined

    def _time_reader(self, value: Value) -> TimeReader:
        mapping = self._loaded.mapping
        key = (tuple(value.formats or mapping.formats), value.zone or mapping.zone)
        if key not in self._readers:
            header = self._header
            of_sheet = bool(header.places.sheets)
            self._readers[key] = TimeReader(key[0], ZoneInfo(key[1]), epoch_1904=header.epoch_1904, of_sheet=of_sheet)
        return self._readers[key]

    def moment(self, value: Value, at: Place) -> Callable[[Row], Moment | None]:
        """The time a value names; None where it is empty."""
        text_of, reader, field = self.text(value, at), self._time_reader(value), str(at[-1])

        def moment(row: Row) -> Moment | None:
            text = text_of(row)
            if not text:
                return None
            try:
                return reader.stamp(text) if type(text) is Stamp else reader.read(text)
            except (NoDate, YearOutside) as error:
                code = "time_is_placeholder" if isinstance(error, NoDate) else "time_year_outside"
                raise RowProblem(code, field=field, value=text, year=f"{error.year:04}") from error
            except ValueError as error:
                formats = ", ".join(reader.formats)
                raise RowProblem("time_not_understood", field=field, value=text, formats=formats) from error

        return moment

    def typed(self, value: Value, kind: Kind, at: Place) -> TypedOf:
        """The value as its field wants it; None where it is empty."""
        kind = value.as_ or kind
        if kind in ("due", "date", "instant", "minutes"):
            moment_of = self.moment(value, at)
            convert = _MOMENTS[kind]
            return lambda row: None if (moment := moment_of(row)) is None else convert(moment)
        text_of, field, thousands = self.text(value, at), str(at[-1]), value.thousands
        if kind == "text":
            return lambda row: text_of(row) or None

        def converted(row: Row) -> object:
            text = text_of(row)
            if not text:
                return None
            try:
                return to_integer(text, thousands) if kind == "integer" else to_boolean(text)
            except ValueError as error:
                code = "not_a_number" if kind == "integer" else "not_a_boolean"
                raise RowProblem(code, field=field, value=text) from error

        return converted

    def conditions(self, conditions: Sequence[Condition], at: Place) -> list[Test]:
        """One test per condition."""
        return [self._condition(one, (*at, index)) for index, one in enumerate(conditions)]

    def _condition(self, condition: Condition, at: Place) -> Test:
        cell = self._cell(condition.column, (*at, "column"))
        one_of, none_of = (
            None if texts is None else frozenset(normal_form(text.strip()) for text in texts)
            for texts in (condition.is_, condition.not_)
        )
        pattern = None if condition.matches is None else re.compile(condition.matches)
        empty = condition.empty

        def test(row: Row) -> bool:
            text = cell(row)
            seen = normal_form(text)
            return (
                (one_of is None or seen in one_of)
                and (none_of is None or seen not in none_of)
                and (pattern is None or pattern.search(text) is not None)
                and (empty is None or empty == (not text))
            )

        return test


def _check_whole(text: str, column: str, encoding: str) -> None:
    """Refuse a cell of a damaged row that is itself damaged."""
    if isinstance(text, LostDigits):
        raise RowProblem("digits_lost", column=column, value=text)
    if not text.isascii() and any("\udc80" <= letter <= "\udcff" for letter in text):
        raise RowProblem("wrong_encoding", column=column, encoding=encoding)


_MOMENTS: dict[str, Callable[[Moment], object]] = {
    "due": lambda moment: moment.due_text,
    "date": lambda moment: moment.day.isoformat(),
    "instant": lambda moment: to_rfc3339(moment.instant),
    "minutes": lambda moment: moment.instant // MINUTE,
}
