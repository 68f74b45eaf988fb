"""Fees as facts: duty, amount and online payment, whenever they are dated, and what takes them back."""

from __future__ import annotations

from typing import Any

import pytest

from services.processing.facts import Facts
from tests.unit.processing.known import knowing, procedure
from tests.unit.processing.story import Line, facts_of, local, told

RECEIPT: Line = ("accepted", "08-03 09:00", {"procedure": "1.000001", "promised_due": "2026-08-14"})
WITH_FEE = procedure(fee=True)


def requested(at: str, amount: int | None = None) -> Line:
    return ("fee_requested", at, {} if amount is None else {"amount": amount})


def paid(at: str, channel: str, amount: int | None = None) -> Line:
    return ("fee_paid", at, {"channel": channel} | ({} if amount is None else {"amount": amount}))


def known(*lines: Line, fee: bool = False) -> Facts:
    return facts_of(RECEIPT, *lines, reference=knowing(*([WITH_FEE] if fee else [])))


def fees(facts: Facts) -> tuple[Any, ...]:
    return local(facts.fee_duty), local(facts.fee_amount), local(facts.paid_online), facts.gateway


CASES: list[tuple[str, list[Line], bool, tuple[Any, ...]]] = [
    ("paid before the receipt", [paid("08-02 09:00", "national")], False,
     ("08-02 09:00", None, "08-02 09:00", "national")),
    ("asked for nothing", [requested("08-04 09:00", 0)], False, (None, None, None, None)),
    (
        "cash, and online after the end",
        [paid("08-12 09:00", "none"), ("resolved", "08-10 09:00"), paid("08-13 09:00", "provincial")],
        False,
        ("08-12 09:00", None, "08-13 09:00", "provincial"),
    ),
    (
        "an amount, paid in another month",
        [requested("08-09 09:00", 9), paid("09-02 09:00", "national")],
        False,
        ("08-09 09:00", "08-09 09:00", "09-02 09:00", "national"),
    ),
    ("a procedure with a fee, without entries", [], True, ("08-03 09:00", None, None, None)),
    ("a procedure without a fee, without entries", [], False, (None, None, None, None)),
    ("such a procedure, every fee 0", [requested("08-04 09:00", 0), paid("08-05 09:00", "national", 0)], True,
     (None,) * 4),
    ("such a procedure, one fee 0", [requested("08-04 09:00", 0), requested("08-05 09:00", 7)], True,
     ("08-03 09:00", "08-05 09:00", None, None)),
    ("such a procedure, paid before", [paid("08-01 09:00", "none", 5)], True,
     ("08-01 09:00", "08-01 09:00", None, None)),
    (
        "paid twice: the first online one",
        [paid("08-05 09:00", "none", 1), paid("08-06 09:00", "provincial", 1), paid("08-07 09:00", "national", 1)],
        False,
        ("08-05 09:00", "08-05 09:00", "08-06 09:00", "provincial"),
    ),
    ("nothing was paid by a gateway", [paid("08-05 09:00", "national", 0)], False, (None, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "fee", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_the_entries_say(lines: list[Line], fee: bool, expected: tuple[Any, ...]) -> None:
    facts = known(*lines, fee=fee)
    assert fees(facts) == expected
    assert told(facts) == []


def test_a_fee_before_the_receipt_has_no_effect_on_the_handling() -> None:
    asked = known(requested("08-02 09:00", 9))
    assert (asked.status, asked.due, told(asked)) == (2, known().due, [])
    assert known(requested("08-04 09:00", 9)).status == 6


def test_reopening_takes_nothing_back_and_a_dossier_never_accepted_has_its_entries() -> None:
    lines = [paid("08-05 09:00", "national"), ("resolved", "08-06 09:00"), ("reopened", "08-07 09:00")]
    assert fees(known(*lines)) == ("08-05 09:00", None, "08-05 09:00", "national")
    submitted = facts_of(("submitted", "08-01 09:00", {"procedure": "1.000001"}), paid("08-02 09:00", "national"),
                         reference=knowing(WITH_FEE))  # fmt: skip
    assert fees(submitted) == ("08-02 09:00", None, "08-02 09:00", "national")
    alone = facts_of(("submitted", "08-01 09:00", {"procedure": "1.000001"}), reference=knowing(WITH_FEE))
    assert fees(alone) == (None, None, None, None)
