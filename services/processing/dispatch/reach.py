"""Which units can be told what: those whose topics exist, without those that are disabled.

Pure: knows topics' names; not how they or who is disabled are found out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.processing.dispatch.judged import ANSWER, Heard
from services.processing.dispatch.wanted import Message
from shared.broker.topics import agency_answers, agency_tasks

__all__ = ["NOBODY", "Reach", "reach_of", "topic_of"]

_TASKS: Final = tuple(agency_tasks("\0").split("\0"))
_ANSWERS: Final = tuple(agency_answers("\0").split("\0"))


@dataclass(frozen=True, slots=True)
class Reach:
    """Units by what they are told: tasks and notices, answers, or no answers at present (paused)."""

    tasks: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
    paused: frozenset[str] = frozenset()

    @property
    def units(self) -> frozenset[str]:
        """Who is told anything."""
        return self.tasks | self.answers

    def covers(self, other: Reach) -> bool:
        """Whether nobody is told anything in the other that is not in this one."""
        return other.tasks <= self.tasks and other.answers <= self.answers

    def hears(self, entry: Heard | None) -> bool:
        """Whether an entry's sender is to be answered, now or later."""
        return entry is not None and (entry.unit in self.answers or entry.unit in self.paused)

    def gets(self, message: Message) -> bool:
        """Whether a message can be sent now."""
        return message.unit in (self.answers if message.type == ANSWER else self.tasks)


NOBODY: Final = Reach()


def reach_of(topics: Iterable[str], disabled: frozenset[str]) -> Reach:
    """Who is told what.

    Args:
        topics: names of all topics there are.
        disabled: units that are told nothing.
    """
    names = list(topics)
    tasks, answers = _units(names, _TASKS), _units(names, _ANSWERS)
    return Reach(tasks - disabled, answers - disabled, answers & disabled)


def topic_of(message: Message) -> str:
    """The topic a message goes to."""
    return agency_answers(message.unit) if message.type == ANSWER else agency_tasks(message.unit)


def _units(names: Iterable[str], around: tuple[str, ...]) -> frozenset[str]:
    prefix, suffix = around
    return frozenset(
        name[len(prefix) : -len(suffix)]
        for name in names
        if len(name) > len(prefix) + len(suffix) and name.startswith(prefix) and name.endswith(suffix)
    )
