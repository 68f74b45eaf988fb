"""A sender of many sources fills no metrics: beyond the first names all are counted as one."""

from __future__ import annotations

from shared.catalogue.bounded import OTHERS, FirstNames


def test_the_first_names_stay_and_all_others_are_one() -> None:
    names = FirstNames()
    told = [names.label(f"kiosk/{number}") for number in range(60)]
    assert told[:50] == [f"kiosk/{number}" for number in range(50)]
    assert set(told[50:]) == {OTHERS}
    assert names.label("kiosk/7") == "kiosk/7"
