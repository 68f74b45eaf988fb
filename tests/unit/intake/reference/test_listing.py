"""Pages of the entries that hold: what sorting them all would give, at the price of what is shown."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from services.intake.reference.listing import Listing, code_of
from services.intake.reference.parcels import Place
from shared.problems.problem import Problem
from shared.reference import ReferenceEntry
from tests.unit.intake.parts import entry, unit
from tests.unit.processing.heavy import steps_of

KINDS = (None, "unit", "procedure", "calendar")


def read(raw: dict[str, Any]) -> ReferenceEntry:
    return ReferenceEntry.of(orjson.dumps(raw))


def procedure(code: str, **changes: Any) -> dict[str, Any]:
    data = {"procedure": code, "version": "1"}
    return entry(**({"type": "procedure.published", "id": f"p/{code}", "subject": code, "data": data} | changes))


def pages(listing: Listing, kind: Any, code: str | None, limit: int) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        page = listing.page(kind, code, after, limit)
        yield page
        after = page["next"]
        if after is None:
            return


def test_pages_are_those_of_a_sorted_list_whatever_came_and_went() -> None:
    rng = random.Random(20261201)
    for _ in range(30):
        listing, held = Listing(), dict[tuple[int, int], ReferenceEntry]()
        for number in range(1, 60):
            code = rng.choice("abc")
            one = read((unit if rng.random() < 0.5 else procedure)(code, revision=number))
            place = (number if rng.random() < 0.9 else max(1, number - 20), rng.randrange(100) * 100 + number)
            listing.put(Place(*place), one)
            held[place] = one
            while held and rng.random() < 0.4:
                gone = rng.choice(sorted(held))
                listing.remove(Place(*gone), held.pop(gone))
        for kind in KINDS:
            for asked in (None, "a", "b", " a", "z"):
                meant = [
                    one
                    for _, one in sorted(held.items(), key=lambda item: item[0])
                    if (kind is None or one.type.startswith(kind)) and (asked is None or code_of(one) == asked.strip())
                ]
                found = list(pages(listing, kind, asked, 3))
                assert {page["total"] for page in found} == {len(meant)}
                shown = [told["revision"] for page in found for told in page["entries"]]
                assert shown == [one.revision for one in meant]
                assert len(found) == max(1, -(-len(meant) // 3))


def test_a_page_of_many_costs_what_one_of_few_does() -> None:
    few, many = Listing(), Listing()
    for listing, count in ((few, 100), (many, 5_000)):
        for number in range(count):
            listing.put(Place(1 + number // 1_000, number % 1_000), read(unit(f"u{number}")))
    first = steps_of(lambda: few.page(None, None, "1.50", 20))
    assert steps_of(lambda: many.page(None, None, "4.50", 20)) <= first + 50
    assert steps_of(lambda: many.page("unit", "u4999", None, 20)) <= first
    assert many.page(None, None, "4.50", 20)["entries"][0]["subject"] == "u3051"


def test_a_row_nearly_all_of_whose_entries_went_is_gone_through_no_more() -> None:
    listing = Listing()
    sent = [read(unit("a", revision=number)) for number in range(3_000)]
    for number, one in enumerate(sent, 1):
        listing.put(Place(number, 0), one)
        if number > 1:
            listing.remove(Place(number - 1, 0), sent[number - 2])
    assert steps_of(lambda: listing.page(None, None, None, 20)) < 500
    assert [told["revision"] for told in listing.page(None, "a", None, 20)["entries"]] == [2_999]


def test_a_cursor_nobody_gave_is_refused() -> None:
    with pytest.raises(Problem):
        Listing().page(None, None, "x", 10)
