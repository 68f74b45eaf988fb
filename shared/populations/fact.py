"""The words a fact is declared in: its form on the topic and in a table, what stands for none, its meaning. Pure.

Whoever spells a row reads the declaration: the contract's model and schema, the engine's encoder, the decoder, columns,
image and answers of metrics, the reference page. Adding a fact is adding it there, and deriving it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from shared.contract.bounds import LONGEST_TEXT

__all__ = [
    "OLDEST",
    "Choice",
    "Code",
    "CodeSet",
    "Day",
    "Fact",
    "Flag",
    "Form",
    "Instant",
    "Items",
    "Listed",
    "Pauses",
    "Population",
    "Text",
    "Whole",
]

#: The revision of the engine that told all facts of which nothing else is said.
OLDEST: Final = 5
#: Types of numbers in a column, by their bits.
Bits = Literal["int8", "int16", "int32", "int64"]


@dataclass(frozen=True)
class Code:
    """A code or name that recurs: text on the topic, in a column the number it has in a dictionary; 0 for none.

    Args:
        dictionary: which; those of one name are one for all tables of a view, so that their numbers mean the same.
        shortest: characters at least.
    """

    dictionary: str
    shortest: int = 0


@dataclass(frozen=True)
class Choice:
    """One of a few words: its place in the column, from 1; 0 for none."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Instant:
    """RFC 3339 in UTC on the topic, of the years of the contract; UTC microseconds in a column, NEVER for none."""


@dataclass(frozen=True)
class Day:
    """A date on the topic, of the years of the contract; days since 1970-01-01 in a column, NO_DAY for none."""


@dataclass(frozen=True)
class Whole:
    """A whole number.

    Args:
        low: the least.
        high: the greatest; None is any.
        bits: of the column; what is greater than fits is told as the greatest that does.
        none: in the column for none.
    """

    low: int
    high: int | None = None
    bits: Bits = "int64"
    none: int = 0


@dataclass(frozen=True)
class Flag:
    """Yes or no; no stays off the topic."""


@dataclass(frozen=True)
class Text:
    """Words for people and versions; in no column."""


@dataclass(frozen=True)
class CodeSet:
    """A set of codes: a list on the topic, in a column the number of the set in a dictionary; 0 for the empty one.

    Args:
        dictionary: of the sets.
        codes: the dictionary in which the codes are to be known, too; None: in none.
        of: the list is one of such things, and the code their first fact; None: of plain codes.
    """

    dictionary: str
    codes: str | None = None
    of: Items | None = None


@dataclass(frozen=True)
class Pauses:
    """Intervals [begin, end or null) of instants: a list beside the table with columns start and end."""


@dataclass(frozen=True)
class Listed:
    """Things a case has any number of, each with facts of its own: a list beside the table where columns are kept."""

    items: Items


Form: TypeAlias = Code | Choice | Instant | Day | Whole | Flag | Text | CodeSet | Pauses | Listed
#: What stands on the topic for none where it is not null.
_EMPTY: Final[dict[type, bool | tuple[()]]] = {Flag: False, CodeSet: (), Pauses: (), Listed: ()}


@dataclass(frozen=True)
class Fact:
    """One fact.

    Attributes:
        wire: its member on the topic, and the attribute of what the engine derives.
        form: what it is.
        meaning: what it says, for readers of the contract and of answers; empty where the name says it.
        column: its name in the table; None: metrics does not keep it, and does not look at it.
        public: whether answers tell it of a case; nobody outside the services needs one that is not.
        required: whether every row has it.
        default: what holds where the member is missing, of a whole number that counts; None is null.
        day: the column that holds the local date of the instant, "" for none.
        otherwise: the instant that stands in the same column where this one is none; the day is of this one alone.
        not_before: an instant that this one is never before; a guard, for the engine sees to it.
        source: where the reading comes from.
        since: the revision of the engine that tells it first; rows of an older one do not.
    """

    wire: str
    form: Form
    meaning: str = ""
    column: str | None = None
    public: bool = True
    required: bool = False
    default: int | None = None
    day: str = ""
    otherwise: str = ""
    not_before: str = ""
    source: str = ""
    since: int = OLDEST

    @property
    def missing(self) -> int | bool | tuple[()] | None:
        """What a reader takes where the member is not there; such a member stays off the topic."""
        return self.default if self.default is not None else _EMPTY.get(type(self.form))

    @property
    def kept(self) -> bool:
        """Whether metrics reads it."""
        return self.column is not None


@dataclass(frozen=True)
class Items:
    """What one thing of a list says; `name` is the contract's word for it."""

    name: str
    meaning: str
    facts: tuple[Fact, ...]

    @property
    def kept(self) -> tuple[Fact, ...]:
        """Those with columns, in their order."""
        return tuple(fact for fact in self.facts if fact.kept)


@dataclass(frozen=True)
class Population:
    """A kind of cases, each with one row of facts.

    Attributes:
        name: of the table, in the plural.
        row: the contract's word for the row of one.
        meaning: what the row is.
        told: what answers say of it.
        event: the type of the lifecycle event that carries a row.
        key: of the record, from the code (shared/populations/keys.py).
        facts: of a row; the first is its code, in no column.
    """

    name: str
    row: str
    meaning: str
    told: str
    event: str
    key: Callable[[str], str]
    facts: tuple[Fact, ...]

    @property
    def kept(self) -> tuple[Fact, ...]:
        """Those metrics reads, in their order, without the code."""
        return tuple(fact for fact in self.facts[1:] if fact.kept)

    @property
    def dictionaries(self) -> tuple[str, ...]:
        """The dictionaries of its columns and of those of its lists, each once."""
        return tuple(dict.fromkeys(_dictionaries(self.kept)))

    @property
    def digest(self) -> str:
        """Equal for declarations under which a table holds the same; words of meaning and source do not count."""
        return hashlib.sha256(repr(tuple(_held(self.kept))).encode()).hexdigest()


def _dictionaries(facts: tuple[Fact, ...]) -> Iterator[str]:
    for fact in facts:
        match fact.form:
            case Code(dictionary=name):
                yield name
            case CodeSet(dictionary=name, codes=codes):
                yield name
                if codes is not None:
                    yield codes
            case Listed(items=items):
                yield from _dictionaries(items.kept)


def _held(facts: tuple[Fact, ...]) -> Iterator[tuple[object, ...]]:
    for fact in facts:
        form: object = fact.form
        if isinstance(form, Listed):
            form = ("listed", tuple(_held(form.items.kept)))
        told = (fact.wire, fact.column, form, fact.required, fact.default, fact.day, fact.otherwise, fact.not_before)
        yield (*told, LONGEST_TEXT)
