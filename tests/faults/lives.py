"""Several hundred dossiers of a made-up province in the order in which careless systems would send them.

Everything comes from one seeded generator: late, doubled, corrected, withdrawn and contradicting entries, reference
entries that change what dossiers are judged by, and the ticks of the data's clock. Knows the contract's words only.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.faults.petitions import petitions
from tests.faults.reference import CODE_OF_MERGED, MERGED_INTO, PROCEDURES, STEPS, UNITS, merger, references

__all__ = ["AGENCY_SOURCE", "END", "FIRST_DAY", "LAST_DAY", "UNITS", "stream"]

Entry = dict[str, Any]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Six weeks with days off (18, 29 and 30 April, 1 May) and a Saturday that is worked (4 May).
FIRST_DAY, LAST_DAY = date(2024, 4, 8), date(2024, 5, 19)
BEGIN = datetime(2024, 4, 8, tzinfo=ZONE).astimezone(UTC)
END = datetime(2024, 5, 20, tzinfo=ZONE).astimezone(UTC)
#: The software of an agency with a key of its own; the other source is the one-stop shop's.
AGENCY_SOURCE = "portal"
SOURCES = ["onestop/h44", AGENCY_SOURCE]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _moment(chance: random.Random, earliest: datetime, latest: datetime) -> datetime:
    """A whole minute of the interval, so that instants coincide now and then."""
    return earliest + MINUTE * chance.randint(0, max(0, (latest - earliest) // MINUTE))


def _life(chance: random.Random, code: str) -> list[Entry]:
    """One dossier's entries in the order of their times."""
    accepted = _moment(chance, BEGIN, END - 5 * DAY)
    due = (accepted + chance.choice([2, 3, 5, 8, 15]) * DAY).astimezone(ZONE)
    promised: str | None = chance.choice([due.date().isoformat(), due.isoformat(), None])
    receipt: dict[str, Any] = {
        "unit": chance.choice(UNITS),
        "channel": chance.choice(["online", "online", "postal", "direct", "kiosk"]),
        "promised_due": promised,
        "procedure": chance.choice([*PROCEDURES, None]),
    }
    moves: list[tuple[str, datetime, dict[str, Any] | None]] = []
    if chance.random() < 0.4:
        labels = {name: receipt[name] for name in ("unit", "channel", "procedure")}
        moves.append(("dossier.submitted", accepted - HOUR * chance.randint(0, 20), labels))
    if chance.random() < 0.96:
        moves.append(("dossier.accepted", accepted, receipt))
    else:
        moves.append(("dossier.refused", accepted, {"reason": "incomplete"}))
    now = accepted
    for _ in range(chance.randint(1, 6)):
        now = _moment(chance, now, now + chance.choice([HOUR, 8 * HOUR, 2 * DAY, 4 * DAY]))
        moves += _move(chance, now, due)
    end = chance.choice(["resolved"] * 6 + ["withdrawn", "stopped", "returned", None, None])
    if end is not None:
        moves.append((f"dossier.{end}", _moment(chance, now - HOUR, now + 3 * DAY), {}))
    if chance.random() < 0.15:
        moves.append(("dossier.returned", now + 4 * DAY, {}))
    if receipt["unit"] == CODE_OF_MERGED:
        moves.append(("dossier.handed_over", merger(BEGIN), {"unit": MERGED_INTO}))
    if chance.random() < 0.06:
        moves.append(("dossier.reopened", now + 5 * DAY, {}))
    return [
        {
            "specversion": "1.0",
            "type": type_,
            "source": chance.choice(SOURCES),
            "id": f"{code}/{number}",
            "subject": code,
            "time": time.isoformat(),
            "data": data,
        }
        for number, (type_, time, data) in enumerate(moves)
    ]


def _move(chance: random.Random, now: datetime, due: datetime) -> list[tuple[str, datetime, dict[str, Any] | None]]:
    kind = chance.choice(["supplement", "supplement", "extended", "handed_over", "step", "step", "step", "fee"])
    if kind == "supplement":
        moves: list[tuple[str, datetime, dict[str, Any] | None]] = [("dossier.supplement_requested", now, {})]
        if chance.random() < 0.8:
            later = _moment(chance, now, now + 4 * DAY)
            new = chance.choice([None, None, (due + 2 * DAY).date().isoformat()])
            moves.append(("dossier.supplement_received", later, {"promised_due": new}))
        return moves
    if kind == "extended":
        later_due = (due + chance.randint(-1, 6) * DAY).date().isoformat()
        return [("dossier.extended", now, {"promised_due": later_due, "reason": "workload"})]
    if kind == "handed_over":
        return [("dossier.handed_over", now, {"unit": chance.choice(UNITS)})]
    if kind == "fee":
        return [("dossier.fee_requested", now, {"amount": 50000})]
    return [_act(chance, now)]


def _act(chance: random.Random, now: datetime) -> tuple[str, datetime, dict[str, Any] | None]:
    """What a source says of a step, often enough by a unit that does not own it."""
    step, unit = chance.choice(STEPS), chance.choice([*UNITS, MERGED_INTO, MERGED_INTO])
    kind = chance.choice(["completed", "completed", "completed", "assigned", "sent_back"])
    if kind == "completed" and chance.random() < 0.4:
        return "step.completed", now, {"step": step}
    if kind == "sent_back" and chance.random() < 0.5:
        return "step.sent_back", now, {"step": step, "unit": unit, "to": chance.choice(STEPS)}
    return f"step.{kind}", now, {"step": step, "unit": unit}


def _after_thought(chance: random.Random, entry: Entry) -> Entry | None:
    """What a system sends about an entry beside it: again, corrected, withdrawn, or contradicting itself."""
    fate = chance.random()
    time = datetime.fromisoformat(entry["time"])
    if fate < 0.15:
        return dict(entry)
    if fate < 0.23:
        return {**entry, "revision": 1, "time": (time + HOUR * chance.randint(-30, 30)).isoformat()}
    if fate < 0.26:
        return {**entry, "revision": 2, "data": None}
    if fate < 0.29:
        return {**entry, "time": (time + MINUTE * chance.randint(1, 90)).isoformat()}
    return None


def _figures(chance: random.Random) -> list[tuple[datetime, Entry]]:
    """When each figure from outside is entered, and what: several say the same; some again, corrected, withdrawn."""
    found = []
    for number in range(30):
        sent = _moment(chance, BEGIN, END - DAY)
        whole = chance.randint(0, 9)
        said: Entry = {"numerator": chance.randint(0, whole), "denominator": whole}
        data = {
            "indicator": chance.choice(["1.4.reported", "4.6"]),
            "unit": chance.choice(UNITS[:3]),
            "first_day": "2024-04-01",
            "last_day": chance.choice(["2024-04-30", "2024-06-30"]),
            **chance.choice([said, {"value": f"{whole}.5", "document": "7/BC"}]),
        }
        entry = {
            "specversion": "1.0",
            "type": "indicator.entered",
            "source": chance.choice([SOURCES[0], "survey | office"]),
            "id": f"figure/{number}",
            "subject": chance.choice(["H44", "report 100%", "a|b", "reference", "clock"]),
            "time": _moment(chance, BEGIN, BEGIN + HOUR).isoformat(),
            "data": data,
        }
        found.append((sent, entry))
        beside = _after_thought(chance, entry)
        if beside is not None:
            found.append((sent + HOUR * chance.randint(0, 20), beside))
    return found


def stream(seed: int, dossiers: int) -> list[Entry]:
    """All entries, reference entries and ticks in the order of sending; the last tick is the end of the period.

    Figures from outside and petitions are among them, each of a generator of their own.

    Args:
        seed: decides everything.
        dossiers: how many.
    """
    chance = random.Random(seed)
    sent: list[tuple[datetime, int, Entry]] = []
    for number in range(dossiers):
        code = f"H44-2404{chance.randint(8, 30):02}-{number:04}"
        for entry in _life(chance, code):
            for one in (entry, _after_thought(chance, entry)):
                if one is not None:
                    lateness = chance.choice([0, 0, 0, 0, 1, 6, 24, 150]) * HOUR
                    sent.append((datetime.fromisoformat(entry["time"]) + lateness, len(sent), one))
    sent += [(time, len(sent) + more, one) for more, (time, one) in enumerate(references(chance, BEGIN, END))]
    sent += [(time, len(sent) + more, one) for more, (time, one) in enumerate(_figures(random.Random(seed)))]
    codes = sorted({one["subject"] for _, _, one in sent if one["type"].startswith("dossier.")})
    asked = petitions(random.Random(seed), BEGIN, END, UNITS, codes)
    sent += [(time, len(sent) + more, one) for more, (time, one) in enumerate(asked)]
    tick = BEGIN
    while tick < END:
        tick += 8 * HOUR
        sent.append((tick, len(sent), _tick(min(tick, END))))
    # The clock's own end comes last, whatever was still late.
    sent.append((datetime.max.replace(tzinfo=UTC), len(sent), _tick(END)))
    return [entry for _, _, entry in sorted(sent, key=lambda one: one[:2])]


def _tick(moment: datetime) -> Entry:
    return {
        "specversion": "1.0",
        "type": "clock.ticked",
        "source": "test/clock",
        "id": f"tick/{moment.isoformat()}",
        "subject": "clock",
        "time": moment.isoformat(),
        "data": {},
    }
