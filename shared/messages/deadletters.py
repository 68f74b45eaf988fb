"""Problems that intake answers about dead letters: what cannot be replayed, and what became of it."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, Message]] = {
    "deadletter_unknown": Message(
        Text("Không có thư chết này", "No such dead letter"),
        Text("Sổ không có thư chết {value}.", "The register has no dead letter {value}."),
        Text(
            "Xem danh sách: motcua deadletter list; thư cũ bị xoá sau MOTCUA_DEADLETTER_DAYS ngày.",
            "See the list: motcua deadletter list; old letters are deleted after MOTCUA_DEADLETTER_DAYS days.",
        ),
    ),
    "deadletter_settled": Message(
        Text("Thư chết đã được giải quyết", "The dead letter is settled"),
        Text("Thư chết {value} đã ở trạng thái {state}.", "The dead letter {value} is {state} already."),
        Text(
            "Xem motcua deadletter show {value}; nếu mục đã ghi còn sai, gửi bản sửa với revision cao hơn.",
            "See motcua deadletter show {value}; if what was written is wrong, send it with a higher revision.",
        ),
    ),
    "deadletter_under_way": Message(
        Text("Thư chết đang được phát lại", "The dead letter is being replayed"),
        Text(
            "Thư chết {value} đang được phát lại, hoặc lần trước bị ngắt giữa chừng.",
            "The dead letter {value} is being replayed, or was left in the middle of it.",
        ),
        Text(
            "Làm lại sau {seconds} giây; mục chỉ vào sổ sự kiện một lần.",
            "Repeat it in {seconds} seconds; the entry enters the journal once.",
        ),
    ),
    "deadletter_derived": Message(
        Text("Bản ghi dẫn xuất", "A derived record"),
        Text(
            "Chủ đề {value} được suy ra từ sổ sự kiện nên không phát lại được.",
            "The topic {value} is derived from the journal, so nothing of it is replayed.",
        ),
        Text(
            "Chạy `motcua rebuild` để suy ra lại, rồi bỏ thư này (motcua deadletter discard).",
            "Run `motcua rebuild` to derive it anew, then discard this letter (motcua deadletter discard).",
        ),
    ),
    "deadletter_no_entry": Message(
        Text("Không phải một mục", "Not an entry"),
        Text(
            "Bản ghi của chủ đề {value} không phải mục của sổ sự kiện.",
            "Records of the topic {value} are no entries of the journal.",
        ),
        Text(
            "Tìm xem ai ghi vào chủ đề này, rồi bỏ thư (motcua deadletter discard).",
            "Find out who writes there, then discard the letter (motcua deadletter discard).",
        ),
    ),
    "deadletter_clock": Message(
        Text("Mục đồng hồ không phát lại", "Clock entries are not replayed"),
        Text(
            "Bản ghi là {value}; đồng hồ tự đi tiếp bằng nhịp sau.",
            "The record is a {value}; the clock goes on by the next tick.",
        ),
        Text(
            "Bỏ thư này (motcua deadletter discard); muốn sửa đồng hồ thì gửi clock.corrected mới.",
            "Discard the letter (motcua deadletter discard); to correct the clock send a new clock.corrected.",
        ),
    ),
    "deadletter_without_bytes": Message(
        Text("Không giữ nội dung", "The content is not kept"),
        Text(
            "Nội dung của thư chết {value} không được giữ (có thể là dữ liệu cá nhân, hoặc quá dài).",
            "The content of the dead letter {value} is not kept (it may be personal, or is too long).",
        ),
        Text(
            "Phát lại với nội dung đã sửa (motcua deadletter replay --file), hoặc bỏ thư này.",
            "Replay it with corrected content (motcua deadletter replay --file), or discard it.",
        ),
    ),
    "deadletter_filter": Message(
        Text("Bộ lọc sai", "Wrong filter"),
        Text("{field} không hiểu được giá trị {value}.", "{field} does not take {value}."),
        Text("Dùng `next` của trang trước.", "Use `next` of the page before."),
    ),
}
