"""The notes of a report, declared: code and sentence in both languages. To tell something new, add a line here.

`{count}` is how often it was met and `{lines}` names the first places; `Notebook.count` fills both.
"""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["NOTE_TEXTS"]

#: In the order in which they are told.
NOTE_TEXTS: Final[dict[str, Text]] = {
    "ends_before_start": Text(
        "{count} hồ sơ kết thúc trước khi tiếp nhận (dòng {lines}): tính là kết thúc ngay lúc tiếp nhận. Kiểm tra cột"
        " thời điểm và formats.",
        "Dossiers that end before they are accepted: {count} (line {lines}). They count as ended at the acceptance."
        " Check the columns of times and formats.",
    ),
    "texts_retyped": Text(
        "{count} bản ghi có mã hoặc tên được đưa về một dạng: NFC, một khoảng trắng giữa các từ (dòng {lines}).",
        "{count} entries had codes or names brought to one form: NFC, single blanks (line {lines}).",
    ),
    "promise_missing": Text(
        "{count} tiếp nhận không có ngày hẹn trả (dòng {lines}): lấy hạn của thủ tục, không có thì hồ sơ không có hạn.",
        "{count} accepted without a promised date (line {lines}): the procedure's term decides, without one there is"
        " no due date.",
    ),
}
