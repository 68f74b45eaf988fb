"""How slow a body may come, and what a seldom log lets through."""

from __future__ import annotations

from shared.seldom import Seldom
from shared.serving.limits import Pace


def test_a_body_may_stand_still_for_the_time_and_no_longer_however_much_came_before() -> None:
    pace = Pace(30.0, 1_000)
    pace.came(16_000_000, 1.0)
    assert pace.left == 30.0
    pace.came(0, 29.0)
    assert pace.left == 1.0


def test_a_body_at_its_rate_goes_on_for_ever() -> None:
    pace = Pace(30.0, 1_000)
    for _ in range(10_000):
        pace.came(10_000, 10.0)
        assert pace.left == 30.0


def test_a_body_that_drips_ends() -> None:
    pace, waited = Pace(30.0, 1_000), 0
    while pace.left > 1.0:
        pace.came(1, 1.0)
        waited += 1
    assert waited == 30


def test_a_kind_is_let_through_once_in_a_while_with_the_number_of_the_others() -> None:
    now = [0.0]
    seldom = Seldom(60.0, lambda: now[0])
    assert [seldom.due("a"), seldom.due("b"), seldom.due("a"), seldom.due("a")] == [0, 0, None, None]
    now[0] = 60.0
    assert seldom.due("a") == 2
    assert seldom.due("a") is None
