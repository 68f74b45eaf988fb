"""A reference entry in a line, in both languages."""

from __future__ import annotations

import pytest

from shared.contract.reference import Tick
from shared.reference import ReferenceEntry
from shared.reference.changes import describe, describe_data
from tests.unit.shared.reference.making import calendar, entry, procedure, route, rule, unit

STEPS = [{"step": name, "role": "r", "budget": 60} for name in ("nhận", "thẩm định", "ký", "trả", "lưu")]


@pytest.mark.parametrize(
    ("found", "vietnamese", "english"),
    [
        (
            calendar(
                {
                    "calendar": "vn-public",
                    "version": "2026-3",
                    "days": [{"day": "2026-11-24", "working": False}],
                    "document": "01/TB",
                }
            ),
            "lịch vn-public: bản 2026-3; thêm 1 ngày nghỉ 2026-11-24; 01/TB",
            "calendar vn-public: version 2026-3; 1 day off added 2026-11-24; 01/TB",
        ),
        (
            calendar(
                {
                    "week": {"mon": ["08:00-12:00"]},
                    "seasons": [{"first": "06-01", "last": "08-31", "week": {"mon": ["07:00-11:00"]}}],
                    "days": [{"day": f"2026-11-0{place}", "working": True} for place in range(5, 0, -1)],
                    "unit": "H46",
                    "purpose": "reception",
                    "valid_from": "2026-01-01",
                }
            ),
            (
                "lịch hue: bản 1; giờ làm việc theo tuần và 1 mùa; thêm 5 ngày làm việc 2026-11-01, 2026-11-02, "
                "2026-11-03, 2026-11-04, và 1 nữa; giờ tiếp nhận của H46; từ 2026-01-01"
            ),
            (
                "calendar hue: version 1; weekly hours and 1 season; 5 days worked added 2026-11-01, 2026-11-02, "
                "2026-11-03, 2026-11-04, and 1 more; reception of H46; from 2026-01-01"
            ),
        ),
        (
            procedure(
                {
                    "name": "Đăng ký khai sinh",
                    "terms": [
                        {"amount": "1.5", "unit": "working_days"},
                        {"amount": "1.5", "unit": "months", "kind": "committed", "channel": "online"},
                    ],
                    "cut_percent": 30,
                    "valid_to": "2026-06-30",
                }
            ),
            (
                "thủ tục 2.000815 (Đăng ký khai sinh): bản 1; theo luật 1,5 ngày làm việc, "
                "cam kết (trực tuyến) 1.5 months; cắt giảm 30 %; đến hết 2026-06-30"
            ),
            (
                "procedure 2.000815 (Đăng ký khai sinh): version 1; by law 1.5 working days, "
                "committed (online) 1.5 months; cut by 30 %; until 2026-06-30"
            ),
        ),
        (
            route({"steps": STEPS, "channel": "postal"}),
            (
                "quy trình 2.000815: bản 1; kênh bưu chính; "
                "5 bước nhận → thẩm định → ký → trả → và 1 nữa, 300 phút làm việc"
            ),
            (
                "route of 2.000815: version 1; channel postal; "
                "5 steps nhận → thẩm định → ký → trả → and 1 more, 300 working minutes"
            ),
        ),
        (
            unit({"unit": "H60", "name": "Hà Giang", "parent": "VN", "successor": "H59", "valid_to": "2026-06-30"}),
            "đơn vị H60 (Hà Giang): thuộc VN; H59 kế thừa; đến hết 2026-06-30",
            "unit H60 (Hà Giang): below VN; succeeded by H59; until 2026-06-30",
        ),
        (unit({"unit": "H60"}), "đơn vị H60", "unit H60"),
        (
            rule({"parameters": {"fee_pauses": True, "cutoff": "none"}}),
            "quy tắc deadlines: bản 1; cutoff=none, fee_pauses=true",
            "rule deadlines: version 1; cutoff=none, fee_pauses=true",
        ),
        (
            entry("procedure.made_public", {"procedure": "1.5"}),
            "thủ tục 1.5: được công khai",
            "procedure 1.5: made public",
        ),
        (route(None), "rút lại route.revised r1 (ubnd)", "withdraws route.revised r1 (ubnd)"),
    ],
)
def test_what_an_entry_says(found: ReferenceEntry, vietnamese: str, english: str) -> None:
    assert describe(found, "vi") == vietnamese
    assert describe(found, "en") == english


def test_other_data_are_an_error() -> None:
    with pytest.raises(TypeError, match="Tick"):
        describe_data(Tick(), "en")
