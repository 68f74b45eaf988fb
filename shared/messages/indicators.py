"""What is said of entered figures: problems. No logic; `{name}` is where a parameter goes."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

_REFUSED: Final = Text("Mục bị từ chối", "Entry refused")
_EITHER: Final = Text(
    "Ghi `value` (điểm hoặc số lượng), hoặc cả `numerator` và `denominator` (tỷ lệ), không ghi cả hai.",
    "Give `value` (a score or count), or both `numerator` and `denominator` (a share), not both kinds.",
)

MESSAGES: Final[dict[str, Message]] = {
    "figure_missing": Message(
        _REFUSED,
        Text(
            "Mục không có số liệu nào: thiếu {field}, và không có tử số, mẫu số.",
            "The entry has no figure: {field} is missing, and there is no numerator and denominator.",
        ),
        _EITHER,
    ),
    "two_figures": Message(
        _REFUSED,
        Text(
            "Mục có hai số liệu: {field} là {value}, và còn có tử số, mẫu số.",
            "The entry has two figures: {field} is {value}, and there is a numerator or denominator, too.",
        ),
        _EITHER,
    ),
    "half_a_share": Message(
        _REFUSED,
        Text("Tỷ lệ thiếu một nửa: không có {field}.", "Half of the share is missing: there is no {field}."),
        _EITHER,
    ),
    "share_above_one": Message(
        _REFUSED,
        Text("{field} là {value}, lớn hơn mẫu số {limit}.", "{field} is {value}, more than the denominator {limit}."),
        Text(
            "Sửa tử số hoặc mẫu số: tử số không lớn hơn mẫu số. Số lượng không phải tỷ lệ thì ghi vào `data.value`.",
            "Correct one of them: the numerator is at most the denominator. A count that is no share goes into"
            " `data.value`.",
        ),
    ),
}
