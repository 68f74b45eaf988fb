"""Rows of a process log in XES (1.0 or 2.0): one per event, or one per trace. Memory stays flat however long it is.

A log declares no columns. Those a mapping names are looked for by reading on until each was met; what was met by then
are the columns. No entity is resolved and nothing is fetched. Damage ends the rows after what could be read.

An event belongs to the trace it stands directly in, and a trace stands directly in the log. What stands elsewhere is
refused with its line; events of the log itself are rows where the mapping says which attribute holds their case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from motcua.importing.inspecting.guesses import guess_case
from motcua.importing.logs.lines import Lines
from motcua.importing.logs.traces import MOST_SHOWN, Cells, Loose, RowKind, Traces
from motcua.importing.mapping.similar import did_you_mean
from motcua.importing.mapping.templates import clean_name
from motcua.importing.reasons import ImportFailed, Reason, Refused
from motcua.importing.tables.cells import LostDigits
from motcua.importing.tables.header import Header
from motcua.importing.tables.rows import Row
from motcua.importing.tables.source import DataFile, reading
from motcua.importing.tables.xes_values import ATTRIBUTES, CASE, attributes, local_name

__all__ = ["RowKind", "XesRows"]

#: Names kept of a log that names its attributes without end.
_MOST_NAMES = 10_000
_TAGS = ("{*}global", "{*}event", "{*}trace")


class XesRows:
    """The events (or traces) of a log.

    Args:
        kind: `event` for one row per event, `dossier` for one per trace.
        named: the columns that are wanted; None: all of the log.
        case: the attribute that holds the case of events outside every trace; None: such events are refused.

    Raises:
        ImportFailed: the file cannot be read, is no log, or has no row.
    """

    notes: tuple[Reason, ...] = ()

    def __init__(self, path: Path, kind: RowKind, named: Sequence[str] | None, case: str | None = None) -> None:
        self._path = path
        self._kind = kind
        self._case = None if case is None else clean_name(case)
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
        loose = Loose()
        try:
            for part in self._parts(data, loose):
                if isinstance(part, Refused):
                    continue
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
            raise self._without_rows(loose)
        return seen

    def _without_rows(self, loose: Loose) -> ImportFailed:
        names, file = ", ".join([*loose.names][:MOST_SHOWN]), str(self._path)
        if self._case is not None and loose.events:
            hint = did_you_mean(self._case, loose.names)
            return ImportFailed("no_case_attribute", attribute=self._case, hint=hint, names=names)
        if loose.events:
            example = f'"{guess_case(loose.names) or "…"}"'
            return ImportFailed("log_without_traces", file=file, count=loose.events, example=example, names=names)
        return ImportFailed("log_empty", file=file, what="event / sự kiện" if self._kind == "event" else "trace")

    def _parts(self, data: DataFile, loose: Loose) -> Iterator[Cells | Refused]:
        return _parts(data, Traces(self._kind, self._case, loose, Lines(self._path)))

    def __iter__(self) -> Iterator[Row | Refused]:
        """Rows in the order of the log; a row's line is its number among them.

        Raises:
            ImportFailed: the log is damaged or went away while it was read.
        """
        columns = self.header.columns
        number = 0
        for cells in self._parts(self._data, Loose()):
            if isinstance(cells, Refused):
                yield cells
                continue
            if _DECLARED in cells:
                continue
            number += 1
            get = cells.get
            texts = [get(name, "") for name in columns]
            yield Row(number, number, number, texts, any(type(text) is LostDigits for text in texts))


#: Marks what only declares names; no attribute is called so, since names hold no line breaks.
_DECLARED = "\n"


def _parts(data: DataFile, waiting: Traces) -> Iterator[Cells | Refused]:
    """What the log declares, the cells of each event or trace, and those that stand where none can.

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


def _declared(element: Any) -> Cells:
    prefix = CASE if element.get("scope") == "trace" else ""
    return {_DECLARED: "", **dict.fromkeys((prefix + name for name, _ in attributes(element)), "")}


def _free(element: Any) -> None:
    """Let go of an element that was read, and of what stands before it and is needed no more."""
    element.clear()
    parent = element.getparent()
    if parent is None:
        return
    # Attributes are needed until what they belong to has ended; those of the log itself are not.
    keep = frozenset() if local_name(parent.tag) == "log" else ATTRIBUTES
    while (before := element.getprevious()) is not None and local_name(before.tag) not in keep:
        parent.remove(before)


def _told(error: etree.XMLSyntaxError) -> str:
    return " ".join(str(error).split()) or "XML"
