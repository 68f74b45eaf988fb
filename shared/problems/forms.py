"""What a text has to look like, in words: the patterns of the contract said as people say them. Pure.

Whoever reads a problem fills in forms, not regular expressions. Patterns that only list signs and lengths are read
here; what is made up otherwise is told by an example.
"""

from __future__ import annotations

import re
from typing import Final

from shared.messages.base import Text

__all__ = ["form_of"]

#: Patterns that are told by an example.
_BY_EXAMPLE: Final[dict[str, Text]] = {
    r"^-?\d{1,15}(\.\d{1,6})?$": Text(
        "một số như 12 hoặc 12.5 (dấu chấm thập phân, tối đa 6 chữ số sau dấu chấm)",
        "a number such as 12 or 12.5 (decimal point, at most 6 digits behind it)",
    ),
    r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$": Text(
        "một khoảng giờ như 07:30-11:30", "a span of hours such as 07:30-11:30"
    ),
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$": Text("tháng-ngày, ví dụ 09-02", "month-day, such as 09-02"),
    r"^[A-Z]{2,3}$": Text("mã nước gồm hai hoặc ba chữ hoa như VN", "two or three capital letters such as VN"),
    r"^sha256:[0-9a-f]{64}$": Text("sha256: rồi 64 chữ số hệ mười sáu", "sha256: and then 64 hexadecimal digits"),
}
#: What cannot be said in words is described where the fields are.
_ELSE: Final = Text("dạng nêu tại /docs", "the form described at /docs")
#: A list of signs and how many, and nothing else.
_SIGNS: Final = re.compile(r"\^\[([^\[\]]+)\](?:\{(\d+),(\d+)\}|([+*]))\$")
_RANGES: Final = (
    ("A-Z", "chữ hoa không dấu", "capital letters A to Z"),
    ("a-z", "chữ thường không dấu", "small letters a to z"),
    ("0-9", "chữ số", "digits"),
)


def form_of(pattern: str) -> Text:
    """The words for a pattern, to follow "use"; never the pattern itself."""
    if pattern in _BY_EXAMPLE:
        return _BY_EXAMPLE[pattern]
    found = _SIGNS.fullmatch(pattern)
    if found is None:
        return _ELSE
    signs, least, most, _ = found.groups()
    if signs.startswith("^"):
        return Text(
            "một dòng chữ, không có ký tự điều khiển (xuống dòng, tab, ký tự 0…)",
            "one line of text without control signs (line ends, tabs, zero bytes)",
        )
    vi, en = _listed(signs)
    if most is None:
        return Text(f"chỉ {vi}", f"{en} only")
    return Text(f"{least} đến {most} ký tự, chỉ gồm {vi}", f"{least} to {most} characters, {en} only")


def _listed(signs: str) -> tuple[str, str]:
    """What a list of signs holds, in both languages."""
    vi, en = [], []
    for span, told_vi, told_en in _RANGES:
        if span in signs:
            signs = signs.replace(span, "")
            vi.append(told_vi)
            en.append(told_en)
    others = " ".join(signs.replace("\\", ""))
    return ", ".join([*vi, *([others] if others else [])]), ", ".join([*en, *([others] if others else [])])
