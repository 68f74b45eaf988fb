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
        place: its function, or its group of commands, as `module:name` below motcua.cli.
        help: one line, Vietnamese / English.
    """

    name: str
    place: str
    help: str


#: In the order in which help lists them.
COMMANDS: Final = (
    Entry("up", "stack.up:up", "Bật hệ thống / start the stack."),
    Entry("down", "stack.up:down", "Tắt hệ thống, giữ dữ liệu / stop the stack, keep the data."),
    Entry("status", "stack.up:status", "Tình trạng từng tiến trình / how each process is."),
    Entry("version", "stack.up:show_version", "Phiên bản / version."),
    Entry("doctor", "stack.doctor:doctor", "Tìm lỗi và cách sửa / find what is wrong and the remedy."),
    Entry("import", "data.importing:import_file", "Nhập tệp CSV, XLSX, XES, NDJSON / import a file."),
    Entry("simulate", "data.simulate:simulate", "Chạy tỉnh mô phỏng / play the simulated province."),
    Entry("index", "figures.index:index", "Chỉ số theo kỳ / figures of a period."),
    Entry("dossiers", "figures.dossiers:dossiers", "Danh sách hồ sơ / dossiers by state, or behind a figure."),
    Entry(
        "due-list",
        "figures.dossiers:due_list",
        "Việc đến hạn và quá hạn theo người giữ / what is due, by who holds it.",
    ),
    Entry(
        "steps", "figures.steps:steps", "Thời gian giữ hồ sơ theo bước so với định mức / steps against their budgets."
    ),
    Entry("blame", "figures.steps:blame", "Trễ do đâu / whose delay it is."),
    Entry("bottlenecks", "figures.steps:bottlenecks", "Điểm nghẽn / where time over budget is spent."),
    Entry("dossier", "figures.dossier:dossier", "Một hồ sơ và căn cứ của nó / one dossier and what it rests on."),
    Entry("petition", "figures.petitions:petition", "Một phản ánh, kiến nghị / one petition and what it rests on."),
    Entry("petitions", "figures.petitions:petitions", "Danh sách phản ánh, kiến nghị / petitions by state."),
    Entry("entered", "figures.entered:entered", "Số liệu nhập từ bên ngoài / figures from outside."),
    Entry("slip", "figures.slip:slip", "Phiếu kiểm soát quá trình giải quyết (mẫu 06) / the routing slip."),
    Entry("apology", "figures.slip:apology", "Dự thảo thư xin lỗi (mẫu 04) / the draft of an apology."),
    Entry("journal", "data.journal:journal", "Sổ nhật ký / the journal."),
    Entry("export", "data.export:export", "Xuất sổ nhật ký, dữ kiện ra tệp / journal and facts as files."),
    Entry(
        "rebuild",
        "stack.rebuild:rebuild",
        "Suy ra lại tất cả, đối chiếu, chuyển / derive all anew, compare, switch.",
    ),
    Entry("prune", "stack.prune:prune", "Xóa kỷ nguyên không còn cần / remove epochs that nobody needs any more."),
    Entry("backup", "stack.backup:backup", "Sao lưu sổ nhật ký / back up the journal."),
    Entry("restore", "stack.backup:restore", "Khôi phục từ bản sao lưu / restore from a backup."),
    Entry("grow", "stack.grow:grow", "Tăng số phân vùng của sổ nhật ký / give the journal more partitions."),
    Entry("demo", "stack.demo:demo", "Bản trình diễn với tỉnh mô phỏng / the demo with a simulated province."),
    Entry("demo-clean", "stack.demo:demo_clean", "Xóa dữ liệu trình diễn / remove the demo's data."),
    Entry("key", "stack.key:key", "Tạo những khóa đầu tiên / make the first keys: `motcua key --folder keys`."),
    Entry("units", "reference.units:units", "Đơn vị / units."),
    Entry("procedures", "reference.procedures:procedures", "Thủ tục hành chính / procedures."),
    Entry("revise", "reference.revise:revise", "Sửa lịch, quy tắc, thủ tục, tuyến, đơn vị / revise reference data."),
    Entry("agency", "agencies.agency:agency", "Cơ quan nối phần mềm riêng / agencies with software of their own."),
    Entry("deadletter", "deadletters.deadletter:deadletter", "Thư chết: bản ghi không hiểu được / dead letters."),
    Entry("due", "reference.due:due", "Tính hạn trả / when a term ends."),
    Entry("calendar", "reference.calendar:calendars", "Lịch làm việc / working-time calendars."),
)
