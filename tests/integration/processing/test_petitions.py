"""Petitions on a real broker and database: beside a dossier of the same code, repeated, in any order, over restarts."""

from __future__ import annotations

from typing import Any

from services.processing.cases import petition_case
from tests.integration.processing.bench import Bench, dossier, entry, tick

LATER = "2026-03-28T08:00:00+07:00"


def petition(code: str, kind: str, day: int, **data: Any) -> dict[str, Any]:
    """An entry about a petition in March 2026."""
    return entry(code, f"{code}-{kind}-{day}", f"petition.{kind}", f"2026-03-{day:02}T09:00:00+07:00", data)


async def test_a_code_with_entries_of_both_groups_is_two_cases(bench: Bench) -> None:
    codes = [dossier(number)[0]["subject"] for number in range(8)]
    entries = [one for number in range(8) for one in dossier(number)[:2]]
    entries += [petition(code, "received", 2, unit="H29.01", dossier="H29-1") for code in codes]
    entries += [petition(code, "answered", 24) for code in codes[:4]]
    first = await bench.start()
    await bench.send(list(reversed(entries)), times=2)
    await bench.caught_up()
    await bench.stop(first)
    # After a restart states are read back by their keys, and ticks find the timers of both kinds.
    await bench.send([tick("2026-03-09T18:00:00+07:00"), tick(LATER)])
    await bench.send([petition(codes[0], "judged", 26, verdict="disliked"), petition("alone", "answered", 3)])
    replica = await bench.start()
    await bench.caught_up()
    events = await bench.check()
    newest = {event["subject"]: event for event in events if "row" in event["data"]}
    assert {code for code in codes if newest[code]["type"] == "dossier.changed"} == set(codes)
    of_petitions = {code: newest[f"petition:{code}"]["data"]["row"] for code in codes}
    assert [row.get("end") for row in of_petitions.values()] == ["answered"] * 4 + [None] * 4
    assert {row["due"] for row in of_petitions.values()} == {"2026-03-23T10:00:00.000000Z"}
    assert of_petitions[codes[0]]["judgements"] == [{"at": "2026-03-26T02:00:00.000000Z", "verdict": "disliked"}]
    assert [one["code"] for one in newest["petition:alone"]["data"]["row"]["findings"]] == ["petition_not_received"]
    told = {
        event["subject"]: [one["kind"] for one in event["data"]["happened"]]
        for event in events
        if event["subject"].startswith("petition:") and event["data"]["happened"]
    }
    assert told == {
        f"petition:{code}": ["warning", "breach", "recovered"] if code in codes[:4] else ["warning", "breach"]
        for code in codes
    }
    held = await replica.find(codes[0], petition_case)
    assert held is not None
    assert {one.type.partition(".")[0] for one in held.state.entries} == {"petition"}
    beside = await replica.find(codes[0])
    assert beside is not None
    assert {one.type.partition(".")[0] for one in beside.state.entries} == {"dossier", "step"}
