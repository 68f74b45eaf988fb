"""What a mapping says against the contract and against itself, before any data are seen. Knows no YAML and no lines."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from motcua.importing.encodings.names import BY_BYTES, encoding_name
from motcua.importing.mapping.contract_fields import (
    FILE_TYPES,
    constant_fault,
    data_model,
    field_kind,
    is_list,
    required_fields,
)
from motcua.importing.mapping.model import Condition, EntryRule, FileFormat, Kind, Mapping, Value
from motcua.importing.mapping.similar import did_you_mean
from motcua.importing.mapping.templates import Column, parse_template, to_boolean, to_integer
from motcua.importing.mapping.times import format_fault
from motcua.importing.moments.halves import half_fault, with_half
from motcua.importing.reasons import Reason
from shared.contract.entries import ENTRY_MODELS

__all__ = ["SEQUENCE_WORDS", "Found", "check", "named_by_content"]

Found = tuple[tuple[str | int, ...], Reason]
_At = tuple[str | int, ...]

#: Orders that are no number and no column.
SEQUENCE_WORDS = ("row", "row_reversed", "first", "last")
DELIMITER_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}


def check(mapping: Mapping) -> Iterator[Found]:
    """Every mistake: where it stands, and what it is."""
    yield from _file(mapping.file)
    if mapping.file.case is not None and mapping.row == "dossier":
        yield ("file", "case"), Reason("case_needs_events")
    yield from _zone(mapping.zone, ("zone",))
    yield from _formats(mapping.formats, ("formats",))
    for key in ("keep", "drop"):
        yield from _conditions(getattr(mapping, key), (key,))
    for key in ("source", "dossier", "time", "revision"):
        value = getattr(mapping, key)
        if value is not None:
            yield from _value(mapping, value, (key,))
    yield from _sequence(mapping.sequence, ("sequence",))
    if mapping.repeats == "count" and not any(named_by_content(mapping, rule) for rule in mapping.entries):
        yield ("repeats",), Reason("repeats_nothing")
    names: set[str] = set()
    for index, rule in enumerate(mapping.entries):
        at = ("entries", index)
        yield from _rule(mapping, rule, at)
        name = rule.name or rule.type
        if name in names and rule.id is None:
            yield (*at, "name" if rule.name else "type"), Reason("name_twice", {"value": name})
        names.add(name)


def named_by_content(mapping: Mapping, rule: EntryRule) -> bool:
    """Whether the ids of a rule's entries are made of what they say, so that equal ones are one."""
    once = rule.once if rule.once is not None else mapping.row == "dossier"
    return rule.id is None and once is False


def _file(file: FileFormat) -> Iterator[Found]:
    try:
        codecs.lookup("latin-1" if encoding_name(file.encoding) in BY_BYTES else file.encoding)
        "".encode("latin-1" if encoding_name(file.encoding) in BY_BYTES else file.encoding)
    except (LookupError, ValueError):
        yield ("file", "encoding"), Reason("bad_encoding", {"value": file.encoding})
    delimiter = file.delimiter
    if delimiter is not None and (len(DELIMITER_WORDS.get(delimiter, delimiter)) != 1 or delimiter in '"\r\n'):
        yield ("file", "delimiter"), Reason("bad_character", {"value": delimiter, "or_word": " / tab"})
    if file.quote != "none" and (len(file.quote) != 1 or file.quote in "\r\n"):
        yield ("file", "quote"), Reason("bad_character", {"value": file.quote, "or_word": " / none"})


def _zone(zone: str | None, at: _At) -> Iterator[Found]:
    if zone is None:
        return
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        yield at, Reason("bad_zone", {"value": zone})


def _formats(formats: list[str] | None, at: _At) -> Iterator[Found]:
    for index, written in enumerate(formats or ()):
        if format_fault(written):
            yield (*at, index), Reason("bad_format", {"value": written})
        elif (fault := half_fault(written)) is not None:
            yield (*at, index), Reason(fault, {"value": written, "better": with_half(written)})


def _conditions(conditions: list[Condition], at: _At) -> Iterator[Found]:
    for index, condition in enumerate(conditions):
        if condition.matches is None:
            continue
        try:
            re.compile(condition.matches)
        except (re.error, OverflowError, RecursionError) as error:
            reason = Reason("bad_pattern", {"value": condition.matches, "reason": str(error)})
            yield (*at, index, "matches"), reason


def _sequence(sequence: str | None, at: _At) -> Iterator[Found]:
    if sequence is None or sequence in SEQUENCE_WORDS:
        return
    if re.fullmatch(r"-?[0-9]{1,9}", sequence):
        return
    try:
        if any(isinstance(piece, Column) for piece in parse_template(sequence)):
            return
    except ValueError:
        pass
    yield at, Reason("bad_sequence", {"value": sequence})


def _value(mapping: Mapping, value: Value, at: _At) -> Iterator[Found]:
    if value.text is not None:
        try:
            parse_template(value.text)
        except ValueError:
            yield (*at, "text"), Reason("bad_template", {"value": value.text})
    for index, inner in enumerate(value.first or ()):
        yield from _value(mapping, inner, (*at, index))
    if isinstance(value.map, str) and value.map not in mapping.maps:
        hint = did_you_mean(value.map, mapping.maps)
        yield (*at, "map"), Reason("no_such_map", {"value": value.map, "hint": hint})
    yield from _formats(value.formats, (*at, "formats"))
    yield from _zone(value.zone, (*at, "zone"))


def _rule(mapping: Mapping, rule: EntryRule, at: _At) -> Iterator[Found]:
    if rule.type not in FILE_TYPES:
        if rule.type in ENTRY_MODELS:
            yield (*at, "type"), Reason("type_not_for_files", {"value": rule.type})
        else:
            hint = did_you_mean(rule.type, FILE_TYPES)
            types = ", ".join(FILE_TYPES)
            yield (*at, "type"), Reason("no_such_type", {"value": rule.type, "hint": hint, "types": types})
        return
    yield from _conditions(rule.when, (*at, "when"))
    for key in ("time", "id", "revision"):
        value = getattr(rule, key)
        if value is not None:
            yield from _value(mapping, value, (*at, key))
    if rule.time is None and mapping.time is None:
        yield at, Reason("time_missing")
    yield from _sequence(rule.sequence, (*at, "sequence"))
    yield from _data(mapping, rule, at)


def _data(mapping: Mapping, rule: EntryRule, at: _At) -> Iterator[Found]:
    fields = list(data_model(rule.type).model_fields)
    for field, value in rule.data.items():
        place = (*at, "data", field)
        if field not in fields:
            names = ", ".join(fields) or "-"
            hint = did_you_mean(field, fields)
            yield place, Reason("no_such_field", {"type": rule.type, "field": field, "hint": hint, "fields": names})
        elif is_list(rule.type, field):
            yield place, Reason("field_not_for_files", {"field": field})
        else:
            found = list(_value(mapping, value, place))
            yield from found
            if not found:
                yield from _constants(mapping, rule.type, field, value, place)
    for field in required_fields(rule.type):
        if field not in rule.data:
            yield at, Reason("field_missing", {"type": rule.type, "field": field})


def _constants(mapping: Mapping, type_: str, field: str, value: Value, at: _At) -> Iterator[Found]:
    """Texts of the mapping itself that end up in a field must fit it: constants, defaults, what a map gives."""
    kind = value.as_ or field_kind(type_, field)
    if kind not in ("text", "integer", "boolean"):
        return
    table = mapping.maps[value.map] if isinstance(value.map, str) else value.map or {}
    given: list[tuple[_At, str | None]] = [((*at, "map", key), text) for key, text in table.items()]
    given.append(((*at, "default"), value.default))
    if value.text is not None and not table:
        pieces = parse_template(value.text)
        if len(pieces) == 1 and isinstance(pieces[0], str):
            given.append(((*at, "text"), pieces[0]))
    for place, text in given:
        if text:
            yield from _constant(type_, field, kind, text, place)


def _constant(type_: str, field: str, kind: Kind, text: str, at: _At) -> Iterator[Found]:
    try:
        converted = to_integer(text, None) if kind == "integer" else to_boolean(text) if kind == "boolean" else text
    except ValueError:
        code = "not_a_number" if kind == "integer" else "not_a_boolean"
        yield at, Reason(code, {"field": field, "value": text})
        return
    fault = constant_fault(type_, field, converted)
    if fault is not None:
        yield at, Reason("bad_constant", {"value": text, "field": field, "reason": fault})
