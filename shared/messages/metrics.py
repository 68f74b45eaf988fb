"""Problems that only metrics answers with."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, Message]] = {
    "figures_loading": Message(
        Text("Số liệu đang được nạp", "Figures are loading"),
        Text("Chưa đọc hết dữ kiện hồ sơ: {value}.", "Not all facts have been read yet: {value}."),
        Text(
            "Hỏi lại sau ít giây; xem tiến độ tại /v1/status.",
            "Ask again in a few seconds; see the progress at /v1/status.",
        ),
    ),
    "questions_busy": Message(
        Text("Đang có quá nhiều câu hỏi", "Too many questions at once"),
        Text(
            "Dịch vụ đang trả lời các câu hỏi khác; {value} câu hỏi đang chờ tới lượt.",
            "The service is answering other questions; {value} wait for their turn.",
        ),
        Text(
            "Hỏi lại sau số giây trong tiêu đề Retry-After; hỏi kỳ ngắn hơn hoặc ít đơn vị hơn thì nhanh hơn.",
            "Ask again after the seconds of the Retry-After header; a shorter period or fewer units are quicker.",
        ),
    ),
    "too_many_indices": Message(
        Text("Câu trả lời quá lớn", "The answer would be too large"),
        Text("Câu hỏi này cần {value} chỉ số.", "This question needs {value} indices."),
        Text(
            "Hỏi nhiều nhất {limit} một lần: kỳ ngắn hơn, ít đơn vị hơn, hoặc không có `children`.",
            "Ask for at most {limit} at once: a shorter period, fewer units, or without `children`.",
        ),
    ),
    "period_reversed": Message(
        Text("Kỳ báo cáo không hợp lệ", "Invalid period"),
        Text(
            "Ngày kết thúc {value} trước ngày bắt đầu {first}.", "The last date {value} lies before the first {first}."
        ),
        Text("Đổi chỗ hai ngày: from ≤ to, cả hai được tính.", "Give from ≤ to; both dates are included."),
    ),
    "period_out_of_range": Message(
        Text("Kỳ báo cáo không hợp lệ", "Invalid period"),
        Text(
            "Ngày {value} nằm ngoài 1900-01-01 đến 2199-12-31.", "The date {value} is outside 1900-01-01 to 2199-12-31."
        ),
        Text("Dùng một ngày trong khoảng đó.", "Use a date within."),
    ),
    "too_many_months": Message(
        Text("Kỳ báo cáo quá dài", "Period too long"),
        Text("Kỳ này có {value} tháng.", "The period has {value} months."),
        Text("Hỏi nhiều nhất {limit} tháng một lần.", "Ask for at most {limit} months at once."),
    ),
    "unknown_unit": Message(
        Text("Không có đơn vị này", "No such unit"),
        Text(
            "Không hồ sơ hay bước nào thuộc đơn vị {value} hoặc đơn vị bên dưới, và đơn vị này chưa được đăng ký.",
            "No dossier or step belongs to the unit {value} or one below it, and it is not registered.",
        ),
        Text("Xem các đơn vị: `motcua units list`.", "See the units: `motcua units list`."),
    ),
    "unknown_figure": Message(
        Text("Không có chỉ tiêu này", "No such figure"),
        Text("Không có chỉ tiêu tên {value}.", "There is no figure named {value}."),
        Text("Dùng một trong: {expected}.", "Use one of: {expected}."),
    ),
    "state_or_figure": Message(
        Text("Chưa rõ cần danh sách nào", "Which list is meant?"),
        Text(
            "Cần đúng một trong hai: state (tại thời điểm hiện tại) hoặc figure (cùng from và to).",
            "Give exactly one of state (as of now) or figure (with from and to).",
        ),
        Text(
            "Ví dụ: ?state=overdue hoặc ?figure=received&from=2026-08-01&to=2026-08-31.",
            "For example ?state=overdue or ?figure=received&from=2026-08-01&to=2026-08-31.",
        ),
    ),
    "unknown_dossier": Message(
        Text("Không có hồ sơ này", "No such dossier"),
        Text("Chưa có hồ sơ mã {value}.", "No dossier with the code {value} is known (yet)."),
        Text(
            "Kiểm tra mã; nếu vừa gửi, hỏi lại sau ít giây.",
            "Check the code; if it was just sent, ask again in a few seconds.",
        ),
    ),
}
