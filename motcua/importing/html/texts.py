"""What people are told about tables in HTML, by code."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["HTML_TEXTS"]

#: What is wrong or was done, then what to do.
HTML_TEXTS: Final[dict[str, Text]] = {
    "html_no_table": Text(
        "{file} là trang HTML không có bảng nào (có thể là trang đăng nhập hay báo lỗi của phần mềm). Mở tệp để xem,"
        " rồi xuất lại dạng .xlsx hoặc CSV.",
        "{file} is an HTML page without any table (perhaps a page for signing in, or an error of the software). Look at"
        " it, and export it again as .xlsx or CSV.",
    ),
    "html_no_such_table": Text(
        "{file} không có bảng '{table}'. Tệp có {count} bảng: ghi số thứ tự của bảng vào file.sheet.",
        "{file} has no table '{table}'. It has {count} of them: give the number of one in file.sheet.",
    ),
    "html_cell_too_long": Text(
        "Có ô dài hơn {limit} ký tự. Rút ngắn ô này.", "A cell is longer than {limit} characters. Shorten it."
    ),
    "html_row_too_wide": Text(
        "Dòng trải qua hơn {limit} cột. Sửa dòng này.", "The row spans more than {limit} columns. Correct it."
    ),
    "html_row_ragged": Text(
        "Dòng có {cells} ô, bảng có {columns} cột. Sửa dòng này.",
        "The row has {cells} cells, the table {columns} columns. Correct the row.",
    ),
    "html_passed_over": Text(
        "Bỏ qua {count} dòng của bảng không phải là dữ liệu: {groups} dòng chỉ có một ô trải qua các cột (tên nhóm, ghi"
        " chú; cột @group giữ tên này), {headings} dòng lặp lại tiêu đề. Dòng đầu tiên: {place} '{example}'.",
        "Passed over {count} rows of the table that are no data: {groups} with a single cell across the columns (names"
        " of groups, remarks; the column @group holds them), {headings} that repeat the heading. The first: {place}"
        " '{example}'.",
    ),
    "html_tables_left": Text(
        "Chỉ đọc bảng {table} vì có nhiều dữ liệu nhất; các bảng {others} cũng có đủ cột. Nếu cần, đặt file.sheet"
        ' ("*" là mọi bảng có đủ cột).',
        "Only table {table} was read, since it holds most; the tables {others} have the columns too. If they belong to"
        ' it, set file.sheet ("*": all that have the columns).',
    ),
}
