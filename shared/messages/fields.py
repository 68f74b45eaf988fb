"""Problems of one field of a request, an entry or a setting: missing, unknown, of a wrong type, out of range."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

_TITLE = Text("Dữ liệu không hợp lệ", "Invalid data")

MESSAGES: Final[dict[str, Message]] = {
    "missing_field": Message(
        _TITLE,
        Text("Thiếu trường {field}.", "The field {field} is missing."),
        Text("Bổ sung trường {field}.", "Add the field {field}."),
    ),
    "unknown_field": Message(
        _TITLE,
        Text("Trường {field} không có trong mô tả dữ liệu.", "The field {field} is not part of the data model."),
        Text(
            "Bỏ trường {field} hoặc sửa tên theo /docs; dữ liệu ngoài mô tả không được nhận.",
            "Remove the field {field} or correct its name by /docs; nothing outside the model is accepted.",
        ),
    ),
    "wrong_type": Message(
        _TITLE,
        Text("Trường {field} phải là {expected_vi}.", "The field {field} must be {expected_en}."),
        Text("Gửi {field} dưới dạng {expected_vi}.", "Send {field} as {expected_en}."),
    ),
    "not_allowed_value": Message(
        _TITLE,
        Text("Trường {field} không nhận giá trị này.", "The field {field} does not take this value."),
        Text("Dùng một trong các giá trị: {expected}.", "Use one of: {expected}."),
    ),
    "out_of_range": Message(
        _TITLE,
        Text("Giá trị của {field} nằm ngoài giới hạn {limit}.", "The value of {field} is outside its limit {limit}."),
        Text("Dùng một giá trị {limit}.", "Use a value {limit}."),
    ),
    "wrong_length": Message(
        _TITLE,
        Text("Độ dài của {field} nằm ngoài giới hạn {limit}.", "The length of {field} is outside its limit {limit}."),
        Text("Dùng độ dài {limit}.", "Use a length {limit}."),
    ),
    "wrong_form": Message(
        _TITLE,
        Text("Trường {field} không đúng dạng.", "The field {field} does not have the right form."),
        Text("Dùng {form_vi}.", "Use {form_en}."),
    ),
    "wrong_instant": Message(
        _TITLE,
        Text(
            "Trường {field} không phải thời điểm có múi giờ.",
            "The field {field} is not an instant with an offset.",
        ),
        Text(
            "Dùng RFC 3339 có độ lệch múi giờ, ví dụ 2026-08-25T17:00:00+07:00.",
            "Use RFC 3339 with an offset, such as 2026-08-25T17:00:00+07:00.",
        ),
    ),
    "wrong_date": Message(
        _TITLE,
        Text("Trường {field} không phải ngày hợp lệ.", "The field {field} is not a valid date."),
        Text("Dùng dạng YYYY-MM-DD, ví dụ 2026-08-25.", "Use YYYY-MM-DD, such as 2026-08-25."),
    ),
    "odd_sign": Message(
        _TITLE,
        Text(
            "{field} có ký tự {sign} ở vị trí {place}: ký tự điều khiển hoặc không nhìn thấy, hay đổi chiều chữ.",
            "{field} holds the sign {sign} at place {place}: a control or bidi sign, or one that nobody sees.",
        ),
        Text(
            "Xoá ký tự {sign} khỏi {field}; nó thường theo vào khi chép từ trang web hoặc tệp văn bản.",
            "Remove {sign} from {field}; such signs come along when text is copied from web pages or documents.",
        ),
    ),
    "code_of_dots": Message(
        _TITLE,
        Text(
            "Mã {value} trong {field} không tra cứu được: trong địa chỉ, . và .. là bước đi thư mục.",
            "The code {value} in {field} could never be looked up: in an address . and .. are steps of a path.",
        ),
        Text("Dùng một mã khác.", "Use another code."),
    ),
    "invalid_value": Message(
        _TITLE,
        Text("Giá trị của {field} không hợp lệ: {reason}.", "The value of {field} is not valid: {reason}."),
        Text("Sửa {field} theo mô tả tại /docs.", "Correct {field} by the description at /docs."),
    ),
}
