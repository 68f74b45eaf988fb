"""What people are told where rows were written again: nothing is wrong with the figures, but with a machine."""

from __future__ import annotations

from shared.catalogue.base import Meters
from shared.notes import Note

__all__ = ["healed_notes"]


def healed_notes(meters: Meters) -> list[str]:
    """A note once this process has written rows again since it began.

    Args:
        meters: processing's metrics.
    """
    counter = meters.counter("motcua_processing_healed_rows_total")
    samples = [sample for metric in counter.collect() for sample in metric.samples if sample.name.endswith("_total")]
    healed = {sample.labels["partition"]: int(sample.value) for sample in samples if sample.value}
    if not healed:
        return []
    count, where = sum(healed.values()), ", ".join(sorted(healed, key=int))
    return [
        Note(
            f"{count} rows were written again in partitions {where}, since older ones had come to lie behind them; the "
            "figures are right",
            "look for a machine that stood still (memory, a paused virtual machine) when processing's log says so; "
            "this is told until the replica is started again",
            vi=f"{count} dòng dữ kiện ở phân vùng {where} đã được ghi lại vì có bản cũ hơn nằm sau; số liệu vẫn đúng",
            vi_remedy="tìm máy đã bị treo (thiếu bộ nhớ, máy ảo tạm dừng) vào lúc ghi trong nhật ký của processing; "
            "thông báo này còn cho tới khi bản đó khởi động lại",
        )
    ]
