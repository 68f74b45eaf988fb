"""Hypothesis strategies for journals: entries of several dossiers at realistic and nasty times, in any order.

Times are drawn from a few instants around a due date, so that same instants, boundaries and pauses meet often.
Knows the contract's words only; it imports nothing of the product.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.strategies.entered import entered
from tests.strategies.fees import FEES
from tests.strategies.grants import petitions, stamped

__all__ = [
    "WINDOWS",
    "ZONE",
    "Case",
    "Line",
    "arrivals",
    "entry_sets",
    "instants_of",
    "journals",
    "late_clocks",
    "local",
    "numbered",
    "periods",
    "promised",
    "written",
]

Line = dict[str, Any]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UNITS = ["H38", "H38.08", "H38.08.01", "H38.100", "H39"]
CODES = ["H38.08-261116-0001", "000.100.H38-261116-0002", "H39-261116-0003", "x"]
TINY = timedelta(microseconds=1)

#: Stretches of local time with days off, a swapped day, Tet, a month's end, and the date on which dossiers fall due.
WINDOWS = [
    ("2026-11-16T08:00", "2026-11-23T17:00"),  # 24 November is off
    ("2026-08-19T09:30", "2026-08-24T11:30"),  # Saturday 22 August is worked
    ("2026-12-30T16:45", "2027-01-04T07:30"),  # a year's end
    ("2025-12-30T13:00", "2026-01-05T17:00"),  # the swap of 2 and 10 January
    ("2027-02-02T10:00", "2027-02-11T10:15"),  # Tet
    ("2026-11-20T07:30", "2026-11-22T12:00"),  # due on a Sunday
]

WITHOUT_DATA = ["withdrawn", "stopped", "refused", "resolved", "returned", "reopened", "supplement_requested"]


def local(text: str) -> datetime:
    """The instant (UTC) of a local wall-clock text."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def instants_of(begin: datetime, due: datetime) -> list[datetime]:
    """Instants that matter for a dossier accepted at `begin` and due at `due`."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    midnight = due.astimezone(ZONE).replace(hour=0, minute=0).astimezone(UTC)
    return sorted(
        {
            begin - day,
            begin - TINY,
            begin,
            begin + TINY,
            begin + 2 * hour,
            begin + day,
            begin + (due - begin) / 2,
            due - 3 * day,
            due - day - TINY,
            due - day,
            midnight - TINY,
            midnight,
            due - 2 * hour,
            due - TINY,
            due,
            due + TINY,
            due + hour / 3,
            midnight + day,
            due + day,
            due + 2 * day + 3 * hour,
            due + 9 * day,
        }
    )


def _extension_times(instants: list[datetime], due: datetime) -> list[datetime]:
    """Instants around the ends of the days before a due date: an extension must be made a working day before it."""
    midnight = due.astimezone(ZONE).replace(hour=0, minute=0).astimezone(UTC)
    ends = [midnight - timedelta(days=days) for days in range(5)]
    return sorted({moment for end in ends for moment in (end - TINY, end)} | set(instants))


@st.composite
def written(draw: st.DrawFn, moment: datetime) -> str:
    """One of the ways to write an instant."""
    form = draw(st.sampled_from(["utc", "Z", "local"]))
    if form == "local":
        return moment.astimezone(ZONE).isoformat()
    return moment.isoformat() if form == "utc" else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@st.composite
def promised(draw: st.DrawFn, instants: list[datetime]) -> str:
    """A promised date, mostly as a day."""
    moment = draw(st.sampled_from(instants))
    if draw(st.booleans()):
        return moment.astimezone(ZONE).date().isoformat()
    return draw(written(moment))


@st.composite
def _receipt(draw: st.DrawFn, instants: list[datetime], due: datetime) -> dict[str, Any]:
    """Data of an acceptance (or, without the promise, of a submission)."""
    data: dict[str, Any] = {
        "unit": draw(st.sampled_from(UNITS)),
        "channel": draw(st.sampled_from(["online", "postal", "direct", "online", "e-mail", "Online"])),
    }
    if draw(st.booleans()):
        data["procedure"] = draw(st.sampled_from(["1.001", "2.000815", None]))
    data["promised_due"] = draw(
        st.one_of(
            st.just(due.astimezone(ZONE).date().isoformat()), st.just(due.isoformat()), st.none(), promised(instants)
        )
    )
    return data


OF_OTHER_CASES = {"petition": petitions, "indicator.entered": entered}
#: What the entries of a dossier are about: anything, or mostly what moves its due date.
WILD = [
    *WITHOUT_DATA,
    *("supplement_requested", "supplement_received", "supplement_received", "extended", "resolved", "handed_over"),
    *("accepted", "submitted", "fee_requested", "fee_requested", "fee_paid", "apologised"),
    *("step.assigned", "step.completed", "quality.rated", "petition", "petition", "indicator.entered"),
]
ABOUT_DUE = [
    *(["supplement_requested"] * 4),
    *(["supplement_received"] * 4),
    *(["extended"] * 2),
    *("resolved", "withdrawn", "stopped", "reopened", "handed_over"),
]


@st.composite
def _meaning(draw: st.DrawFn, instants: list[datetime], due: datetime, kinds: list[str]) -> dict[str, Any]:
    """Type, time and data of an entry."""
    kind = draw(st.sampled_from(kinds))
    type_ = kind if "." in kind else f"dossier.{kind}"
    data: dict[str, Any] = {}
    if kind in ("accepted", "submitted"):
        data = draw(_receipt(instants, due))
        if kind == "submitted":
            data.pop("promised_due")
    elif kind == "supplement_received":
        data = {"promised_due": draw(st.one_of(st.none(), promised(instants)))}
    elif kind == "extended":
        later = [due + timedelta(days=days) for days in (2, 3, 9)] + [due + TINY, due]
        data = {"promised_due": draw(promised(later)), "reason": "capacity"}
    elif kind == "handed_over":
        data = {"unit": draw(st.sampled_from(UNITS))}
    elif kind in FEES:
        data = draw(st.sampled_from(FEES[kind]))
    elif kind.startswith("step."):
        data = {"step": draw(st.sampled_from(["check", "sign"])), "unit": draw(st.sampled_from(UNITS))}
    elif kind == "quality.rated":
        data = {"verdict": "like"}
    elif kind in OF_OTHER_CASES:
        type_, data = draw(OF_OTHER_CASES[kind]())
    times = _extension_times(instants, due) if kind == "extended" else instants
    return {"type": type_, "time": draw(written(draw(st.sampled_from(times)))), "data": data}


@st.composite
def _dossier(draw: st.DrawFn, code: str, window: tuple[str, str]) -> list[Line]:
    """Entries of one dossier, mostly accepted once; some sent again, corrected, withdrawn, in conflict, by any key."""
    begin, due = (local(text) for text in window)
    instants = instants_of(begin, due)
    about_due = draw(st.booleans())
    kinds = ABOUT_DUE if about_due else WILD
    times = [moment for moment in instants if moment >= begin] if about_due else instants
    meanings = draw(st.lists(_meaning(times, due, kinds), min_size=0, max_size=9))
    if about_due or draw(st.integers(0, 5)) < 5:
        receipt = draw(_receipt(instants, due))
        if about_due and receipt["promised_due"] is None:
            receipt["promised_due"] = due.isoformat()
        accepted = draw(st.sampled_from([begin, begin, begin, *instants]))
        meanings.insert(0, {"type": "dossier.accepted", "time": draw(written(accepted)), "data": receipt})
    entries = []
    for number, meaning in enumerate(meanings):
        entry = {
            "specversion": "1.0",
            "source": draw(st.sampled_from(["urn:a", "urn:b"])),
            "id": f"e{number}",
            "subject": code,
            **meaning,
        }
        if draw(st.integers(0, 4)) == 4:
            entry["sequence"] = draw(st.integers(-1, 2))
        entries.append(entry)
        fate = draw(st.integers(0, 14))
        if fate == 14:
            entries.append({**entry, "revision": draw(st.integers(1, 2)), "data": None})
        elif fate == 13:
            entries.append({**entry, **draw(_meaning(instants, due, WILD)), "revision": draw(st.integers(1, 2))})
        elif fate == 12:
            entries.append({**entry, **draw(_meaning(instants, due, WILD))})
        elif fate == 11:
            entries.append({**entry, "recordedtime": "2027-01-01T00:00:00Z", "sender": "importer"})
    return [draw(stamped(entry)) for entry in entries] if draw(st.booleans()) else entries


@st.composite
def entry_sets(draw: st.DrawFn, window: tuple[str, str]) -> list[Line]:
    """Entries of one to four dossiers of a stretch of time."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=len(CODES), unique=True))
    return [entry for code in codes for entry in draw(_dossier(code, window))]


def _clock(moment: datetime, number: int, *, corrected: bool = False) -> Line:
    return {
        "specversion": "1.0",
        "type": "clock.corrected" if corrected else "clock.ticked",
        "source": "urn:clock",
        "id": f"c{number}",
        "subject": "clock",
        "time": moment.isoformat(),
        "data": {},
    }


@st.composite
def arrivals(draw: st.DrawFn, entries: list[Line], partitions: int, window: tuple[str, str]) -> list[Line]:
    """Lines of a journal in which the entries arrive in some order, some twice, with ticks between them."""
    order = draw(st.permutations(entries))
    again = draw(st.lists(st.sampled_from(entries), max_size=4)) if entries else []
    stream = [(zlib.crc32(entry["subject"].encode()) % partitions, entry) for entry in [*order, *again]]
    begin, due = (local(text) for text in window)
    moments = draw(st.lists(st.sampled_from(instants_of(begin, due)), max_size=6))
    for number, moment in enumerate(moments):
        tick = _clock(moment, number, corrected=draw(st.integers(0, 7)) == 7)
        for partition in range(partitions):
            place = draw(st.integers(0, len(stream)))
            if draw(st.integers(0, 9)) < 9:
                stream.insert(place, (partition, tick))
    return numbered(stream)


def numbered(stream: list[tuple[int, Line]]) -> list[Line]:
    """The lines of a journal: each partition counts its own offsets, and an entry is exactly what JSON can carry."""
    following: dict[int, int] = {}
    lines = []
    for partition, entry in stream:
        offset = following.get(partition, 0)
        following[partition] = offset + 1
        lines.append({"partition": partition, "offset": offset, "entry": json.loads(json.dumps(entry))})
    return lines


@dataclass(frozen=True)
class Case:
    """A journal: its stretch of time, its number of partitions and its lines."""

    window: tuple[str, str]
    partitions: int
    lines: list[Line]


@st.composite
def journals(draw: st.DrawFn) -> Case:
    """A journal of any stretch of time, in one to three partitions."""
    window = draw(st.sampled_from(WINDOWS))
    partitions = draw(st.integers(1, 3))
    return Case(window, partitions, draw(arrivals(draw(entry_sets(window)), partitions, window)))


@st.composite
def periods(draw: st.DrawFn, window: tuple[str, str]) -> tuple[date, date]:
    """First and last day of a period around the days on which dossiers are accepted and fall due."""
    day = timedelta(days=1)
    begin, due = (date.fromisoformat(text[:10]) for text in window)
    first = draw(st.sampled_from([begin, begin - day, begin + day, due, due - day, due + day, begin.replace(day=1)]))
    return first, draw(
        st.sampled_from([first, due, due + day, due + 12 * day, begin]).map(lambda last: max(first, last))
    )


def late_clocks(lines: list[Line], partitions: int, moment: datetime) -> list[Line]:
    """The journal with its clock set to one instant in every partition at the end, whatever it was before."""
    ends = [max((line["offset"] for line in lines if line["partition"] == p), default=-1) for p in range(partitions)]
    last = _clock(moment, 999, corrected=True)
    return [*lines, *({"partition": p, "offset": end + 1, "entry": last} for p, end in enumerate(ends))]
