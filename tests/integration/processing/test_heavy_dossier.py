"""One dossier of very many entries in one batch: nobody else waits for it, and the process never begins again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.processing.service import Service
from services.processing.stream import handling, judge
from shared.turns import Turns
from tests.integration.processing.bench import PARTITIONS, Bench, dossier, entry, of_partition, tick
from tests.waiting import until_async

HEAVY = 1_001


def _moves(code: str, count: int) -> list[dict[str, Any]]:
    """An acceptance, then requests and receipts in turn, an hour apart."""
    data = {"channel": "online", "unit": "H29.1", "procedure": "1.001", "promised_due": "2026-03-10"}
    made = [entry(code, f"{code}-0", "dossier.accepted", "2026-03-02T08:00:00+07:00", data)]
    for number in range(1, count):
        kind = "requested" if number % 2 else "received"
        day, hour = divmod(number, 24)
        time = f"2026-{3 + day // 28:02d}-{1 + day % 28:02d}T{hour:02d}:30:00+07:00"
        made.append(entry(code, f"{code}-{number}", f"dossier.supplement_{kind}", time))
    return made


def _restarts(replica: Service) -> float:
    counter = replica.meters.counter("motcua_processing_restarts_total")
    samples = [sample for metric in counter.collect() for sample in metric.samples]
    return sum(sample.value for sample in samples if sample.name.endswith("_total"))


async def test_others_are_counted_while_one_dossier_is_derived_a_thousand_times(bench: Bench) -> None:
    heavy, *neighbours = of_partition(0, 4)
    others = [of_partition(partition, 1)[0] for partition in range(1, PARTITIONS)]
    await bench.send_together(0, _moves(f"H29-{heavy:05d}", HEAVY))
    await bench.send([one for number in (*neighbours, *others) for one in dossier(number)])
    replica = await bench.start(poll_records=10_000, store_entries=10_000)
    await bench.caught_up(range(1, PARTITIONS), seconds=60)
    told = bench.state(0)
    assert told is not None
    assert told.next is None or told.next < HEAVY, "the others had to wait for the heavy dossier"
    await bench.send([tick("2026-03-20T08:00:00+07:00")])
    await bench.caught_up(seconds=120)
    events = await bench.check()
    assert len([event for event in events if event["subject"] == f"H29-{heavy:05d}"]) >= HEAVY
    assert _restarts(replica) == 0


async def test_a_turn_may_be_given_between_any_two_entries_of_a_batch(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    in_a_row = longest = 0
    take = judge.take_entry

    def taken(*given: Any) -> Any:
        nonlocal in_a_row, longest
        in_a_row += 1
        longest = max(longest, in_a_row)
        return take(*given)

    def other() -> None:
        nonlocal in_a_row
        in_a_row = 0
        if bench.replicas:
            loop.call_soon(other)

    monkeypatch.setattr(Turns.__init__, "__defaults__", (0.0,))
    monkeypatch.setattr(handling, "take_entry", taken)
    (heavy,) = of_partition(0, 1)
    await bench.send_together(0, _moves(f"H29-{heavy:05d}", 101))
    replica = await bench.start()
    loop.call_soon(other)
    await bench.caught_up()
    await bench.stop(replica)
    assert longest == 1


async def test_a_standstill_in_which_nobody_took_the_partitions_drops_nothing(bench: Bench) -> None:
    replica = await bench.start()
    await bench.send([dossier(number)[0] for number in range(12)])
    await bench.caught_up()
    stream = replica.stream
    assert stream is not None and stream._runtime is not None  # noqa: PT018
    stream._runtime.pulse._last -= 100
    assert stream._runtime.pulse.standstills() == 1
    await bench.send([one for number in range(12) for one in dossier(number)[1:]])
    await bench.caught_up()
    assert _restarts(replica) == 0
    await bench.check()


async def test_a_standstill_in_which_they_were_lost_drops_them(bench: Bench) -> None:
    replica = await bench.start()
    await bench.send([dossier(number)[0] for number in range(12)])
    await bench.caught_up()
    stream = replica.stream
    assert stream is not None and stream._runtime is not None  # noqa: PT018
    # The broker puts the member out, which hears of it only later: as after a freeze longer than the session.
    await stream._runtime.consumer._coordinator._maybe_leave_group()
    stream._runtime.pulse._last -= 100
    await bench.send([one for number in range(12) for one in dossier(number)[1:]])
    await until_async(lambda: _restarts(replica) > 0 or bench.state(0) is None, "the partitions to be let go of")
    await bench.caught_up()
    await bench.check()
