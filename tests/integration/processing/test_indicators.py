"""Entered figures on a real broker and database: any order, repeated, corrected, over restarts, and those of before.

Until they were cases, each was told to every partition under the key of reference data; such records still stand in
journals, and count once.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
import pytest

from services.processing.cases import indicator_case
from services.processing.engine import apply_entry
from services.processing.http.api import ask_entry
from services.processing.states import store
from services.processing.states.form import to_document
from services.processing.states.store import StateStore
from services.processing.stream import judge
from shared.access.bearer import Bearer
from shared.broker.partition import partition_of
from tests.integration.processing.bench import PARTITIONS, Alone, Bench, Json, dossier, entry, tick
from tests.integration.reference_entries import day_off

#: How many figures there are in the end; a soak takes as many as a province may enter.
MANY = 100_000 if os.environ.get("MOTCUA_SOAK") else 10_000
LATER = "2026-03-28T08:00:00+07:00"
MARCH = {"indicator": "1.4", "unit": "H29.01", "first_day": "2026-03-01", "last_day": "2026-03-31"}
SHARE = MARCH | {"numerator": 7, "denominator": 9}
#: Signs that stand between and within the parts of a code.
ODD = "a|b%7C%25"


def figure(subject: str, id_: str = "f", data: Json | None = SHARE, day: int = 2, **more: Any) -> Json:
    """An entered figure as intake writes it: without a grant."""
    return entry(subject, id_, "indicator.entered", f"2026-04-{day:02}T09:00:00+07:00") | {"data": data} | more


async def broadcast(bench: Bench, one: Json) -> None:
    """A figure as it was told before; the engine alone takes it in the partition of its subject."""
    own = partition_of(one["subject"], PARTITIONS)
    for place in range(PARTITIONS):
        await bench.send_raw(place, orjson.dumps(one), b"reference")
        if place == own:
            bench.partitions[place].position -= 1  # the engine alone counts up itself
            bench.partitions[place].feed([one])


def newest(events: Sequence[Json]) -> dict[str, Json]:
    """The last row of each figure by its key."""
    return {event["subject"]: event["data"]["row"] for event in events if event["type"] == "indicator.changed"}


def of_each() -> list[Json]:
    """Figures of several subjects, each with a repeat, a correction or a withdrawal, and one that is as it was."""
    made: list[Json] = []
    for number in range(12):
        subject = f"survey-{number}"
        made += [figure(subject), figure(subject, "other", MARCH | {"value": str(number)})]
        if number % 3 == 0:
            made.append(figure(subject, data=SHARE | {"numerator": 8, "document": "12/BC"}, day=3, revision=1))
        if number % 3 == 1:
            made.append(figure(subject, data=None, day=3, revision=1))
    return [*made, figure(ODD, ODD), figure(ODD, ODD, source=ODD), figure("H29-00001", "beside a dossier")]


async def test_any_order_over_restarts_gives_the_same_rows(bench: Bench) -> None:
    made = of_each()
    shuffled = random.Random(29).sample(made, len(made))
    first = await bench.start()
    await bench.send(dossier(1)[:2])
    await bench.send(shuffled[: len(made) // 2], times=2)
    await bench.caught_up()
    await bench.stop(first)
    await bench.send(shuffled[len(made) // 2 :])
    await bench.send([tick(LATER), day_off()])
    replica = await bench.start(state_cache=1_000)
    await bench.caught_up()
    # Whole once more, and the other way round: nothing changes, and nothing new is told of what is known.
    before = len(await bench.events())
    await bench.send(list(reversed(made)))
    await bench.caught_up()
    rows = newest(await bench.check())
    assert len(await bench.events()) == before
    assert len(rows) == 12 * 2 + 3
    for number in range(12):
        row = rows[f"indicator:survey-{number}|test/one-stop|f"]
        said = [row.get(name) for name in ("numerator", "denominator", "document", "entries")]
        assert said == [[8, 9, "12/BC", 1], [None, None, None, 0], [7, 9, None, 1]][number % 3]
        assert rows[f"indicator:survey-{number}|test/one-stop|other"]["value"] == str(number)
    escaped = "a%7Cb%257C%2525"
    assert rows[f"indicator:{escaped}|test/one-stop|{ODD}"]["numerator"] == 7
    assert rows[f"indicator:{escaped}|{escaped}|{ODD}"]["code"] == f"{escaped}|{escaped}|{ODD}"
    assert await bench.dead() == []
    assert await replica.find("H29-00001") is not None, "a dossier of that code is another case"
    beside = await replica.find("H29-00001", lambda code: indicator_case(code, "test/one-stop", "beside a dossier"))
    assert beside is not None
    assert [one.type for one in beside.state.entries] == ["indicator.entered"]


async def test_those_told_to_every_partition_count_once(bench: Bench) -> None:
    subjects = [f"of old {number}" for number in range(2 * PARTITIONS)]
    assert len({partition_of(subject, PARTITIONS) for subject in subjects}) > 1
    for subject in subjects:
        await broadcast(bench, figure(subject))
        await broadcast(bench, figure(subject))
    first = await bench.start()
    await bench.caught_up()
    await bench.stop(first)
    # Corrected as it is sent today, withdrawn as it was told before: the form of a record has no part in what it says.
    await bench.send([figure(subjects[0], data=MARCH | {"value": "3"}, day=4, revision=1)])
    await broadcast(bench, figure(subjects[1], data=None, day=4, revision=1))
    replica = await bench.start()
    await bench.caught_up()
    events = await bench.check()
    told = Counter(event["subject"] for event in events if event["type"] == "indicator.changed")
    keys = [f"indicator:{subject}|test/one-stop|f" for subject in subjects]
    assert told == dict(zip(keys, [2, 2] + [1] * (len(keys) - 2), strict=True))
    rows = newest(events)
    assert [rows[key].get("numerator") for key in keys] == [None, None] + [7] * (len(keys) - 2)
    assert [rows[key]["entries"] for key in keys] == [1, 0] + [1] * (len(keys) - 2)
    assert all(not row.get("findings") for row in rows.values())
    assert await bench.revisions() == [], "no reference data any more"
    assert await bench.dead() == []
    assert sum(told.state == "running" for told in replica.positions().partitions.values()) == PARTITIONS


async def test_what_became_of_each_entry_of_a_figure_is_answered(bench: Bench) -> None:
    await bench.send([figure(ODD), figure(ODD, data=SHARE | {"numerator": 1}, day=3, revision=1), figure("b")])
    replica = await bench.start()
    await bench.caught_up()
    everything = Bearer("test", ("*",), ("*",), frozenset({"administrator"}))
    answer = await ask_entry(replica, everything, source="test/one-stop", identifier="f", subject=ODD)
    assert [(one.revision, one.state) for one in answer.entries] == [(0, "superseded"), (1, "accepted")]
    whoever = await ask_entry(replica, everything, source="test/one-stop", identifier="f")
    assert len(whoever.entries) == 3, "the figures of both subjects"


class Work:
    """What processing does, counted: entries derived over, states read and written, bytes of these, labels read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: Counter[str] = Counter()
        load, labels = StateStore.load, StateStore.labels

        def applied(*given: Any) -> Any:
            outcome = apply_entry(*given)
            self.done["derived over"] += len(outcome.state.entries)
            return outcome

        def written(held: Any) -> Json:
            made = to_document(held)
            self.done["written"] += 1
            self.done["bytes"] += len(made["e"])
            return made

        async def loaded(self_: StateStore, partition: int, keys: Sequence[str]) -> Any:
            found = await load(self_, partition, keys)
            self.done["read"] += len(found)
            return found

        async def labelled(self_: StateStore, partition: int) -> AsyncIterator[Any]:
            async for one in labels(self_, partition):
                self.done["labels"] += 1
                yield one

        monkeypatch.setattr(judge, "apply_entry", applied)
        monkeypatch.setattr(store, "to_document", written)
        monkeypatch.setattr(StateStore, "load", loaded)
        monkeypatch.setattr(StateStore, "labels", labelled)

    def since(self) -> Counter[str]:
        """What was done since it was last asked."""
        done, self.done = self.done, Counter()
        return done


async def send_many(bench: Bench, first: int, count: int) -> None:
    """Figures of as many communes, 5 kinds of each under ids of their own."""
    made: dict[int, list[Json]] = {}
    for number in range(first, first + count):
        one = figure(f"H29.{number // 5:05d}", f"figure {number % 5} of {number // 5:05d}")
        made.setdefault(partition_of(one["subject"], PARTITIONS), []).append(one)
    for partition, figures in made.items():
        await bench.send_together(partition, figures)


async def test_one_more_of_very_many_costs_what_one_more_of_a_thousand_does(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(monkeypatch)
    # What the engine alone says of figures is tried above; here it would be half of the time.
    monkeypatch.setattr(Alone, "feed", lambda self, _given: self)
    first = await bench.start(state_cache=1_000)
    await send_many(bench, 0, 1_000)
    await bench.caught_up()
    of_few = work.since()
    assert of_few["derived over"] == of_few["written"] == 1_000
    of_few_bytes = of_few.pop("bytes")
    await send_many(bench, 1_000, MANY - 2_000)
    await bench.caught_up(seconds=300)
    await bench.stop(first)
    work.since()
    await bench.start(state_cache=1_000)
    await send_many(bench, MANY - 1_000, 1_000)
    await bench.caught_up(seconds=60)
    of_many = work.since()
    # Each has its offset in it, which has more digits by now.
    assert 0 <= of_many.pop("bytes") - of_few_bytes <= 4 * 1_000
    assert of_many == of_few
    # Time, and what all others are judged by, look at none of them; a correction looks at the one it is of.
    await bench.send([tick(LATER), day_off(), tick("2026-05-28T08:00:00+07:00")])
    await bench.caught_up(seconds=60)
    assert work.since() == Counter()
    await bench.send([figure("H29.00007", "figure 1 of 00007", data=None, day=9, revision=1)])
    await bench.caught_up()
    done = work.since()
    assert (done["derived over"], done["read"], done["written"]) == (2, 1, 1)
    states = [await bench.database[f"states_{place}"].count_documents({}) for place in range(PARTITIONS)]
    assert sum(states) == MANY
    assert min(states) > MANY // 5, "no partition has them all"
