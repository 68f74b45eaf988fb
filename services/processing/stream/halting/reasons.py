"""What is stored does not belong to what is there: the reasons to stand, each with its remedy. Decides nothing."""

from __future__ import annotations

from services.processing.stream.checkpoint import Checkpoint, Standstill
from shared.notes import Note

__all__ = ["another_entry", "another_reference", "another_reference_set", "offsets_gone", "other_partitions"]


def other_partitions(checkpoint: Checkpoint, partitions: int) -> Standstill:
    """The journal has another number of partitions."""
    return Standstill(
        "partition_count",
        Note(
            f"derived from a journal of {checkpoint.partitions} partitions, it has {partitions} now",
            "a new generation needs a new epoch: `motcua rebuild`",
            vi=f"được suy ra từ sổ nhật ký {checkpoint.partitions} phân vùng, nay có {partitions}",
            vi_remedy="thế hệ mới cần kỷ nguyên mới: `motcua rebuild`",
        ),
    )


def another_reference(checkpoint: Checkpoint, version: str) -> Standstill:
    """The built-in reference data are of another version."""
    return Standstill(
        "reference_version",
        Note(
            f"derived with reference data {checkpoint.reference}, this is {version}",
            "derive a new epoch: `motcua rebuild`",
            vi=f"được suy ra với dữ liệu tham chiếu {checkpoint.reference}, bản này là {version}",
            vi_remedy="suy ra kỷ nguyên mới: `motcua rebuild`",
        ),
    )


def another_reference_set(checkpoint: Checkpoint, version: str) -> Standstill:
    """The stored reference entries are not the set the checkpoint speaks of."""
    return Standstill(
        "reference_set",
        Note(
            f"the stored reference entries below offset {checkpoint.next} make set {version}, the checkpoint has "
            f"{checkpoint.known}: the database was changed or restored in part",
            "derive a new epoch: `motcua rebuild`",
            vi=f"các bản ghi tham chiếu đã lưu dưới offset {checkpoint.next} tạo thành bộ {version}, điểm ghi nhớ có "
            f"{checkpoint.known}: cơ sở dữ liệu bị sửa hoặc chỉ khôi phục một phần",
            vi_remedy="suy ra kỷ nguyên mới: `motcua rebuild`",
        ),
    )


def another_entry(checkpoint: Checkpoint) -> Standstill:
    """At the place handled last another entry stands."""
    return Standstill(
        "anchor_mismatch",
        Note(
            f"the entry at offset {checkpoint.next - 1} is not the one handled ({checkpoint.last}): the journal was "
            "recreated or restored",
            "put the right one back, or derive a new epoch: `motcua rebuild`",
            vi=f"bản ghi ở offset {checkpoint.next - 1} không phải bản đã xử lý ({checkpoint.last}): sổ nhật ký đã bị "
            "tạo lại hoặc khôi phục",
            vi_remedy="đặt lại đúng sổ, hoặc suy ra kỷ nguyên mới: `motcua rebuild`",
        ),
    )


def offsets_gone(what: str) -> Standstill:
    """The topic has no such offsets any more; `what` are positions."""
    return Standstill(
        "offset_out_of_range",
        Note(
            f"{what}: the topic was recreated or truncated",
            "put the right one back, or derive a new epoch: `motcua rebuild`",
            vi=f"{what}: chủ đề đã bị tạo lại hoặc cắt bớt",
            vi_remedy="đặt lại đúng chủ đề, hoặc suy ra kỷ nguyên mới: `motcua rebuild`",
        ),
    )
