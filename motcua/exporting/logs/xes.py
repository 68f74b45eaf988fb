"""Writes dossiers as an XES log (IEEE 1849): a trace each, an event for every entry that holds. Knows no topic.

What XML cannot carry (control characters but tab and line ends) stands as U+FFFD; all else is as it was.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

import orjson

from motcua.exporting.dossiers import Dossier, Facts
from motcua.exporting.entries import Entry
from motcua.exporting.judged import class_by_date, on_time_by_instant
from shared.instants import parse_instant, to_rfc3339
from shared.texts.signs import is_odd, odd_sign

__all__ = ["XesLog", "activity_of", "transition_of"]

_EXTENSIONS: Final = (
    ("Concept", "concept"),
    ("Time", "time"),
    ("Lifecycle", "lifecycle"),
    ("Organizational", "org"),
)
_CLASSIFIERS: Final = (("Activity", "concept:name"), ("ActivityAndTransition", "concept:name lifecycle:transition"))
#: Steps have a beginning and an end; everything else happens at once (standard transactional life cycle).
_TRANSITIONS: Final = {"step.assigned": "start", "step.sent_back": "ate_abort"}
#: Members of a fact row that are attributes of the trace.
_FACTS: Final = ("unit", "channel", "procedure", "status", "accepted_at", "due", "finished_at", "finish")
_TIMES: Final = frozenset({"accepted_at", "due", "finished_at"})
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS: Final = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def activity_of(entry: Entry) -> str:
    """What an event is called: the step it is about, else the entry's type."""
    step = (entry.data or {}).get("step")
    return step if isinstance(step, str) and entry.type.startswith("step.") else entry.type


def transition_of(entry: Entry) -> str:
    """Where in its activity's life an event stands."""
    return _TRANSITIONS.get(entry.type, "complete")


class XesLog:
    """Writes a log to a stream, trace after trace.

    Args:
        out: where to.
        zone: of local dates, by which the class of a dossier is told.
        simulated: whether the stack is.
    """

    def __init__(self, out: BinaryIO, zone: ZoneInfo, *, simulated: bool) -> None:
        self._out = out
        self._zone = zone
        #: By entry type, the members of data that were written as attributes with a value of their own.
        self.members: defaultdict[str, set[str]] = defaultdict(set)
        self._write("".join(_head(simulated=simulated)))

    def add(self, dossier: Dossier) -> None:
        """Write the trace of a dossier.

        Raises:
            OSError: the disk is full.
        """
        parts = ["<trace>", _attribute("concept:name", dossier.code)]
        if dossier.facts is not None:
            parts += self._of_facts(dossier.facts)
        for entry in dossier.entries:
            parts.append("\n<event>")
            parts += _of_entry(entry)
            self.members[entry.type].update(
                name for name, value in (entry.data or {}).items() if not isinstance(value, list | dict)
            )
            parts.append("</event>")
        parts.append("\n</trace>\n")
        self._write("".join(parts))

    def finish(self) -> None:
        """Write the end of the log."""
        self._write("</log>\n")

    def _write(self, text: str) -> None:
        self._out.write(text.encode())

    def _of_facts(self, facts: Facts) -> Iterator[str]:
        row = facts.row
        for name in _FACTS:
            if row.get(name) is not None:
                yield _time(name, parse_instant(row[name])) if name in _TIMES else _attribute(name, row[name])
        in_time, by_date = on_time_by_instant(row), class_by_date(row, self._zone)
        if in_time is not None:
            yield _attribute("on_time_by_instant", in_time)
        if by_date is not None:
            yield _attribute("class_by_date", by_date)
        yield _attribute("simulated", bool(row.get("simulated")))


def _head(*, simulated: bool) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix in _EXTENSIONS:
        yield f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
    yield f'<global scope="trace">{_attribute("concept:name", "?")}</global>\n'
    yield '<global scope="event">'
    yield _attribute("concept:name", "?")
    yield _time("time:timestamp", 0)
    yield _attribute("lifecycle:transition", "complete")
    yield "</global>\n"
    for name, keys in _CLASSIFIERS:
        yield f'<classifier name="{name}" scope="event" keys="{keys}"/>\n'
    yield _attribute("concept:name", "motcua") + _attribute("lifecycle:model", "standard")
    yield _attribute("simulated", simulated) + "\n"


def _of_entry(entry: Entry) -> Iterable[str]:
    data = entry.data or {}
    parts = [
        _attribute("concept:name", activity_of(entry)),
        _attribute("lifecycle:transition", transition_of(entry)),
        _time("time:timestamp", entry.time),
    ]
    if isinstance(data.get("unit"), str):
        parts.append(_attribute("org:group", data["unit"]))
    parts += [
        _attribute("type", entry.type),
        _attribute("source", entry.source),
        _attribute("entry_id", entry.id),
        _attribute("sequence", entry.sequence),
        _attribute("revision", entry.revision),
    ]
    parts += [_attribute(name, value) for name, value in data.items()]
    if entry.recorded is not None:
        parts.append(_time("recorded_at", entry.recorded))
    if entry.simulated:
        parts.append(_attribute("simulated", value=True))
    return parts


def _attribute(key: str, value: Any) -> str:
    """An attribute by the type of its value; what has parts of its own as JSON."""
    if isinstance(value, bool):
        return f'<boolean key="{key}" value="{str(value).lower()}"/>'
    if isinstance(value, int):
        return f'<int key="{key}" value="{value}"/>'
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f'<string key="{key}" value={_quoted(text)}/>'


def _time(key: str, instant: int) -> str:
    return f'<date key="{key}" value="{to_rfc3339(instant)[:-1]}+00:00"/>'


@lru_cache(maxsize=16_384)
def _quoted(text: str) -> str:
    text = _NO_XML.sub("\ufffd", text)
    quoted = quoteattr(text, _BREAKS)
    if odd_sign(text) is None:
        return quoted
    # The same to who reads XML; a terminal that shows the log does not obey it.
    return "".join(f"&#{ord(sign)};" if is_odd(sign) else sign for sign in quoted)
