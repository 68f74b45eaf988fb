"""An explanation says who may act on a dossier and why an entry's sender may not, in both languages."""

from __future__ import annotations

from typing import Any

from services.processing.engine import facts
from services.processing.explaining import explain
from shared.messages.deadlines import FINDINGS, REJECTIONS
from tests.unit.processing.driver import REFERENCE
from tests.unit.processing.entitling.acts import OWNER, by, play
from tests.unit.processing.story import CODE

Json = dict[str, Any]
ACCEPTED = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, receiving_unit="H44.09", id_="a")


def _sentences(*entries: Json) -> list[tuple[str, str]]:
    state = play(*entries).states[CODE]
    told = explain(facts(CODE, state.entries, REFERENCE), REFERENCE, None)
    return [(sentence.vi, sentence.en) for sentence in told.sentences]


def test_who_may_act_and_why_not_is_said_in_both_languages() -> None:
    patterns = tuple(f"X{number:02d}" for number in range(12))
    given = by(OWNER, "handed_over", "11-17 09:00", unit="H44.05")
    told = _sentences(ACCEPTED, given, by(patterns, "resolved", "11-18 09:00", id_="x", source="s"))
    vietnamese, english = zip(*told, strict=True)
    assert (
        "May act on the dossier: senders whose keys cover H44.01 (the unit in its code), or H44.09 (the receiving "
        "unit), or a unit accountable then or later (H44.01, H44.05)."
    ) in english
    assert (
        "Entry x of s was rejected: its sender's key covers X00, X01, X02, X03, X04, X05, X06, X07, X08, X09 and 2 "
        "more, no unit that may do this; accountable then was H44.05."
    ) in english
    assert "Entry x of s: its sender may not act on this dossier, so it has no effect." in english
    assert any(sentence.startswith("Được xử lý hồ sơ: nơi gửi có khóa bao gồm H44.01") for sentence in vietnamese)
    assert any("X09 và 2 đơn vị nữa" in sentence for sentence in vietnamese)


def test_of_units_that_are_not_there_nothing_is_said() -> None:
    told = [english for _, english in _sentences(by(OWNER, "accepted", "11-16 09:00", unit=OWNER))]
    assert (
        "May act on the dossier: senders whose keys cover H44.01 (the unit in its code), "
        "or a unit accountable then or later (H44.01)."
    ) in told


def test_nothing_is_said_of_rights_where_all_may_act_for_all_units() -> None:
    free = ACCEPTED | {"grant": '["*"]'}
    assert not any("May act" in english for _, english in _sentences(free))
    assert any(
        "no unit, no unit that may" in english for _, english in _sentences(free, by((), "resolved", "11-18 09:00"))
    )


def test_every_code_has_its_words() -> None:
    contested = {f"contested_{what}" for what in ("acceptance", "submission", "petition")}
    assert contested | {"not_entitled", "too_many_not_entitled"} <= set(FINDINGS)
    assert "not_entitled" in REJECTIONS
