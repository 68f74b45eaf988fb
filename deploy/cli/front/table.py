"""The table of the commands: name, where it is, one line of help. Imports none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["COMMANDS", "Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of the top level.

    Args:
        name: what is typed.
        place: its function, or its group of commands, as `module:name` below deploy.cli.
        help: one line, Vietnamese / English.
    """

    name: str
    place: str
    help: str


#: In the order in which help lists them.
COMMANDS: Final = (
    Entry("up", "stack:up", "Bật hệ thống / start the stack."),
    Entry("down", "stack:down", "Tắt hệ thống, giữ dữ liệu / stop the stack, keep the data."),
    Entry("status", "stack:status", "Tình trạng từng tiến trình / how each process is."),
    Entry("version", "stack:show_version", "Phiên bản / version."),
    Entry("doctor", "doctor:doctor", "Tìm lỗi và cách sửa / find what is wrong and the remedy."),
    Entry("import", "importing:import_file", "Nhập tệp CSV, XLSX, XES, NDJSON / import a file."),
    Entry("simulate", "simulating:simulate", "Chạy tỉnh mô phỏng / play the simulated province."),
    Entry("index", "figures:index", "Chỉ số theo kỳ / figures of a period."),
    Entry("dossiers", "lists:dossiers", "Danh sách hồ sơ / dossiers by state, or behind a figure."),
    Entry("due-list", "lists:due_list", "Việc đến hạn và quá hạn theo người giữ / what is due, by who holds it."),
    Entry("steps", "routing:steps", "Thời gian giữ hồ sơ theo bước so với định mức / steps against their budgets."),
    Entry("blame", "routing:blame", "Trễ do đâu / whose delay it is."),
    Entry("bottlenecks", "routing:bottlenecks", "Điểm nghẽn / where time over budget is spent."),
    Entry("dossier", "dossier:dossier", "Một hồ sơ và căn cứ của nó / one dossier and what it rests on."),
    Entry("slip", "slip:slip", "Phiếu kiểm soát quá trình giải quyết (mẫu 06) / the routing slip."),
    Entry("apology", "slip:apology", "Dự thảo thư xin lỗi (mẫu 04) / the draft of an apology."),
    Entry("journal", "journal:journal", "Sổ nhật ký / the journal."),
    Entry("export", "exporting:export", "Xuất sổ nhật ký, dữ kiện ra tệp / journal and facts as files."),
    Entry("rebuild", "rebuilding:rebuild", "Suy ra lại tất cả, đối chiếu, chuyển / derive all anew, compare, switch."),
    Entry("backup", "backing_up:backup", "Sao lưu sổ nhật ký / back up the journal."),
    Entry("restore", "backing_up:restore", "Khôi phục từ bản sao lưu / restore from a backup."),
    Entry("grow", "growing:grow", "Tăng số phân vùng của sổ nhật ký / give the journal more partitions."),
    Entry("demo", "demo:demo", "Bản trình diễn với tỉnh mô phỏng / the demo with a simulated province."),
    Entry("demo-clean", "demo:demo_clean", "Xóa dữ liệu trình diễn / remove the demo's data."),
    Entry("key", "keys:key", "Tạo những khóa đầu tiên / make the first keys: `motcua key --folder keys`."),
    Entry("units", "units:units", "Đơn vị / units."),
    Entry("procedures", "procedures:procedures", "Thủ tục hành chính / procedures."),
    Entry("revise", "revising:revise", "Sửa lịch, quy tắc, thủ tục, tuyến, đơn vị / revise reference data."),
    Entry("agency", "agency:agency", "Cơ quan nối phần mềm riêng / agencies with software of their own."),
    Entry("deadletter", "deadletters:deadletter", "Thư chết: bản ghi không hiểu được / dead letters."),
    Entry("due", "due:due", "Tính hạn trả / when a term ends."),
    Entry("calendar", "calendars:calendars", "Lịch làm việc / working-time calendars."),
)
