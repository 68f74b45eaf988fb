"""Problems that only processing answers with."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, Message]] = {
    "dossier_not_known": Message(
        Text("Chưa biết hồ sơ này", "Dossier not known"),
        Text("Không có hồ sơ {value}, hoặc chưa có.", "There is no dossier {value}, or not yet."),
        Text(
            "Kiểm tra mã hồ sơ; một mục vừa được nhận thường được xử lý trong chốc lát.",
            "Check the dossier code; an entry just accepted is handled within moments.",
        ),
    ),
    "apology_not_yet": Message(
        Text("Chưa đến lúc xin lỗi", "No apology is due yet"),
        Text(
            "Hồ sơ {value} hẹn trả {due}; dự thảo thư xin lỗi có từ {since}, nay mới {clock}.",
            "Dossier {value} is due at {due}; the draft of an apology is there from {since} on, it is {clock} now.",
        ),
        Text("Hỏi lại từ lúc đó, nếu hồ sơ chưa kết thúc.", "Ask again from then on, if the dossier has not ended."),
    ),
    "apology_before_clock": Message(
        Text("Chưa có đồng hồ", "No clock yet"),
        Text(
            "Hồ sơ {value} hẹn trả {due}; chưa biết nay là lúc nào, vì chưa có nhịp đồng hồ nào.",
            "Dossier {value} is due at {due}; what time it is now is not known, as no tick of the clock came yet.",
        ),
        Text("Chờ nhịp đồng hồ kế tiếp, mỗi phút một lần.", "Wait for the next tick; there is one each minute."),
    ),
    "apology_without_due": Message(
        Text("Hồ sơ không có hạn trả", "The dossier has no due date"),
        Text(
            "Hồ sơ {value} chưa được tiếp nhận hoặc không có hạn trả, nên không có gì để xin lỗi.",
            "Dossier {value} was not accepted or has no due date, so there is nothing to apologise for.",
        ),
        Text(
            "Nếu có ngày hẹn trả, gửi dossier.accepted với promised_due.",
            "If a date was promised, send dossier.accepted with promised_due.",
        ),
    ),
    "apology_dossier_ended": Message(
        Text("Hồ sơ đã kết thúc", "The dossier has ended"),
        Text("Hồ sơ {value} đã kết thúc lúc {at}.", "Dossier {value} ended at {at}."),
        Text("Không cần thư xin lỗi nữa.", "No apology is to be written any more."),
    ),
    "apology_sent": Message(
        Text("Đã xin lỗi", "The apology was sent"),
        Text("Thư xin lỗi của hồ sơ {value} đã gửi lúc {at}.", "The apology for dossier {value} was sent at {at}."),
        Text("Không cần gửi lại.", "None is to be sent again."),
    ),
    "apology_while_stopped": Message(
        Text("Thời hạn đang tạm dừng", "The clock is stopped"),
        Text(
            "Thời hạn của hồ sơ {value} tạm dừng từ {at}, chờ người nộp hồ sơ.",
            "The clock of dossier {value} is stopped since {at}; the applicant's answer is awaited.",
        ),
        Text("Hỏi lại khi người nộp đã trả lời.", "Ask again when the applicant has answered."),
    ),
    "entry_not_known": Message(
        Text("Chưa biết mục này", "Entry not known"),
        Text(
            "Không có mục {value} của hệ thống gửi này, hoặc chưa được xử lý.",
            "There is no entry {value} of this sender, or it has not been handled yet.",
        ),
        Text(
            "Kiểm tra source và id; nếu đã được nhận (202), hãy hỏi lại sau giây lát.",
            "Check source and id; if it was accepted (202), ask again in a moment.",
        ),
    ),
    "id_of_many_dossiers": Message(
        Text("Quá nhiều hồ sơ dùng mã này", "Too many dossiers have this id"),
        Text(
            "Hơn {limit} hồ sơ có mục mang id {value}; trong {limit} hồ sơ đã tìm không có mục nào khóa này được xem.",
            "More than {limit} dossiers have an entry with id {value}; of the {limit} searched this key sees none.",
        ),
        Text("Nêu mã hồ sơ bằng subject.", "Name the dossier by subject."),
    ),
    "processing_not_readable": Message(
        Text("Chưa đọc được trạng thái", "States cannot be read"),
        Text("Không đọc được trạng thái hồ sơ: {value}.", "The dossiers' states cannot be read: {value}."),
        Text("Thử lại sau vài giây.", "Try again in a few seconds."),
    ),
    "preview_under_way": Message(
        Text("Đang chạy thử một thay đổi khác", "Another dry run is under way"),
        Text("Tiến trình này đang chạy thử một thay đổi.", "This replica is trying a revision out."),
        Text("Thử lại khi lần chạy thử đó xong.", "Try again when that dry run is done."),
    ),
    "partition_elsewhere": Message(
        Text("Phân vùng ở bản sao khác", "Another replica has the partition"),
        Text(
            "Bản sao này không xử lý phân vùng {value}.",
            "This replica does not work on partition {value}.",
        ),
        Text(
            "Hỏi bản sao khác (motcua deadletter resume hỏi tất cả); GET /v1/positions cho biết ai xử lý.",
            "Ask the others (motcua deadletter resume asks all); GET /v1/positions tells who works on it.",
        ),
    ),
    "partition_not_standing": Message(
        Text("Phân vùng không đứng vì thư chết", "The partition does not stand for dead letters"),
        Text("Phân vùng {value}: {state}.", "Partition {value}: {state}."),
        Text(
            "Chỉ mở lại được phân vùng đứng vì deadletter_run; lý do khác có cách xử lý riêng ở /health/ready.",
            "Only one that stands for deadletter_run can be resumed; /health/ready says what to do about others.",
        ),
    ),
}
