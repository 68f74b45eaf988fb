"""What people are told about rows that say what an earlier row said."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["REPEATS_TEXTS"]

#: Codes of repeats and their sentences.
REPEATS_TEXTS: Final[dict[str, Text]] = {
    "repeats_equal": Text(
        "{count} dòng giống hệt một dòng phía trên ở mọi cột (dòng {lines}): sự kiện của chúng chỉ tính một lần. Nếu"
        " mỗi dòng là một sự kiện riêng, đặt repeats: count.",
        "{count} rows are equal to an earlier row in every column (line {lines}): their events count once. If each row"
        " is an event of its own, set repeats: count.",
    ),
    "repeats_alike": Text(
        "{count} sự kiện nói đúng như sự kiện của một dòng phía trên, dù dòng khác ở cột mà ánh xạ không dùng (dòng"
        " {lines}): chúng chỉ tính một lần. Nếu mỗi dòng là một sự kiện riêng, lấy id từ một cột, hoặc đặt repeats:"
        " count.",
        "{count} events say what an event of an earlier row says, though the rows differ in columns that the mapping"
        " does not use (line {lines}): they count once. If each is an event of its own, take an id from a column, or"
        " set repeats: count.",
    ),
    "repeats_counted": Text(
        "{count} dòng nói đúng như một dòng phía trên (dòng {lines}); theo repeats: count, mỗi dòng đều được tính.",
        "{count} rows say what an earlier row says (line {lines}); by repeats: count each of them counts.",
    ),
    "repeats_seen": Text(
        "{count} dòng giống hệt một dòng phía trên ở mọi cột (dòng {lines}). Nếu mỗi dòng là một sự kiện riêng, đặt"
        " repeats: count.",
        "{count} rows are equal to an earlier row in every column (line {lines}). If each is an event of its own, set"
        " repeats: count.",
    ),
    "repeats_nothing": Text(
        "repeats: count không có tác dụng: mọi mục đều có id riêng hoặc chỉ có một lần cho mỗi hồ sơ. Bỏ khoá này.",
        "repeats: count has no effect: every entry has an id of its own or comes once per dossier. Remove the key.",
    ),
}
