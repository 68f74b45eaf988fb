"""The columns a mapping names, in the order in which it names them. Pure; knows no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from motcua.importing.mapping.model import Condition, Mapping, Value
from motcua.importing.mapping.templates import Column, clean_name, parse_template

__all__ = ["ROW_NUMBER", "named_columns"]

#: Stands for the number of the row where a column is named.
ROW_NUMBER = "@row"


def named_columns(mapping: Mapping) -> list[str]:
    """Every column named in values, conditions and orders, once."""
    return list(dict.fromkeys(name for name in map(clean_name, _mapping(mapping)) if name != ROW_NUMBER))


def _mapping(mapping: Mapping) -> Iterator[str]:
    for value in (mapping.source, mapping.dossier, mapping.time, mapping.revision):
        yield from _value(value)
    yield from _conditions([*mapping.keep, *mapping.drop])
    yield from _template(mapping.sequence)
    for rule in mapping.entries:
        yield from _conditions(rule.when)
        for value in (rule.time, rule.id, rule.revision, *rule.data.values()):
            yield from _value(value)
        yield from _template(rule.sequence)


def _conditions(conditions: Iterable[Condition]) -> Iterator[str]:
    return (condition.column for condition in conditions)


def _value(value: Value | None) -> Iterator[str]:
    if value is None:
        return
    if value.column is not None:
        yield value.column
    yield from _template(value.text)
    for inner in value.first or ():
        yield from _value(inner)


def _template(text: str | None) -> Iterator[str]:
    pieces = () if text is None else parse_template(text)
    return (piece.name for piece in pieces if isinstance(piece, Column))
