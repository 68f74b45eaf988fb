"""What is said where something does not go on by itself: no waiting and no reading again brings it back. Plain data."""

from __future__ import annotations

from shared.notes import Note

__all__ = ["not_evaluated", "other_partitions", "shortened"]


def shortened(topic: str) -> Note:
    """The topic's beginning or end is gone, or it is another topic of that name: it was read anew as it is."""
    return Note(
        f"{topic} was shortened or made anew: rows are missing from it, and figures are of what is left",
        "derive them anew: `motcua rebuild`; then see who may change that topic, and whether the broker lost data",
        vi=f"{topic} đã bị cắt bớt hoặc bị tạo lại: thiếu dữ kiện hồ sơ, số liệu chỉ còn theo phần còn lại",
        vi_remedy="suy ra lại: `motcua rebuild`; rồi xem ai được sửa chủ đề đó và broker có mất dữ liệu không",
    )


def other_partitions(topic: str, actual: int, wanted: int) -> Note:
    """The topic has another number of partitions than is meant; nothing of it is read."""
    return Note(
        f"{topic} has {actual} partitions, not {wanted}",
        f"set MOTCUA_PARTITIONS to {actual} and start metrics again, or make an epoch live that has {wanted}",
        vi=f"{topic} có {actual} phân vùng, không phải {wanted}",
        vi_remedy=f"đặt MOTCUA_PARTITIONS={actual} rồi khởi động lại metrics, hoặc chuyển sang kỷ nguyên có {wanted}",
    )


def not_evaluated(reason: str) -> Note:
    """No figure can be evaluated, so none is exported; it is tried again, and fails as long as the cause stands."""
    return Note(
        f"figures cannot be evaluated ({reason})",
        "report the log of metrics; figures come back once the record they stumble over is replaced",
        vi=f"không tính được số liệu ({reason})",
        vi_remedy="báo nhóm phát triển kèm nhật ký của metrics; có lại số liệu khi bản ghi gây lỗi được thay",
    )
