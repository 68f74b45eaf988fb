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
}
