"""What people are told about times of twelve hours and about dates that stand for none, by code, in both languages."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["MOMENT_TEXTS"]

#: Codes and their sentences: what is wrong, then what to do.
MOMENT_TEXTS: Final[dict[str, Text]] = {
    "time_is_placeholder": Text(
        "{field}: '{value}' (năm {year}) là giá trị điền thay khi không có ngày, không phải một ngày thật. Thêm"
        ' empty: ["{value}"] vào tệp ánh xạ để hiểu là ô trống, hoặc sửa ô.',
        "{field}: '{value}' (year {year}) is what software writes for 'none', and no date. Add"
        ' empty: ["{value}"] to the mapping so that it is an empty cell, or correct the cell.',
    ),
    "time_year_outside": Text(
        "{field}: '{value}' rơi vào năm {year}, ngoài khoảng 1900-2199. Sửa ô; nếu nó nghĩa là không có ngày thì thêm"
        ' empty: ["{value}"] vào tệp ánh xạ.',
        "{field}: '{value}' lies in the year {year}, outside 1900-2199. Correct the cell; if it means 'none', add"
        ' empty: ["{value}"] to the mapping.',
    ),
    "twelve_hours_without_half": Text(
        "'{value}' đọc giờ theo 12 giờ (%I) mà không đọc SA/CH (%p), nên giờ chiều sẽ thành giờ sáng. Viết '{better}'"
        " (%p đọc được SA, CH, AM, PM, sáng, chiều), hoặc %H nếu cột ghi giờ từ 0 đến 23.",
        "'{value}' reads hours of twelve (%I) without AM or PM (%p), so afternoons would become mornings. Write"
        " '{better}' (%p reads AM, PM, SA, CH, sáng, chiều), or %H if the column has hours from 0 to 23.",
    ),
    "half_without_twelve_hours": Text(
        "'{value}' có %p nhưng không có %I nên SA/CH bị bỏ qua và giờ chiều thành giờ sáng. Viết '{better}', hoặc bỏ"
        " %p nếu cột ghi giờ từ 0 đến 23.",
        "'{value}' has %p without %I, so AM and PM are passed over and afternoons become mornings. Write '{better}', or"
        " leave out %p if the column has hours from 0 to 23.",
    ),
    "half_as_letters": Text(
        "'{value}' viết SA/CH thành chữ cố định bên cạnh %H nên giờ chiều thành giờ sáng. Viết '{better}' (%p đọc được"
        " SA, CH, AM, PM, sáng, chiều).",
        "'{value}' has AM or PM as fixed letters beside %H, so afternoons become mornings. Write '{better}' (%p reads"
        " AM, PM, SA, CH, sáng, chiều).",
    ),
}
