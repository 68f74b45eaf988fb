"""Signs that nobody sees, told by their code points; compared with Unicode's own categories over all of Unicode."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.texts.signs import is_odd, odd_sign, sign_name, visible, visible_json

EVERY = [chr(number) for number in range(0x110000)]
NEVER_SEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_what_unicode_counts_as_unseen_is_odd_and_no_blank_is() -> None:
    for sign in EVERY:
        category = unicodedata.category(sign)
        if category in NEVER_SEEN:
            assert is_odd(sign), sign_name(sign)
        elif category == "Zs":
            assert not is_odd(sign), sign_name(sign)


def test_letters_marks_and_digits_of_vietnamese_are_not_odd() -> None:
    alphabet = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
    tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    text = "".join(letter + tone for letter in alphabet for tone in tones)
    for form in ("NFC", "NFD"):
        for written in (text, text.upper()):
            assert odd_sign(unicodedata.normalize(form, written)) is None
    assert odd_sign("H38.01-2026/000123 “Sở” – №5 ₫ ½ Ⅳ") is None


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("H38\u202e10", 3, "U+202E"),
        ("\u200bH38", 0, "U+200B"),
        ("Sở Nội\u00ad vụ", 6, "U+00AD"),
        ("a\tb", 1, "U+0009"),
        ("a\x7f", 1, "U+007F"),
        ("a\x85", 1, "U+0085"),
        ("a\u2029b", 1, "U+2029"),
        ("a\u2066b", 1, "U+2066"),
        ("a\ufeff", 1, "U+FEFF"),
        ("a\ufe0f", 1, "U+FE0F"),
        ("a\U000e0041", 1, "U+E0041"),
        ("a\U000e0100", 1, "U+E0100"),
        ("a\u3164", 1, "U+3164"),
        ("a\ue000", 1, "U+E000"),
        ("a\ud800", 1, "U+D800"),
        ("a\uffff", 1, "U+FFFF"),
    ],
)
def test_the_first_odd_sign_is_named_with_its_place(text: str, place: int, name: str) -> None:
    found = odd_sign(text)
    assert found is not None
    assert (found[0], sign_name(found[1])) == (place, name)
    assert f"<{name}>" in visible(text)


@given(st.text(st.characters(), max_size=20))
def test_what_is_shown_has_no_odd_sign_and_is_else_as_it_was(text: str) -> None:
    shown = visible(text)
    assert odd_sign(shown) is None
    if odd_sign(text) is None:
        assert shown == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_json_means_what_it_meant(text: str) -> None:
    written = visible_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(written) == [text]
    assert odd_sign(written) is None


def test_json_keeps_its_line_ends() -> None:
    assert visible_json('{\n  "a": "\u202e\U000e0001"\n}') == '{\n  "a": "\\u202e\\udb40\\udc01"\n}'
