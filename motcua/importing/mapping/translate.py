"""Rows into journal entries, by a mapping. Pure: remembers only which once-per-dossier entries were made.

Every entry is validated by the contract before it leaves, so that a refused one is named by its line. Ids are made of
the dossier code, the entry's name and, for events, their content: the same file gives the same ids again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from motcua.importing.mapping.check import SEQUENCE_WORDS, named_by_content
from motcua.importing.mapping.contract_fields import fault_of, field_kind
from motcua.importing.mapping.load import Loaded, Place
from motcua.importing.mapping.model import EntryRule, Value
from motcua.importing.mapping.templates import to_integer
from motcua.importing.mapping.times import Moment
from motcua.importing.mapping.values import Compiler, RowProblem, Test, TextOf, TypedOf
from motcua.importing.reasons import MappingMistakes, Reason, Refused
from motcua.importing.repeats.identity import content_of, id_by_content
from motcua.importing.repeats.rows import Repeats
from motcua.importing.report.notebook import Notebook
from motcua.importing.report.watch import WATCHED, Watch
from motcua.importing.seen import Extremes, Seen
from motcua.importing.tables.header import Header
from motcua.importing.tables.rows import Row
from shared.contract.normal_form import Brought, bring_to_form
from shared.instants import to_rfc3339
from shared.texts.normal_form import normal_form

__all__ = ["Prepared", "Translator"]

_FIRST, _LAST = -(2**31), 2**31 - 1

OrderOf = Callable[[Row], int]


@dataclass(slots=True)
class Prepared:
    """An entry ready to be sent: its JSON, and what sorting and reporting need of it."""

    line: int
    last_line: int
    time: int
    sequence: int
    type: str
    source: str
    subject: str
    simulated: bool
    payload: bytes


@dataclass(slots=True)
class _Rule:
    type: str
    name: str
    once: int | None
    extreme: int | None
    when: list[Test]
    time: Callable[[Row], Moment | None]
    id: TextOf | None
    sequence: OrderOf | None
    revision: TypedOf | None
    data: list[tuple[str, TypedOf]]
    by_content: bool


class Translator:
    """A mapping bound to the header of one file.

    Args:
        loaded: the mapping.
        header: of the file.
        notebook: takes what the report tells of the file as a whole.
        repeats: knows the events that say what an earlier one said.

    Raises:
        MappingMistakes: the mapping names columns the file does not have.
    """

    def __init__(self, loaded: Loaded, header: Header, notebook: Notebook, repeats: Repeats) -> None:
        mapping = loaded.mapping
        self._compiler = compiler = Compiler(loaded, header)
        self._places = header.places
        self._mapping = mapping
        self._simulated = mapping.simulated
        self._source = compiler.text(mapping.source, ("source",))
        self._dossier = compiler.text(mapping.dossier, ("dossier",))
        self._dossier_text = mapping.dossier.text or mapping.dossier.column or ""
        self._keep = compiler.conditions(mapping.keep, ("keep",))
        self._drop = compiler.conditions(mapping.drop, ("drop",))
        self._once = 0
        self._latest: list[bool] = []
        self._rules = [self._rule(rule, ("entries", index)) for index, rule in enumerate(mapping.entries)]
        if compiler.mistakes:
            raise MappingMistakes(compiler.mistakes)
        self._seen = Seen(self._once + WATCHED)
        self._extremes = Extremes(self._latest)
        self._repeats = repeats
        self._watch = Watch(notebook, self._seen, self._once)
        #: Units and procedures that the entries name.
        self.names = self._watch.names
        #: Rows left out by keep and drop.
        self.filtered = 0

    @property
    def dossiers(self) -> int:
        """Distinct dossiers met in rows that were kept."""
        return self._seen.dossiers

    @property
    def wants_survey(self) -> bool:
        """Whether all rows must be surveyed first: for dossiers' earliest or latest rows, or to number equal events."""
        return bool(self._latest) or self._repeats.counts_each

    def survey(self, row: Row) -> None:
        """Note a row's times; what is wrong with the row is told when it is translated."""
        try:
            code = normal_form(self._dossier(row)) if self._kept(row) else ""
        except RowProblem:
            return
        for rule in self._rules if code else ():
            named = self._repeats.counts_each and rule.by_content
            if rule.extreme is None and not named:
                continue
            try:
                moment = rule.time(row) if all(test(row) for test in rule.when) else None
                if moment is not None and named:
                    content = content_of(to_rfc3339(moment.instant), self._data(row, rule)[0])
                    self._repeats.note(self._identity(row, rule, code, content), row)
            except RowProblem:
                continue
            if moment is not None and rule.extreme is not None:
                self._extremes.offer(code, rule.extreme, moment.instant, row.number)

    def _identity(self, row: Row, rule: _Rule, code: str, content: bytes) -> str:
        return f"{self._source(row)}/{id_by_content(code, rule.name, content)}"

    def _data(self, row: Row, rule: _Rule) -> tuple[dict[str, object], Brought]:
        """The data in normal form, as it is compared and gives an id, and what was found in its texts."""
        data = {field: value for field, value_of in rule.data if (value := value_of(row)) is not None}
        return data, bring_to_form({"type": rule.type, "data": data})

    def _rule(self, rule: EntryRule, at: Place) -> _Rule:
        compiler, mapping = self._compiler, self._mapping
        once = extreme = None
        if rule.once in ("earliest", "latest"):
            extreme = len(self._latest)
            self._latest.append(rule.once == "latest")
        elif rule.once if rule.once is not None else mapping.row == "dossier":
            once, self._once = self._once, self._once + 1
        time, time_at = (rule.time, (*at, "time")) if rule.time is not None else (mapping.time, ("time",))
        own = rule.revision is not None
        revision, revision_at = (rule.revision, (*at, "revision")) if own else (mapping.revision, ("revision",))
        return _Rule(
            type=rule.type,
            name=rule.name or rule.type,
            once=once,
            extreme=extreme,
            when=compiler.conditions(rule.when, (*at, "when")),
            time=compiler.moment(time, time_at) if time is not None else lambda _row: None,
            id=None if rule.id is None else compiler.text(rule.id, (*at, "id")),
            sequence=self._order(rule.sequence or mapping.sequence, (*at, "sequence")),
            revision=None if revision is None else compiler.typed(revision, "integer", revision_at),
            data=[
                (field, compiler.typed(value, field_kind(rule.type, field), (*at, "data", field)))
                for field, value in rule.data.items()
            ],
            by_content=named_by_content(mapping, rule),
        )

    def _order(self, written: str | None, at: Place) -> OrderOf | None:
        if written is None:
            return None
        if written in SEQUENCE_WORDS:
            return {
                "row": lambda row: row.number,
                "row_reversed": lambda row: -row.number,
                "first": lambda _row: _FIRST,
                "last": lambda _row: _LAST,
            }[written]
        if re.fullmatch(r"-?[0-9]+", written):
            number = int(written)
            return lambda _row: number
        text_of = self._compiler.text(Value(text=written), at)

        def order(row: Row) -> int:
            text = text_of(row)
            try:
                return to_integer(text, None) if text else 0
            except ValueError as error:
                raise RowProblem("not_a_number", field="sequence", value=text) from error

        return order

    def entries(self, row: Row) -> Iterator[Prepared | Refused]:
        """The entries of a row, and those that cannot be made of it with the reason."""
        try:
            if not self._kept(row):
                self.filtered += 1
                return
            typed = self._dossier(row)
            code = self._needed(normal_form(typed), "no_dossier")
            source = self._needed(self._source(row), "no_source")
        except RowProblem as problem:
            yield Refused(row.line, row.last_line, problem.reason)
            return
        place = self._seen.place(code)
        for rule in self._rules:
            try:
                if not all(test(row) for test in rule.when):
                    continue
                if rule.extreme is not None and self._extremes.row(code, rule.extreme) not in (0, row.number):
                    continue
                made = self._entry(row, rule, code, source, place, retyped=code != typed)
            except RowProblem as problem:
                yield Refused(row.line, row.last_line, problem.reason, rule.name, code)
            else:
                if made is not None:
                    yield made

    def _kept(self, row: Row) -> bool:
        return all(test(row) for test in self._keep) and not any(test(row) for test in self._drop)

    def _needed(self, text: str, code: str) -> str:
        if not text:
            raise RowProblem(code, value=self._dossier_text)
        return text

    def _entry(
        self, row: Row, rule: _Rule, code: str, source: str, place: int, *, retyped: bool
    ) -> Prepared | Refused | None:
        moment = rule.time(row)
        if moment is None:
            return None
        data, brought = self._data(row, rule)
        time = to_rfc3339(moment.instant)
        content = content_of(time, data)
        if rule.once is not None:
            first_line = self._seen.compare(place, rule.once, content)
            if first_line == 0:
                return None
            if first_line is not None:
                reason = Reason("contradiction", {"first_line": self._places.text(first_line), "entry": rule.name})
                return Refused(row.line, row.last_line, reason, rule.name, code, contradiction=True)
        entry: dict[str, Any] = {
            "specversion": "1.0",
            "id": self._id(row, rule, code, content),
            "source": source,
            "type": rule.type,
            "subject": code,
            "time": time,
            "data": data,
        }
        sequence = 0
        if rule.sequence is not None:
            sequence = entry["sequence"] = rule.sequence(row)
        if rule.revision is not None:
            entry["revision"] = rule.revision(row) or 0
        if self._simulated:
            entry["simulated"] = True
        payload = orjson.dumps(entry)
        fault = fault_of(entry, payload, brought)
        if fault is not None:
            return Refused(row.line, row.last_line, fault, rule.name, code)
        self._note(row, rule, place, content, f"{source}/{entry['id']}")
        self._watch.see(rule.type, place, moment.instant, data, row.line, retyped=retyped or bool(brought.changed))
        return Prepared(
            row.line, row.last_line, moment.instant, sequence, rule.type, source, code, self._simulated, payload
        )

    def _note(self, row: Row, rule: _Rule, place: int, content: bytes, identity: str) -> None:
        if rule.once is not None:
            self._seen.note(place, rule.once, content, row.line)
        elif rule.by_content and not self._repeats.counts_each:
            self._repeats.note(identity, row)

    def _id(self, row: Row, rule: _Rule, code: str, content: bytes) -> str:
        if rule.id is not None:
            made = rule.id(row)
            if not made:
                raise RowProblem("no_id")
            return made
        if rule.once is not None or rule.extreme is not None:
            return f"{code}/{rule.name}"
        made = id_by_content(code, rule.name, content)
        if self._repeats.counts_each:
            number = self._repeats.number(self._identity(row, rule, code, content), row)
            return made if number == 1 else f"{made}/{number}"
        return made
