"""What people are told about forms of files (workbooks, process logs), and about what a mapping gives of them."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["FORM_TEXTS"]

#: Codes of forms and of dry runs and their sentences: what is wrong, then what to do.
FORM_TEXTS: Final[dict[str, Text]] = {
    "digits_lost": Text(
        "Cột {column}: số '{value}' dài hơn số chữ số mà bảng tính giữ được. Định dạng cột là văn bản rồi nhập lại mã.",
        "Column {column}: the number '{value}' has more digits than a spreadsheet keeps. Format the column as text and"
        " enter the code again.",
    ),
    "workbook_locked": Text(
        "{file} có mật khẩu nên không đọc được. Mở tệp, bỏ mật khẩu, lưu lại rồi chạy lại lệnh.",
        "{file} is protected by a password and cannot be read. Open it, remove the password, save it and repeat the"
        " command.",
    ),
    "workbook_broken": Text(
        "{file} không đọc được như một bảng tính ({reason}). Mở tệp, lưu lại dạng .xlsx rồi chạy lại lệnh.",
        "{file} cannot be read as a workbook ({reason}). Open it, save it as .xlsx and repeat the command.",
    ),
    "workbook_too_large": Text(
        "{file} có {what} vượt giới hạn {limit}. Xoá ô lạc ở xa vùng dữ liệu, chia nhỏ tệp, hoặc lưu dạng CSV.",
        "{file} has {what}, above the limit of {limit}. Delete stray cells far from the table, split the file, or save"
        " it as CSV.",
    ),
    "no_such_sheet": Text(
        "{file} không có trang tính '{sheet}'.{hint} Các trang tính: {sheets}.",
        "{file} has no sheet '{sheet}'.{hint} Its sheets: {sheets}.",
    ),
    "no_sheet": Text(
        "{file} không có trang tính nào chứa dữ liệu. Kiểm tra tệp.",
        "{file} has no sheet with data. Check the file.",
    ),
    "sheet_differs": Text(
        "Trang tính '{sheet}' không có cột '{column}' (hoặc có hai cột cùng tên). Sửa tiêu đề, hoặc bỏ trang này khỏi"
        " file.sheet.",
        "The sheet '{sheet}' has no column '{column}' (or two of that name). Correct its heading, or leave the sheet"
        " out of file.sheet.",
    ),
    "lines_composed": Text(
        "{count} dòng viết dấu tách khỏi chữ (NFD), đã đưa về NFC.",
        "{count} lines had accents beside their letters (NFD) and were read as NFC.",
    ),
    "sheets_left": Text(
        'Không đọc các trang tính: {sheets}. Nếu cần, ghi tên vào file.sheet ("*" là mọi trang có đủ cột).',
        'Sheets not read: {sheets}. If they belong to it, name them in file.sheet ("*": all that have the columns).',
    ),
    "only_for_workbooks": Text(
        "Tệp dữ liệu không phải bảng tính nên không dùng '{key}'. Bỏ khoá này.",
        "The data file is no workbook, so '{key}' has no meaning. Remove the key.",
    ),
    "warn_no_acceptance": Text(
        "Không dòng nào cho dossier.accepted: hồ sơ không tiếp nhận thì không vào chỉ số. Thêm mục này vào ánh xạ.",
        "No row gives dossier.accepted: dossiers never accepted are in no figure. Add that entry to the mapping.",
    ),
    "warn_some_not_accepted": Text(
        "{count} trong {dossiers} hồ sơ không có dossier.accepted trong phần đã đọc. Kiểm tra when và time của nó.",
        "{count} of {dossiers} dossiers have no dossier.accepted in the part read. Check when and time of that entry.",
    ),
    "warn_midnights": Text(
        "Mọi thời điểm đều là 00:00. Nếu tệp chỉ có ngày thì đặt sequence: row; nếu có giờ thì sửa formats.",
        "All times are at midnight. If the file has only dates, set sequence: row; if it has times of day, correct"
        " formats.",
    ),
    "warn_future": Text(
        "{count} bản ghi có thời điểm ở tương lai, muộn nhất {latest}. Kiểm tra formats (ngày/tháng) và zone.",
        "{count} entries lie in the future, the latest at {latest}. Check formats (day/month) and zone.",
    ),
    "warn_nothing": Text(
        "Không dòng nào cho bản ghi. Kiểm tra keep, drop, when và time.",
        "No row gives an entry. Check keep, drop, when and time.",
    ),
}
