"""Due date, supplement pauses, second requests, extension: the sentences of the rules, one by one."""

from __future__ import annotations

import pytest

from tests.unit.processing.story import Line, facts_of, local, told

# Tuesday 2026-11-24 is a day off, 2026-11-23 a Monday.
PROMISED: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-23"})


def test_promised_date_without_time_means_closing() -> None:
    assert local(facts_of(PROMISED).due) == "11-23 17:00"
    assert local(facts_of(("accepted", "11-16 09:00", {"promised_due": "2026-11-24"})).due) == "11-24 17:00"
    exact = facts_of(("accepted", "11-16 09:00", {"promised_due": "2026-11-20T10:30:00+07:00"}))
    assert local(exact.due) == "11-20 10:30"
    assert facts_of(("accepted", "11-16 09:00")).due is None


def test_pause_moves_the_due_by_its_working_time() -> None:
    """2 h 30 of working time from Friday 16:00 to Monday 09:00; Tuesday the 24th is off."""
    known = facts_of(PROMISED, ("supplement_requested", "11-20 16:00"), ("supplement_received", "11-23 09:00"))
    assert local(known.due) == "11-25 10:00"
    assert known.due_original == known.due
    assert [(local(a), local(b)) for a, b in known.pauses] == [("11-20 16:00", "11-23 09:00")]
    assert [(value.reason, local(value.due), local(value.since)) for value in known.due_history] == [
        ("promised", "11-23 17:00", "11-16 09:00"),
        ("supplement_pause", "11-25 10:00", "11-23 09:00"),
    ]


def test_receipt_with_a_date_sets_the_due() -> None:
    receipt: Line = ("supplement_received", "11-23 09:00", {"promised_due": "2026-11-27"})
    assert local(facts_of(PROMISED, ("supplement_requested", "11-20 16:00"), receipt).due) == "11-27 17:00"
    undated: Line = ("accepted", "11-16 09:00")
    assert local(facts_of(undated, ("supplement_requested", "11-20 16:00"), receipt).due) == "11-27 17:00"


def test_request_by_the_due_freezes_and_one_after_moves_nothing() -> None:
    receipt: Line = ("supplement_received", "11-25 09:00", {"promised_due": "2026-11-30"})
    in_time = facts_of(PROMISED, ("supplement_requested", "11-23 17:00"), receipt)
    assert local(in_time.due) == "11-30 17:00"
    late = facts_of(PROMISED, ("supplement_requested", "11-23 17:00:00.000001"), receipt)
    assert local(late.due) == "11-23 17:00"
    assert late.pauses == []
    assert told(late) == []
    waiting = facts_of(PROMISED, ("supplement_requested", "11-23 17:01"))
    assert (local(waiting.waiting_since), waiting.status) == ("11-23 17:01", 5)


def test_second_request_while_waiting_opens_no_pause() -> None:
    known = facts_of(
        PROMISED,
        ("supplement_requested", "11-17 08:00"),
        ("supplement_requested", "11-17 10:00"),
        ("supplement_received", "11-17 11:00"),
        ("supplement_received", "11-17 14:00"),
    )
    assert [(local(a), local(b)) for a, b in known.pauses] == [("11-17 08:00", "11-17 11:00")]
    assert local(known.second_request_at) == "11-17 10:00"
    assert told(known) == ["receipt_without_request 4"]


def test_second_request_after_the_receipt_pauses_again() -> None:
    known = facts_of(
        PROMISED,
        ("supplement_requested", "11-17 08:00"),
        ("supplement_received", "11-17 09:00"),
        ("supplement_requested", "11-18 08:00"),
        ("supplement_received", "11-18 09:30"),
    )
    assert len(known.pauses) == 2
    assert local(known.second_request_at) == "11-18 08:00"
    assert local(known.due) == "11-25 10:00"


def test_end_while_unanswered_is_judged_at_the_request() -> None:
    known = facts_of(PROMISED, ("supplement_requested", "11-20 16:00"), ("resolved", "11-30 09:00"))
    assert (local(known.judged_at), local(known.finished_at)) == ("11-20 16:00", "11-30 09:00")
    assert known.waiting_since is None
    late = facts_of(PROMISED, ("supplement_requested", "11-23 18:00"), ("resolved", "11-23 19:00"))
    assert local(late.judged_at) == "11-23 19:00"


def test_extension_a_working_day_before_counts() -> None:
    def extended(*times: str, to: str = "2026-11-30") -> tuple[str | None, str | None, list[str]]:
        extensions = [("extended", time, {"promised_due": to, "reason": "r"}) for time in times]
        known = facts_of(PROMISED, *extensions, ("apologised", "11-17 09:00"))
        return local(known.due), local(known.due_original), told(known)

    assert extended("11-20 23:59") == ("11-30 17:00", "11-23 17:00", [])
    # Saturday is no working day before Monday; the Friday is.
    assert extended("11-21 00:00") == ("11-23 17:00", "11-23 17:00", ["extension_without_effect 1"])
    assert extended("11-20 09:00", to="2026-11-23") == ("11-23 17:00", "11-23 17:00", ["extension_without_effect 1"])
    assert extended("11-18 09:00", "11-19 09:00") == ("11-30 17:00", "11-23 17:00", ["extension_without_effect 2"])


def test_nothing_to_extend_without_a_due_date() -> None:
    extension: Line = ("extended", "11-18 09:00", {"promised_due": "2026-11-30", "reason": "r"})
    known = facts_of(("accepted", "11-16 09:00"), extension)
    assert (known.due, told(known)) == (None, ["extension_without_effect 1"])


def test_original_due_is_as_if_not_extended() -> None:
    """A request between the original and the extended due freezes only the extended one."""
    known = facts_of(
        PROMISED,
        ("extended", "11-20 09:00", {"promised_due": "2026-11-27", "reason": "r"}),
        ("supplement_requested", "11-25 09:00"),
        ("supplement_received", "11-25 10:00"),
    )
    assert (local(known.due), local(known.due_original)) == ("11-30 08:30", "11-23 17:00")
    assert local(known.extended_at) == "11-20 09:00"


@pytest.mark.parametrize(
    ("requested", "original"),
    [("11-20 10:00", "12-02 17:00"), ("11-23 17:00", "12-02 17:00"), ("11-23 17:00:00.000001", "11-23 17:00")],
)
def test_original_due_takes_the_new_date_of_a_receipt_after_the_extension(requested: str, original: str) -> None:
    """As if the extension had not been: what was asked for by the original due moves it, what came later does not."""
    known = facts_of(
        PROMISED,
        ("extended", "11-20 09:00", {"promised_due": "2026-11-27", "reason": "r"}),
        ("supplement_requested", requested),
        ("supplement_received", "11-25 10:00", {"promised_due": "2026-12-02"}),
    )
    assert (local(known.due), local(known.due_original)) == ("12-02 17:00", original)


def test_reopened_dossier_goes_on_with_the_due_in_force() -> None:
    known = facts_of(
        PROMISED,
        ("supplement_requested", "11-20 16:00"),
        ("withdrawn", "11-20 16:30"),
        ("reopened", "11-23 08:00"),
        ("supplement_received", "11-23 09:00"),
    )
    assert (local(known.due), known.finish, known.status) == ("11-25 10:00", None, 4)


def test_fee_request_stops_nothing() -> None:
    known = facts_of(PROMISED, ("fee_requested", "11-17 08:00"), ("fee_paid", "11-19 08:00", {"channel": "national"}))
    assert (local(known.due), known.pauses) == ("11-23 17:00", [])
