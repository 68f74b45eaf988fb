"""What is said of petitions: problems, and their deadlines. No logic; `{name}` is where a parameter goes."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES", "PETITIONS"]

MESSAGES: Final[dict[str, Message]] = {
    "petition_not_subject": Message(
        Text("Mục bị từ chối", "Entry refused"),
        Text(
            "`subject` của mục về phản ánh, kiến nghị phải là mã của chính nó; {field} là {value}.",
            "The `subject` of an entry about a petition is the petition's own code; {field} is {value}.",
        ),
        Text(
            "Ghi mã phản ánh, kiến nghị vào `subject`, mã hồ sơ (nếu có) vào `data.dossier`, và bỏ trường {field}.",
            "Put the petition's code into `subject` and the dossier's, if there is one, into `data.dossier`; leave out"
            " {field}.",
        ),
    ),
    "petition_not_known": Message(
        Text("Chưa biết phản ánh, kiến nghị này", "Petition not known"),
        Text("Không có phản ánh, kiến nghị {value}, hoặc chưa có.", "There is no petition {value}, or not yet."),
        Text(
            "Kiểm tra mã; một mục vừa được nhận thường được xử lý trong chốc lát.",
            "Check its code; an entry just accepted is handled within moments.",
        ),
    ),
    "petition_unknown_or_hidden": Message(
        Text(
            "Không có phản ánh, kiến nghị này, hoặc không phải của đơn vị bạn",
            "No such petition, or none of your units",
        ),
        Text(
            "Chưa có phản ánh, kiến nghị mã {value}, hoặc khoá này không đọc được: nó đọc của {units} và các đơn vị bên"
            " dưới, và những gì đã qua tay các đơn vị đó.",
            "No petition with the code {value} is known (yet), or this key does not read it: it reads those of {units} "
            "and all below, and those that went through their hands.",
        ),
        Text(
            "Kiểm tra mã; nếu vừa gửi, hỏi lại sau ít giây; nếu mã đúng, hỏi đơn vị đang xử lý hoặc quản trị.",
            "Check the code; if it was just sent, ask again in a few seconds; if it is right, ask the unit that has "
            "the petition, or the administrator.",
        ),
    ),
}

#: How a petition's due dates came about and what was made of it.
PETITIONS: Final[dict[str, Text]] = {
    "rules": Text(
        "Quy tắc thời hạn, phiên bản {rule}; lịch {calendar}, phiên bản {version}.",
        "Deadline rules, version {rule}; calendar {calendar}, version {version}.",
    ),
    "received": Text("Tiếp nhận lúc {at} tại {unit}.", "Received at {at} by {unit}."),
    "handed_over": Text(
        "Chuyển đến {unit} lúc {at}; thời hạn tính lại từ lúc đó.",
        "Handed over to {unit} at {at}; its terms begin anew.",
    ),
    "no_unit": Text("(không nêu đơn vị)", "(no unit named)"),
    "about": Text("Về hồ sơ {dossier}.", "About dossier {dossier}."),
    "refuse": Text("Hạn từ chối, {days} ngày làm việc: {due}.", "To be refused within {days} working days: {due}."),
    "ask": Text(
        "Yêu cầu bổ sung chỉ dừng thời hạn nếu gửi trong {days} ngày làm việc: {due}.",
        "Asking for more stops the clock if done within {days} working days: {due}.",
    ),
    "answer": Text("Hạn trả lời, {days} ngày làm việc: {due}.", "To be answered within {days} working days: {due}."),
    "publish": Text(
        "Hạn công khai trả lời, {days} ngày làm việc: {due}.",
        "The answer is to be published within {days} working days: {due}.",
    ),
    "pause": Text(
        "Yêu cầu bổ sung lúc {begin}, nhận lúc {end}; hạn lùi {paused} làm việc.",
        "More was asked for at {begin} and came at {end}; the due dates move by {paused} of working time.",
    ),
    "pause_open": Text(
        "Yêu cầu bổ sung lúc {begin}; thời hạn tạm dừng.", "More was asked for at {begin}; the clock is stopped."
    ),
    "asked_late": Text(
        "Yêu cầu bổ sung lúc {begin} là quá hạn, không dừng thời hạn.",
        "More was asked for at {begin}, too late to stop the clock.",
    ),
    "in_time": Text("Kết thúc lúc {end}, đúng hạn {due}.", "Ended at {end}, by its due {due}."),
    "in_time_at_request": Text(
        "Trả lời lúc {end} khi đang chờ bổ sung, tính tại lúc yêu cầu {judged}: đúng hạn {due}.",
        "Answered at {end} while more was awaited, judged at the request {judged}: by its due {due}.",
    ),
    "late": Text("Kết thúc lúc {end}, sau hạn {due}.", "Ended at {end}, after its due {due}."),
    "open": Text("Còn trong hạn {due}.", "Open, and not past its due {due}."),
    "waiting": Text("Đang chờ bổ sung; còn trong hạn.", "Waiting for the petitioner; in time."),
    "overdue": Text("Quá hạn {due} mà chưa kết thúc.", "Open, and past its due {due}."),
    "published": Text("Công khai lúc {at}.", "Published at {at}."),
    "judged": Text(
        "Người dân đánh giá: hài lòng {satisfied}, không hài lòng {disliked}, gửi lại {raised_again}.",
        "The petitioner: satisfied {satisfied}, disliked {disliked}, raised again {raised_again}.",
    ),
}
