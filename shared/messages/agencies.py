"""Problems about senders and agencies: those unknown, unregistered or disabled, and keys of too many units."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

_FORBIDDEN = Text("Không có quyền", "Not allowed")

MESSAGES: Final[dict[str, Message]] = {
    "sender_disabled": Message(
        _FORBIDDEN,
        Text("Hệ thống gửi {value} đang bị tạm ngừng.", "The sender {value} is disabled."),
        Text(
            "Đề nghị quản trị cho phép lại (motcua agency enable), rồi gửi lại với cùng `id`.",
            "Ask the administrator to enable it (motcua agency enable), then send again with the same `id`.",
        ),
    ),
    "too_many_units": Message(
        Text("Quá nhiều đơn vị", "Too many units"),
        Text(
            "Khoá cần {value} mẫu đơn vị, nhưng mỗi mục chỉ mang được {limit}.",
            "The key needs {value} patterns of units, but an entry carries {limit} at most.",
        ),
        Text(
            "Thay các mã riêng lẻ bằng phần đầu chung có dấu * ở cuối (ví dụ H44.*) hoặc bằng đơn vị cấp trên.",
            "Instead of each code name a beginning they share with * at its end (such as H44.*), or the unit above.",
        ),
    ),
    "agency_exists": Message(
        Text("Đơn vị đã được nối", "The unit is an agency already"),
        Text("Đơn vị {value} đã có khoá và hộp gửi.", "The unit {value} has a key and an outbox already."),
        Text(
            "Không cần làm gì; để đổi khoá, xoá hệ thống gửi {sender} (DELETE /v1/senders/{sender}) rồi tạo lại.",
            "Nothing is to be done; for a new key DELETE /v1/senders/{sender} and make it an agency anew.",
        ),
    ),
    "agency_code_of_signs": Message(
        Text("Mã đơn vị không dùng được", "The code cannot be used"),
        Text(
            "Mã đơn vị {value} không có chữ cái hoặc chữ số nào.", "The unit code {value} has no letter and no digit."
        ),
        Text(
            "Mã trở thành một phần của tên chủ đề và địa chỉ: dùng mã có chữ cái hoặc chữ số, ví dụ hcm.q1.",
            "The code becomes part of topic names and addresses: use one with letters or digits, such as hcm.q1.",
        ),
    ),
    "agency_collides": Message(
        Text("Tên chủ đề bị trùng", "Names of topics collide"),
        Text(
            "Chủ đề của {value} trùng với chủ đề của {other}: máy chủ Kafka coi dấu chấm và dấu gạch dưới là một.",
            "The topics of {value} collide with those of {other}: for the broker a dot and an underscore are the same.",
        ),
        Text(
            "Dùng mã khác cho một trong hai đơn vị; chỉ khác nhau ở dấu chấm và gạch dưới là không đủ.",
            "Use another code for one of the two; a dot instead of an underscore makes no difference.",
        ),
    ),
    "agency_unknown": Message(
        Text("Đơn vị chưa được nối", "The unit is no agency"),
        Text("Đơn vị {value} chưa được nối với hệ thống này.", "The unit {value} is no agency of this stack."),
        Text(
            "Đề nghị quản trị chạy `motcua agency add {value}`; danh sách tại GET /v1/agencies.",
            "Ask the administrator for `motcua agency add {value}`; see the list at GET /v1/agencies.",
        ),
    ),
    "agency_unregistered": Message(
        Text("Đơn vị chưa được đăng ký", "The unit is not registered"),
        Text("Chưa có đơn vị {value} trong danh mục.", "No unit {value} is registered."),
        Text(
            "Kiểm tra mã, hoặc gửi unit.revised cho đơn vị này trước (docs/guides/reference.md).",
            "Check the code, or send unit.revised for it first (docs/guides/reference.md).",
        ),
    ),
}
