"""What looks alike is told apart from what does not; nothing is joined."""

from __future__ import annotations

import unicodedata

import pytest

from shared.texts.looks_alike import Lookalikes, appearances


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Н38.01", "H38.01"),
        ("h38.01", "H38.01"),
        ("ΑΒ-7", "AB-7"),
        ("Ｈ３８．０１", "H38.01"),
        ("H38.O1", "H38.01"),
        ("H38.l0", "H38.10"),
        ("Ðất đai", "Đất đai"),
        ("Sở Хây dựng", "sở xây dựng"),
        ("H38–01", "H38-01"),
        ("H38\u00a001", "H38 01"),
        ("H\u200b38", "H38"),
        (unicodedata.normalize("NFD", "Sở Y tế"), "SỞ Y TẾ"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert appearances(one) & appearances(other)
    assert Lookalikes([other]).of(one) == other
    assert Lookalikes([one, other]).of(other) == one


@pytest.mark.parametrize(
    ("one", "other"),
    [("H38.01", "H38.02"), ("Sở", "So"), ("Sở Y tế", "Sở Y tê"), ("H38.1", "H38.11"), ("Đ", "D"), ("", "H")],
)
def test_not_alike(one: str, other: str) -> None:
    assert not appearances(one) & appearances(other)
    assert Lookalikes([other, one]).of(one) is None


def test_the_first_of_several_is_told() -> None:
    assert Lookalikes(["H1", "Н1", "h1"]).of("н1") in ("H1", "Н1", "h1")
    assert Lookalikes(["H1", "h1"]).of("Н1") == "H1"
