"""Rows of a process log in XES (1.0 or 2.0): one per event, or one per trace. Memory stays flat however long it is.

A log declares no columns. Those a mapping names are looked for by reading on until each was met; what was met by then
are the columns. No entity is resolved and nothing is fetched. Damage ends the rows after what could be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from services.intake.files.cells import LostDigits
from services.intake.files.header import Header
from services.intake.files.reasons import ImportFailed, Reason, Refused
from services.intake.files.rows import Row
from services.intake.files.source import DataFile, reading
from services.intake.files.xes_values import CASE, attributes, local_name

__all__ = ["XesRows"]

RowKind = Literal["event", "dossier"]
_Cells = dict[str, str]
#: Events of one trace that wait for its end, since some logs write a trace's attributes after its events.
_MOST_WAITING = 2_000
#: Names kept of a log that names its attributes without end.
_MOST_NAMES = 10_000
_TAGS = ("{*}global", "{*}event", "{*}trace")


class XesRows:
    """The events (or traces) of a log.

    Args:
        kind: `event` for one row per event, `dossier` for one per trace.
        named: the columns that are wanted; None: all of the log.

    Raises:
        ImportFailed: the file cannot be read, or is no log.
    """

    notes: tuple[Reason, ...] = ()

    def __init__(self, path: Path, kind: RowKind, named: Sequence[str] | None) -> None:
        self._path = path
        self._kind = kind
        self.blank = 0
        seen = self._survey(named)
        # What was met on the way to the last of the named ones depends on their places only: the same on every run.
        columns = list(named) if named is not None and not set(named) - seen.keys() else list(seen)
        self.header = Header(columns)
        self._data = DataFile(path)

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._data.position

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        return self._data.size

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def _survey(self, named: Sequence[str] | None) -> dict[str, None]:
        """The names met until all that are wanted were, or the log ended."""
        seen: dict[str, None] = {}
        lacking = None if named is None else set(named)
        data = DataFile(self._path)
        found = False
        try:
            for part in _parts(data, self._kind):
                found = found or _DECLARED not in part
                for name in part:
                    if name not in seen and name != _DECLARED and len(seen) < _MOST_NAMES:
                        seen[name] = None
                        if lacking is not None:
                            lacking.discard(name)
                if lacking is not None and not lacking and found:
                    break
        except ImportFailed:
            # Told by the reading of the rows, after what could be read; unless nothing could be.
            if not found:
                raise
        finally:
            data.close()
        if not found:
            what = "event / sự kiện" if self._kind == "event" else "trace"
            raise ImportFailed("log_empty", file=str(self._path), what=what)
        return seen

    def __iter__(self) -> Iterator[Row | Refused]:
        """Rows in the order of the log; a row's line is its number among them.

        Raises:
            ImportFailed: the log is damaged or went away while it was read.
        """
        columns = self.header.columns
        number = 0
        for cells in _parts(self._data, self._kind):
            if _DECLARED in cells:
                continue
            number += 1
            get = cells.get
            texts = [get(name, "") for name in columns]
            yield Row(number, number, number, texts, any(type(text) is LostDigits for text in texts))


#: Marks what only declares names; no attribute is called so, since names hold no line breaks.
_DECLARED = "\n"


def _parts(data: DataFile, kind: RowKind) -> Iterator[_Cells]:
    """What the log declares, then the cells of each event or trace.

    Raises:
        ImportFailed: the log is damaged or went away.
    """
    context = etree.iterparse(
        data.content,
        events=("end",),
        tag=_TAGS,
        attribute_defaults=False,
        dtd_validation=False,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=False,
    )
    waiting = _Waiting(kind)
    try:
        while True:
            with reading(data.path):
                found = next(context, None)
            if found is None:
                return
            element: Any = found[1]
            name = local_name(element.tag)
            if name == "global":
                yield _declared(element)
            elif name == "event":
                yield from waiting.event(element)
            else:
                yield from waiting.trace(element)
            _free(element)
    except etree.XMLSyntaxError as error:
        yield from waiting.rest()
        raise ImportFailed("file_broken", file=str(data.path), reason=_told(error)) from error


def _declared(element: Any) -> _Cells:
    prefix = CASE if element.get("scope") == "trace" else ""
    return {_DECLARED: "", **dict.fromkeys((prefix + name for name, _ in attributes(element)), "")}


def _free(element: Any) -> None:
    """Let go of an element that was read, and of those like it before it."""
    element.clear()
    parent = element.getparent()
    if parent is None:
        return
    while (before := element.getprevious()) is not None and before.tag == element.tag:
        parent.remove(before)


def _told(error: etree.XMLSyntaxError) -> str:
    return " ".join(str(error).split()) or "XML"


class _Waiting:
    """The events of the trace that is being read, until the trace's own attributes are known."""

    def __init__(self, kind: RowKind) -> None:
        self._kind = kind
        self._events: list[_Cells] = []
        self._trace: Any = None

    def event(self, element: Any) -> Iterator[_Cells]:
        """Take an event; gives events back where a trace has too many to wait."""
        if self._kind == "dossier":
            return
        self._trace = element.getparent()
        self._events.append(dict(attributes(element)))
        if len(self._events) >= _MOST_WAITING:
            yield from self._given(self._trace)

    def trace(self, element: Any) -> Iterator[_Cells]:
        """The trace has ended: its events, or itself."""
        if self._kind == "dossier":
            yield _case(element)
        else:
            yield from self._given(element)
        self._trace = None

    def rest(self) -> Iterator[_Cells]:
        """What waits when the log breaks off in the middle of a trace."""
        if self._events and self._trace is not None:
            yield from self._given(self._trace)

    def _given(self, trace: Any) -> Iterator[_Cells]:
        case = _case(trace) if local_name(trace.tag) == "trace" else {}
        events, self._events = self._events, []
        for cells in events:
            yield {**case, **cells}


def _case(trace: Any) -> _Cells:
    return {f"{CASE}{name}": text for name, text in attributes(trace)}
