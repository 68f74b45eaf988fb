"""The page of all facts of all populations, from their declarations: form, meaning, who is told, source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from docs.generate.markdown import code, page, table
from shared.populations.all import POPULATIONS
from shared.populations.fact import Choice, Code, CodeSet, Day, Fact, Flag, Instant, Items, Listed, Pauses, Whole

__all__ = ["facts_page"]

_HEADINGS: Final = ("fact", "form", "column", "told", "meaning", "source")
_INTRODUCTION: Final = """\
What is known of a case, as it stands in its row on the lifecycle topic. A member that would be null, an empty list or
`false` is left out. *column* is its name in the tables of metrics, of which figures are made; *told* are those that
the answers of metrics tell of a case.
"""


def facts_page() -> str:
    """The page as Markdown."""
    blocks = [_INTRODUCTION.splitlines(), [""]]
    for population in POPULATIONS:
        blocks += [[f"## {population.name}", "", population.meaning, ""], _table(population.facts)]
        for items in _items(population.facts):
            first, *_ = items.meaning.split("\n\n")
            blocks += [[f"### {items.name}", "", first, ""], _table(items.facts)]
    return page("Facts", *blocks)


def _items(facts: tuple[Fact, ...]) -> Iterator[Items]:
    for fact in facts:
        match fact.form:
            case Listed(items=items) | CodeSet(of=Items() as items):
                yield items


def _table(facts: tuple[Fact, ...]) -> list[str]:
    return table(_HEADINGS, [_row(fact) for fact in facts])


def _row(fact: Fact) -> tuple[str, ...]:
    told = "yes" if fact.kept and fact.public and not isinstance(fact.form, Listed | Pauses) else ""
    form = _form(fact) + (", always" if fact.required else "")
    return code(fact.wire), form, code(fact.column or ""), told, fact.meaning, fact.source


def _form(fact: Fact) -> str:
    match fact.form:
        case Instant():
            form = "instant"
        case Day():
            form = "date"
        case Choice(values=values):
            form = ", ".join(map(code, values))
        case Whole(low=low, high=high):
            form = f"whole, from {low}" if high is None else f"whole, {low} to {high}"
        case Flag():
            form = "yes or no"
        case CodeSet(of=Items() as items) | Listed(items=items):
            form = f"list of {items.name}"
        case CodeSet():
            form = "set of codes"
        case Pauses():
            form = "list of [begin, end]"
        case Code():
            form = "code"
        case _:
            form = "text"
    return form
