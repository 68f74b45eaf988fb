"""When a petition is due, and what it is judged by: the examples of the reading, and its corners."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.processing.driver import REFERENCE
from tests.unit.processing.petitions.acts import at, facts, pet
from tests.unit.processing.stream.build import known_by, revised

DAYS = {"refuse": 1, "ask": 2, "answer": 0, "publish": 3}
RECEIVED = pet("received", "08-03 09:00", unit="H38.08")


def test_the_terms_of_a_petition() -> None:
    known = facts(RECEIVED)
    assert (known.due, known.refuse_due) == (at("08-22 17:00"), at("08-05 17:00"))
    assert known.terms.ask_due == at("08-10 17:00")
    assert (known.unit, known.received_at, known.begun_at, known.end) == (
        "H38.08",
        at("08-03 09:00"),
        known.received_at,
        None,
    )


@pytest.mark.parametrize(("entries", "due", "judged"), [
    ([pet("refused", "08-05 17:00")], "08-05 17:00", "08-05 17:00"),
    ([pet("refused", "08-06 09:00")], "08-05 17:00", "08-06 09:00"),
    ([pet("answered", "08-22 17:00")], "08-22 17:00", "08-22 17:00"),
    ([pet("more_asked", "08-10 17:00"), pet("supplemented", "08-17 17:00"), pet("answered", "08-28 17:00")],
     "08-28 17:00", "08-28 17:00"),
    ([pet("more_asked", "08-11 08:00"), pet("supplemented", "08-17 17:00"), pet("answered", "08-25 09:00")],
     "08-22 17:00", "08-25 09:00"),
    # Ended while it waits: an answer is judged at the request, a refusal at its own instant.
    ([pet("more_asked", "08-10 17:00"), pet("answered", "09-28 17:00")], "08-22 17:00", "08-10 17:00"),
    ([pet("more_asked", "08-04 17:00"), pet("refused", "08-06 09:00")], "08-05 17:00", "08-06 09:00"),
    # A pause moves the due of a refusal too; further requests move nothing.
    ([pet("more_asked", "08-04 17:00"), pet("supplemented", "08-06 17:00"), pet("refused", "08-07 17:00")],
     "08-07 17:00", "08-07 17:00"),
    ([pet("more_asked", "08-04 17:00"), pet("supplemented", "08-05 17:00"), pet("more_asked", "08-06 08:00"),
      pet("answered", "08-24 17:00")], "08-24 17:00", "08-24 17:00"),
])  # fmt: skip
def test_ends_by_their_dues(entries: list[dict[str, Any]], due: str, judged: str) -> None:
    known = facts(RECEIVED, *entries)
    assert known.judged_at == at(judged)
    assert (known.refuse_due if known.end == "refused" else known.due) == at(due)
    late = known.judged_at > at(due)
    told = {one.kind for since, one in known.to_announce if since <= at("12-31 09:00")}
    assert ("breach" in told) == ("recovered" in told) == late, "what is late at its end was breached and has recovered"


def test_an_answer_goes_before_a_refusal_and_the_first_of_each_counts() -> None:
    known = facts(
        RECEIVED, pet("refused", "08-04 09:00"), pet("answered", "08-10 09:00"), pet("answered", "08-06 09:00")
    )
    assert (known.end, known.ended_at) == ("answered", at("08-06 09:00"))
    again = facts(RECEIVED, pet("refused", "08-05 09:00"), pet("refused", "08-04 09:00"))
    assert (again.end, again.ended_at) == ("refused", at("08-04 09:00"))


def test_while_it_waits_nothing_is_breached() -> None:
    asked = facts(RECEIVED, pet("more_asked", "08-10 17:00"))
    assert asked.pauses == [(at("08-10 17:00"), None)]
    assert [one.kind for _, one in asked.to_announce] == []
    late = facts(RECEIVED, pet("more_asked", "08-11 08:00"))
    assert late.pauses == []
    assert [(one.kind, one.of, since) for since, one in late.to_announce] == [
        ("warning", "petition", at("08-21 17:00")),
        ("breach", "petition", at("08-22 17:00") + 1),
    ]


def test_a_publication_counts_after_the_answer_only() -> None:
    known = facts(RECEIVED, pet("published", "08-06 09:00"), pet("answered", "08-10 09:00"))
    assert (known.published_at, known.publish_due) == (None, at("08-12 17:00"))
    known = facts(
        RECEIVED, pet("answered", "08-10 09:00"), pet("published", "08-13 09:00"), pet("published", "08-12 09:00")
    )
    assert known.published_at == at("08-12 09:00")
    assert facts(RECEIVED, pet("refused", "08-04 09:00"), pet("published", "08-05 09:00")).publish_due is None


def test_a_hand_over_begins_anew() -> None:
    """Received 27/8 by H38.08, handed over 28/8 to H38.100, refused 31/8: all its, and in time."""
    first = pet("received", "08-27 09:00", unit="H38.08")
    moved = pet("handed_over", "08-28 09:00", unit="H38.100")
    known = facts(first, moved, pet("refused", "08-31 09:00"))
    assert (known.unit, known.handed_over_from) == ("H38.100", ["H38.08"])
    assert (known.received_at, known.begun_at) == (at("08-27 09:00"), at("08-28 09:00"))
    assert known.refuse_due == at("09-04 17:00"), "31/8, 1/9 and 2/9 are off"
    assert known.ended_at is not None
    for nothing in (pet("handed_over", "08-29 09:00", unit="H38.100"), pet("handed_over", "08-29 09:00")):
        assert facts(first, moved, nothing).begun_at == at("08-28 09:00")


def test_a_hand_over_annuls_what_was_before_it_but_judgements_and_names() -> None:
    entries = [
        RECEIVED,
        pet("more_asked", "08-04 09:00"),
        pet("answered", "08-05 09:00"),
        pet("published", "08-06 09:00"),
        pet("judged", "08-06 10:00", verdict="disliked", dossier="D-1"),
        pet("handed_over", "08-07 09:00", unit="H38.100"),
        pet("published", "08-10 09:00"),
        pet("supplemented", "08-11 09:00"),
    ]
    known = facts(*entries)
    assert (known.end, known.published_at, known.pauses) == (None, None, [])
    assert (known.dossier, [one.verdict for one in known.judgements]) == ("D-1", ["disliked"])
    assert known.due == at("08-27 17:00")


def test_what_is_before_it_was_received_moves_nothing() -> None:
    early = [
        pet("answered", "08-01 09:00"),
        pet("handed_over", "08-01 10:00", unit="H38.100", dossier="D-2"),
        pet("judged", "08-01 11:00", verdict="raised_again"),
    ]
    known = facts(RECEIVED, *early)
    assert (known.unit, known.end, known.begun_at) == ("H38.08", None, known.received_at)
    assert (known.dossier, known.raised_again_at) == ("D-2", at("08-01 11:00"))


def test_one_nobody_received_is_kept_and_told() -> None:
    known = facts(pet("judged", "08-05 09:00", verdict="disliked"), pet("answered", "08-04 09:00", dossier="D-3"))
    assert [tuple(one) for one in known.findings] == [("petition_not_received", "pakn", "answered 08-04 09:00")]
    assert (known.received_at, known.due, known.to_announce, known.dossier) == (None, None, [], "D-3")


def test_of_the_old_form_nothing_counts() -> None:
    old = [
        pet("received", "08-03 09:00", petition="P", unit="H38.08"),
        pet("judged", "08-04 09:00", petition="Q", verdict="disliked"),
    ]
    known = facts(*old)
    assert [one.code for one in known.findings] == ["petition_old_form", "petition_old_form"]
    assert (known.received_at, known.judgements, known.entries) == (None, [], 2)
    beside = facts(*old, pet("received", "08-05 09:00", petition="PA-1", unit="H38.100"))
    assert (beside.unit, beside.received_at) == ("H38.100", at("08-05 09:00"))
    assert [one.code for one in beside.findings] == ["petition_old_form", "petition_old_form"]


def test_judgements_outnumber_one_another_for_a_time() -> None:
    said = [("08-11 09:00", "disliked"), ("08-12 09:00", "disliked"), ("08-13 09:00", "satisfied"),
            ("08-14 09:00", "satisfied"), ("08-17 09:00", "raised_again"), ("08-18 09:00", "disliked")]  # fmt: skip
    known = facts(RECEIVED, *(pet("judged", time, verdict=verdict) for time, verdict in said))
    assert known.disliked == [(at("08-11 09:00"), at("08-14 09:00")), (at("08-18 09:00"), None)]
    assert known.raised_again_at == at("08-17 09:00")
    even = [pet("judged", "08-11 09:00", verdict=one, id_=one) for one in ("disliked", "satisfied")]
    assert facts(RECEIVED, *even).disliked == []


def test_the_days_are_parameters_of_the_rule_and_the_calendar_is_of_its_own_unit() -> None:
    rule = revised("rule.activated", {
        "rule": "deadlines", "version": "r1", "valid_from": "2026-01-01",
        "parameters": {f"petition_{what}_days": days for what, days in DAYS.items()},
    })  # fmt: skip
    reference = REFERENCE.with_known(known_by(rule))
    known = facts(RECEIVED, pet("answered", "08-03 10:00"), reference=reference)
    assert known.rule_version == "r1"
    assert (known.refuse_due, known.terms.ask_due, known.due, known.publish_due) == (
        at("08-04 17:00"), at("08-05 17:00"), at("08-03 17:00"), at("08-06 17:00"),
    )  # fmt: skip
