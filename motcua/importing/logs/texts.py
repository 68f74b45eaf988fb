"""What people are told about the traces and events of process logs, by code."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["LOG_TEXTS"]

#: What is wrong, then what to do.
LOG_TEXTS: Final[dict[str, Text]] = {
    "event_outside_trace": Text(
        "Sự kiện ở dòng {line} của tệp nằm ngoài mọi trace nên không biết thuộc hồ sơ nào. Đưa vào trace của hồ sơ,"
        " hoặc ghi vào file.case tên thuộc tính giữ mã hồ sơ.",
        "The event at line {line} of the file stands outside every trace, so its case is unknown. Move it into the"
        " trace of its case, or name in file.case the attribute that holds the case.",
    ),
    "event_misplaced": Text(
        "Sự kiện ở dòng {line} của tệp nằm trong {inside}, không nằm ngay trong một trace của nhật ký. Đưa vào trace"
        " của hồ sơ.",
        "The event at line {line} of the file stands in {inside}, not directly in a trace of the log. Move it into the"
        " trace of its case.",
    ),
    "event_without_case": Text(
        "Sự kiện ở dòng {line} của tệp nằm ngoài mọi trace và không có thuộc tính '{attribute}' (file.case). Bổ sung"
        " thuộc tính này.",
        "The event at line {line} of the file stands outside every trace and has no attribute '{attribute}' (file"
        ".case). Give it that attribute.",
    ),
    "trace_misplaced": Text(
        "Trace ở dòng {line} của tệp nằm trong {inside}, không nằm ngay trong log. Đưa ra ngoài.",
        "The trace at line {line} of the file stands in {inside}, not directly in the log. Move it out.",
    ),
    "log_empty": Text(
        "{file} không có {what} nào. Kiểm tra tệp, hoặc đổi row trong tệp ánh xạ.",
        "{file} has no {what}. Check the file, or change row in the mapping.",
    ),
    "log_without_traces": Text(
        "{file} là nhật ký gồm {count} sự kiện không nằm trong trace nào, nên không biết sự kiện thuộc hồ sơ nào. Trong"
        " tệp ánh xạ, đặt row: event và ghi thuộc tính giữ mã hồ sơ: file: {{ case: {example} }}. Các thuộc tính:"
        " {names}.",
        "{file} is a log of {count} events without traces, so it is unknown to which case each belongs. In the mapping,"
        " set row: event and name the attribute that holds the case: file: {{ case: {example} }}. The attributes:"
        " {names}.",
    ),
    "no_case_attribute": Text(
        "Không sự kiện nào nằm ngoài trace có thuộc tính '{attribute}'.{hint} Các thuộc tính: {names}.",
        "No event outside the traces has an attribute '{attribute}'.{hint} The attributes: {names}.",
    ),
    "case_needs_events": Text(
        "file.case chỉ dùng với row: event: ngoài trace chỉ có sự kiện. Đổi row hoặc bỏ khoá này.",
        "file.case only goes with row: event: outside traces there are only events. Change row or remove the key.",
    ),
    "only_for_logs": Text(
        "Tệp dữ liệu không phải nhật ký quy trình (XES) nên không dùng '{key}'. Bỏ khoá này.",
        "The data file is no process log (XES), so '{key}' has no meaning. Remove the key.",
    ),
}
