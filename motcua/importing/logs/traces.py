"""Which trace an event belongs to, and what stands where no trace is. Holds one trace at a time; reads no file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from motcua.importing.logs.lines import Lines
from motcua.importing.reasons import Reason, Refused
from motcua.importing.tables.xes_values import CASE, attributes, local_name

__all__ = ["CASE_NAME", "MOST_SHOWN", "Cells", "Loose", "RowKind", "Traces"]

RowKind = Literal["event", "dossier"]
Cells = dict[str, str]
#: Events of one trace that wait for its end, since some logs write a trace's attributes after its events.
_MOST_WAITING: Final = 2_000
#: Names of attributes, and steps of a path, that a message lists.
MOST_SHOWN: Final = 40
_MOST_PATH: Final = 4
#: The column that holds a trace's own name, and that of events whose case an attribute names.
CASE_NAME: Final = f"{CASE}concept:name"


@dataclass(slots=True)
class Loose:
    """The events that stand in no trace: how many, and the first names of their attributes."""

    events: int = 0
    names: dict[str, None] = field(default_factory=dict[str, None])

    def note(self, cells: Cells) -> None:
        """Take one more."""
        self.events += 1
        if len(self.names) < MOST_SHOWN:
            self.names |= dict.fromkeys(cells)


class Traces:
    """The events of the trace that is being read, until the trace's own attributes are known."""

    def __init__(self, kind: RowKind, case: str | None, loose: Loose, lines: Lines) -> None:
        self._kind = kind
        self._of_loose = case
        self._loose = loose
        self._lines = lines
        self._ended = 0
        self._events: list[Cells] = []
        self._trace: Any = None

    def event(self, element: Any) -> Iterator[Cells | Refused]:
        """Take an event; gives events back where a trace has too many to wait."""
        self._ended += 1
        parent = element.getparent()
        if not _is_trace(parent):
            yield self._outside(element, parent)
            return
        if self._kind == "dossier":
            return
        self._trace = parent
        self._events.append(dict(attributes(element)))
        if len(self._events) >= _MOST_WAITING:
            yield from self._given(self._trace)

    def _outside(self, element: Any, parent: Any) -> Cells | Refused:
        cells = dict(attributes(element))
        self._loose.note(cells)
        if parent is not None and local_name(parent.tag) != "log":
            return self._refused(element, "event_misplaced", inside=_path(parent))
        if self._of_loose is None:
            return self._refused(element, "event_outside_trace")
        case = cells.get(self._of_loose, "")
        if not case.strip():
            return self._refused(element, "event_without_case", attribute=self._of_loose)
        return {CASE_NAME: case, **cells}

    def _refused(self, element: Any, code: str, **parameters: object) -> Refused:
        line = self._lines.line(self._ended, element.sourceline or 0)
        return Refused(line, line, Reason(code, {"line": line, **parameters}))

    def trace(self, element: Any) -> Iterator[Cells | Refused]:
        """The trace has ended: its events, or itself."""
        self._ended += 1
        if not _is_trace(element):
            # Its events were refused one by one.
            if self._kind == "dossier":
                yield self._refused(element, "trace_misplaced", inside=_path(element.getparent()))
            return
        if self._kind == "dossier":
            yield _case(element)
        else:
            yield from self._given(element)
        self._trace = None

    def rest(self) -> Iterator[Cells]:
        """What waits when the log breaks off in the middle of a trace."""
        if self._events and self._trace is not None:
            yield from self._given(self._trace)

    def _given(self, trace: Any) -> Iterator[Cells]:
        case = _case(trace)
        events, self._events = self._events, []
        for cells in events:
            yield {**case, **cells}


def _is_trace(element: Any) -> bool:
    """Whether an element is a trace of the log, and not of something else in it."""
    if element is None or local_name(element.tag) != "trace":
        return False
    parent = element.getparent()
    return parent is not None and local_name(parent.tag) == "log"


def _path(element: Any) -> str:
    """Where something stands, such as <trace><trace>; the log itself is left out."""
    names: list[str] = []
    while element is not None and local_name(element.tag) != "log" and len(names) < _MOST_PATH:
        names.append(f"<{local_name(element.tag)}>")
        element = element.getparent()
    return "".join(reversed(names))


def _case(trace: Any) -> Cells:
    return {f"{CASE}{name}": text for name, text in attributes(trace)}
