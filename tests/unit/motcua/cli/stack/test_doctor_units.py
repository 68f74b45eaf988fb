"""What the doctor says of keys of before, which name more units than an entry carries."""

from __future__ import annotations

from motcua.cli.stack.doctoring.units import wide_keys

MANY = [f"u{number}" for number in range(33)]


def test_only_keys_that_need_more_are_listed() -> None:
    answer = {
        "senders": [
            {"sender": "all", "units": [*MANY, "*"]},
            {"sender": "most", "units": MANY[1:]},
            {"sender": "none", "units": []},
            {"sender": "of-before", "units": MANY},
        ]
    }
    (told,) = wide_keys(answer, "en")
    assert told == "of-before: needs 33 patterns of units, more than 32: its entries act for every unit"
    assert next(wide_keys(answer, "vi")).startswith("of-before: cần 33 mẫu đơn vị")
