"""Rule versions at work: fee pauses, how early an extension must be, apologies, and from when on a version holds."""

from __future__ import annotations

from typing import Any

import pytest

from services.processing.facts import Facts
from tests.unit.processing.known import calendar, knowing, procedure, rule
from tests.unit.processing.story import Line, facts_of, local, row_of_story, told

PROMISED: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-23"})
PAID = {"channel": "national"}
FEES = rule(fee_pauses=True)


def _facts(rules: dict[str, Any] | None, *lines: Line) -> Facts:
    return facts_of(PROMISED, *lines, reference=knowing(*([] if rules is None else [rules])))


def _pauses(known: Facts) -> list[tuple[str, str | None, str | None]]:
    spans = zip(known.dues.kinds, known.pauses, strict=True)
    return [(kind, local(begin), local(end)) for kind, (begin, end) in spans]


def test_a_fee_pauses_where_the_rule_says_so() -> None:
    fee: tuple[Line, ...] = (("fee_requested", "11-17 08:00"), ("fee_paid", "11-18 08:00", PAID))
    assert (local(_facts(None, *fee).due), _pauses(_facts(rule(fee_pauses=False), *fee))) == ("11-23 17:00", [])
    paused = _facts(FEES, *fee)
    assert (local(paused.due), _pauses(paused)) == ("11-25 17:00", [("fee", "11-17 08:00", "11-18 08:00")])
    assert [value.reason for value in paused.due_history] == ["promised", "fee_pause"]
    assert paused.second_request_at is None


def test_a_fee_asked_for_after_the_due_date_or_again_says_nothing() -> None:
    late = _facts(FEES, ("fee_requested", "11-23 17:00:00.000001"), ("fee_paid", "11-25 08:00", PAID))
    assert (local(late.due), _pauses(late)) == ("11-23 17:00", [])
    at_the_due = _facts(FEES, ("fee_requested", "11-23 17:00"))
    assert _pauses(at_the_due) == [("fee", "11-23 17:00", None)]
    again = _facts(
        FEES, ("fee_requested", "11-17 08:00"), ("fee_requested", "11-17 09:00"), ("fee_paid", "11-17 10:00", PAID)
    )
    assert _pauses(again) == [("fee", "11-17 08:00", "11-17 10:00")]
    assert again.second_request_at is None


def test_a_supplement_request_ends_a_fee_pause_and_the_payment_is_no_receipt() -> None:
    known = _facts(
        FEES,
        ("fee_requested", "11-17 08:00"),
        ("supplement_requested", "11-17 10:00"),
        ("fee_paid", "11-17 14:00", PAID),
        ("supplement_received", "11-17 16:00"),
    )
    assert _pauses(known) == [("fee", "11-17 08:00", "11-17 10:00"), ("supplement", "11-17 10:00", "11-17 16:00")]
    # Two hours for the fee, then 1 h 30 and 3 h for the supplement, of the working day after Monday the 23rd.
    assert local(known.due) == "11-25 15:30"
    assert known.second_request_at is None


def test_no_fee_pause_while_a_supplement_is_awaited() -> None:
    asked: tuple[Line, ...] = (("supplement_requested", "11-17 08:00"), ("fee_requested", "11-17 09:00"))
    received: Line = ("supplement_received", "11-17 10:00")
    assert _pauses(_facts(FEES, *asked, received)) == [("supplement", "11-17 08:00", "11-17 10:00")]
    assert _facts(FEES, *asked).status == 5


def test_an_end_while_the_fee_is_unpaid_is_judged_at_the_request() -> None:
    known = _facts(FEES, ("fee_requested", "11-20 08:00"), ("resolved", "11-30 08:00"))
    assert (local(known.judged_at), known.blame) == ("11-20 08:00", [])
    assert local(_facts(None, ("fee_requested", "11-20 08:00"), ("resolved", "11-30 08:00")).judged_at) == "11-30 08:00"


@pytest.mark.parametrize(
    ("days", "extended", "counts"),
    [
        (0, "11-23 16:59", True),
        (0, "11-24 07:00", False),
        (1, "11-20 23:00", True),
        (1, "11-21 08:00", False),
        (2, "11-19 23:00", True),
        (2, "11-20 08:00", False),
    ],
)
def test_how_many_working_days_before_is_a_rule(days: int, extended: str, counts: bool) -> None:
    extension: Line = ("extended", extended, {"promised_due": "2026-11-30", "reason": "r"})
    known = _facts(rule(extension_days=days), extension, ("apologised", "11-17 08:00"))
    assert (local(known.due), local(known.due_original)) == ("11-30 17:00" if counts else "11-23 17:00", "11-23 17:00")
    assert told(known) == ([] if counts else ["extension_without_effect 1"])


@pytest.mark.parametrize(
    ("apologised", "findings"),
    [
        (None, ["extension_without_apology 1"]),
        ("11-18 08:00", []),
        ("11-23 17:00", []),
        ("11-23 17:00:00.000001", ["extension_without_apology 1"]),
    ],
)
def test_an_extension_needs_an_apology_by_the_due_date_it_replaces(apologised: str | None, findings: list[str]) -> None:
    extension: Line = ("extended", "11-19 08:00", {"promised_due": "2026-11-30", "reason": "r"})
    apology: tuple[Line, ...] = () if apologised is None else (("apologised", apologised),)
    known = _facts(None, extension, *apology)
    assert (local(known.due), told(known)) == ("11-30 17:00", findings)
    assert local(known.apologised_at) == (None if apologised is None else apologised[:11])


def test_only_the_first_apology_counts_and_none_before_acceptance() -> None:
    known = _facts(None, ("apologised", "11-15 08:00"), ("apologised", "11-18 08:00"), ("apologised", "11-19 08:00"))
    assert (local(known.apologised_at), told(known)) == ("11-18 08:00", ["entry_before_acceptance 1"])


def test_a_rule_version_holds_for_receipts_from_its_day_on_and_until_the_end_of_handling() -> None:
    fee: tuple[Line, ...] = (("fee_requested", "11-17 08:00"), ("fee_paid", "11-18 08:00", PAID))
    assert _pauses(_facts(rule(fee_pauses=True, valid_from="2026-11-17"), *fee)) == []
    assert len(_pauses(_facts(rule(fee_pauses=True, valid_from="2026-11-16"), *fee))) == 1
    ended: Line = ("resolved", "11-19 08:00")
    later = rule(fee_pauses=True, time="2026-11-20")
    assert (len(_pauses(_facts(later, *fee))), _pauses(_facts(later, *fee, ended))) == (1, [])


def test_the_row_names_what_it_was_judged_by() -> None:
    known = knowing(rule(version="2027-01"), procedure(version="v7"), calendar(version="c9"))
    row = row_of_story(("accepted", "11-16 09:00", {"procedure": "1.000001"}), reference=known)
    assert (row["rule_version"], row["procedure_version"], row["calendar"]) == ("2027-01", "v7", "vn-public c9")
    plain = row_of_story(PROMISED)
    assert (plain["rule_version"], plain["procedure_version"]) == ("built-in", None)
