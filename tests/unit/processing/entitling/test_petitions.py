"""Who may say what became of a petition: the unit it is put to, now or later."""

from __future__ import annotations

from typing import Any

from tests.unit.processing.entitling.acts import OWNER, STRANGER, by, findings, play, rejected

Json = dict[str, Any]
THIRD = "H44.03"
CODE = "P-1"
KEY = "petition:P-1"


def pet(unit: str | tuple[str, ...] | None, kind: str, time: str, /, **data: Any) -> Json:
    return by(unit, f"petition.{kind}", time, subject=CODE, **data)


RECEIVED = pet(OWNER, "received", "11-16 09:00", unit=OWNER, id_="r")


def test_the_unit_of_a_petition_may_act_on_it_now_or_later() -> None:
    moved = pet(OWNER, "more_asked", "11-17 09:00", unit=STRANGER, id_="m")
    acts = [
        pet(STRANGER, "answered", "11-16 10:00", id_="early"),
        pet(STRANGER, "answered", "11-18 09:00", id_="its"),
        pet(OWNER, "answered", "11-17 09:00", id_="to the instant"),
        pet(OWNER, "answered", "11-17 09:01", id_="over"),
        pet(THIRD, "answered", "11-18 09:00", id_="x"),
    ]
    partition = play(RECEIVED, *acts, moved)
    assert rejected(partition, KEY) == ["over", "x"]
    assert [one["owner"] for one in partition.rows[KEY]["rejections"]] == [STRANGER, STRANGER]
    assert rejected(play(RECEIVED, *acts), KEY) == ["early", "its", "x"]


def test_nobody_takes_a_petition() -> None:
    taken = pet(STRANGER, "more_asked", "11-17 09:00", unit=STRANGER, id_="t")
    assert rejected(play(RECEIVED, taken, pet(STRANGER, "answered", "11-18 09:00", id_="x")), KEY) == ["t", "x"]


def test_several_received_by_several_sources_are_contested_whatever_their_grants() -> None:
    for unit in (STRANGER, None, OWNER):
        again = pet(unit, "received", "11-17 09:00", unit=OWNER, id_="again", source="elsewhere")
        partition = play(again, RECEIVED)
        told = ["contested_petition r", "contested_petition again"]
        assert findings(partition, KEY) == [*told, *(["not_entitled again"] if unit == STRANGER else [])]
    assert findings(play(RECEIVED, pet(OWNER, "received", "11-17 09:00", id_="again")), KEY) == []


def test_where_no_unit_is_named_who_covers_all_its_receiver_does_may_act() -> None:
    received = pet((OWNER, STRANGER), "received", "11-16 09:00", id_="r")
    narrow = pet(OWNER, "answered", "11-17 09:00", id_="narrow")
    wide = pet("H44", "answered", "11-17 09:00", id_="wide")
    assert rejected(play(received, narrow, wide), KEY) == ["narrow"]
    named = pet("H44", "more_asked", "11-16 10:00", unit=OWNER, id_="named")
    assert rejected(play(received, narrow, named), KEY) == []
    nothing = pet((), "received", "11-16 09:00", id_="r", source="portal")
    own = pet((), "answered", "11-17 09:00", id_="own", source="portal")
    assert rejected(play(nothing, own, narrow, pet(None, "refused", "11-18 09:00")), KEY) == ["narrow"]


def test_without_received_the_earliest_entry_stands_for_it() -> None:
    first = pet(OWNER, "answered", "11-16 09:00", unit=OWNER, id_="f")
    assert rejected(play(first, pet(STRANGER, "published", "11-17 09:00", id_="x")), KEY) == ["x"]
    assert rejected(play(first, pet(OWNER, "published", "11-17 09:00", id_="p")), KEY) == []


def test_petitions_of_one_subject_are_judged_apart() -> None:
    other = by(STRANGER, "petition.received", "11-16 09:00", petition="P-2", subject=CODE, unit=STRANGER)
    assert rejected(play(RECEIVED, other), KEY) == []


def test_nobody_hands_over_what_it_has_not() -> None:
    """As with dossiers: by who has it at that point, not by who will."""
    given = pet(OWNER, "handed_over", "11-18 09:00", unit=STRANGER, id_="given")
    taken = pet(STRANGER, "handed_over", "11-17 09:00", unit=STRANGER, id_="taken")
    partition = play(RECEIVED, given, taken, pet(STRANGER, "answered", "11-17 10:00", id_="early"))
    assert rejected(partition, KEY) == ["taken"], "who has it later may tell of before, and take nothing"
    assert partition.rows[KEY]["unit"] == STRANGER
    assert partition.rows[KEY]["begun_at"] == "2026-11-18T02:00:00.000000Z"
    alone = play(RECEIVED, taken)
    assert (alone.rows[KEY]["unit"], rejected(alone, KEY)) == (OWNER, ["taken"])
