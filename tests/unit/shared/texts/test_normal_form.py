"""The one form of texts that name things."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.texts.normal_form import normal_form

BLANKS = [chr(number) for number in range(0x110000) if unicodedata.category(chr(number)) == "Zs"]


@pytest.mark.parametrize("blank", BLANKS)
def test_blanks_of_all_widths_are_one_blank_and_none_at_the_ends(blank: str) -> None:
    assert normal_form(f"{blank}Sở{blank}{blank} Nội{blank}vụ{blank}") == "Sở Nội vụ"


@pytest.mark.parametrize("text", ["Thẩm định", "ký duyệt", "ƯỜNG", "đẹp", "Bệnh viện Ðại học"])
def test_the_forms_of_unicode_are_one(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert normal_form(unicodedata.normalize("NFD", text)) == composed
    assert normal_form(composed) is composed


def test_marks_in_another_order_and_half_composed_letters_are_one() -> None:
    assert (
        normal_form("Be\u0302\u0323nh") == normal_form("Be\u0323\u0302nh") == normal_form("B\u00ea\u0323nh") == "Bệnh"
    )


@pytest.mark.parametrize("text", ["H38.01", "h38.01", "Н38.01", "ﬁle", "½", "Ⅳ", "Ｈ38", "a\tb", "a\u200bb", ""])
def test_nothing_else_is_changed(text: str) -> None:
    assert normal_form(text) is text


def test_blanks_alone_are_nothing() -> None:
    assert normal_form(" \u00a0\u3000 ") == ""


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from([*BLANKS, "\u0323", "\u0302"]), max_size=12))
def test_what_is_normal_stays(text: str) -> None:
    once = normal_form(text)
    assert normal_form(once) is once
    assert unicodedata.is_normalized("NFC", once)
    assert normal_form(unicodedata.normalize("NFD", text)) == once
