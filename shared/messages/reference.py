"""What makes a reference entry unfit: calendars, procedures, routes, units and rules that contradict themselves."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

_PROCEDURE = Text("Thủ tục không hợp lệ", "Invalid procedure")
_ROUTE = Text("Quy trình không hợp lệ", "Invalid route")
_UNIT = Text("Đơn vị không hợp lệ", "Invalid unit")
_RULE = Text("Quy tắc không hợp lệ", "Invalid rule version")

MESSAGES: Final[dict[str, Message]] = {
    "validity_reversed": Message(
        Text("Thời hạn hiệu lực không hợp lệ", "Invalid validity"),
        Text(
            "Ngày hết hiệu lực {value} trước ngày có hiệu lực {first}.",
            "The last day of validity {value} lies before the first {first}.",
        ),
        Text(
            "Sửa valid_from hoặc valid_to; cả hai ngày được tính.", "Correct valid_from or valid_to; both days count."
        ),
    ),
    "term_twice": Message(
        _PROCEDURE,
        Text(
            "{field} nêu lại thời hạn của cùng kênh và cùng loại như {other}.",
            "{field} gives a term of the same channel and kind as {other}.",
        ),
        Text("Chỉ giữ một thời hạn cho mỗi kênh và loại.", "Keep one term for each channel and kind."),
    ),
    "term_not_countable": Message(
        _PROCEDURE,
        Text("Không tính được thời hạn {value} ở {field}.", "The term {value} at {field} cannot be counted."),
        Text(
            "Dùng số nguyên cho ngày theo lịch và tháng; nhiều nhất {limit}.",
            "Use a whole number for calendar days and months; at most {limit}.",
        ),
    ),
    "committed_too_long": Message(
        _PROCEDURE,
        Text(
            "Thời hạn cam kết {value} dài hơn thời hạn theo luật ({limit_vi}).",
            "The committed term {value} is longer than the statutory one ({limit_en}).",
        ),
        Text("Cam kết không quá thời hạn theo luật.", "Commit to no more than the statutory term."),
    ),
    "route_without_steps": Message(
        _ROUTE,
        Text("Quy trình không có bước nào.", "The route has no steps."),
        Text(
            'Nêu ít nhất một bước; để bỏ quy trình, gửi "data": null.',
            'Give at least one step; to withdraw the route, send "data": null.',
        ),
    ),
    "step_twice": Message(
        _ROUTE,
        Text("Bước {value} ở {field} đã có ở {other}.", "The step {value} at {field} is at {other} already."),
        Text("Đặt tên khác cho mỗi bước.", "Give each step a name of its own."),
    ),
    "step_without_owner": Message(
        _ROUTE,
        Text("Bước {step} không có ai phụ trách.", "The step {step} has no owner."),
        Text(
            "Nêu unit (đơn vị) hoặc role (vai trò trong đơn vị xử lý).",
            "Give a unit, or a role in the handling unit.",
        ),
    ),
    "step_with_two_owners": Message(
        _ROUTE,
        Text("Bước {step} có cả đơn vị và vai trò phụ trách.", "The step {step} has both a unit and a role as owner."),
        Text("Chỉ giữ một trong unit và role.", "Keep one of unit and role."),
    ),
    "unknown_step": Message(
        _ROUTE,
        Text(
            "Bước {step} nối sau bước {value} không có trong quy trình.",
            "The step {step} comes after {value}, which the route does not have.",
        ),
        Text("Dùng một trong các bước: {expected}.", "Use one of the steps: {expected}."),
    ),
    "route_cycle": Message(
        _ROUTE,
        Text("Các bước nối thành vòng: {value}.", "The steps go in a circle: {value}."),
        Text(
            "Sửa after của một bước trong vòng; trả lại bước trước là step.sent_back, không phải after.",
            "Correct `after` of a step of the circle; sending back is step.sent_back, not `after`.",
        ),
    ),
    "unknown_route_unit": Message(
        _ROUTE,
        Text(
            "Bước {step} giao cho đơn vị {value} chưa đăng ký.", "The step {step} is of the unregistered unit {value}."
        ),
        Text(
            "Sửa mã đơn vị, hoặc đăng ký đơn vị (unit.revised) trước.",
            "Correct the unit's code, or register the unit first (unit.revised).",
        ),
    ),
    "route_over_term": Message(
        _ROUTE,
        Text(
            "Các bước {steps} cần {value} phút làm việc, quá thời hạn {limit} phút của thủ tục.",
            "The steps {steps} take {value} working minutes, more than the procedure's term of {limit}.",
        ),
        Text(
            "Giảm budget của các bước đó, hoặc sửa thời hạn của thủ tục trước.",
            "Lower the budgets of these steps, or revise the procedure's term first.",
        ),
    ),
    "budget_too_long": Message(
        _ROUTE,
        Text(
            "Bước {step} có {value} phút làm việc, quá giới hạn {limit}.",
            "The step {step} has {value} working minutes, above the limit of {limit}.",
        ),
        Text("Nêu budget bằng phút làm việc (8 giờ là 480).", "Give the budget in working minutes (8 hours are 480)."),
    ),
    "own_parent": Message(
        _UNIT,
        Text("Đơn vị {value} là cấp trên của chính nó.", "The unit {value} is its own parent."),
        Text("Nêu đơn vị cấp trên, hoặc bỏ parent.", "Name the unit above, or leave out parent."),
    ),
    "own_successor": Message(
        _UNIT,
        Text("Đơn vị {value} kế thừa chính nó.", "The unit {value} is its own successor."),
        Text("Nêu đơn vị kế thừa, hoặc bỏ successor.", "Name the unit that takes over, or leave out successor."),
    ),
    "unit_cycle": Message(
        _UNIT,
        Text("Quan hệ cấp trên thành vòng: {path}.", "The units above go in a circle: {path}."),
        Text("Sửa parent của một đơn vị trong vòng.", "Correct the parent of a unit of the circle."),
    ),
    "unit_row_too_long": Message(
        _UNIT,
        Text(
            "{field}: từ {value} có hơn {limit} đơn vị nối tiếp nhau.",
            "{field}: from {value} on, more than {limit} units follow one another.",
        ),
        Text("Sửa parent hoặc successor của các đơn vị này.", "Correct the parents or successors of these units."),
    ),
    "successor_cycle": Message(
        _UNIT,
        Text("Quan hệ kế thừa thành vòng: {path}.", "The successors go in a circle: {path}."),
        Text("Sửa successor của một đơn vị trong vòng.", "Correct the successor of a unit of the circle."),
    ),
    "unknown_rule": Message(
        _RULE,
        Text("Không có quy tắc {value}.", "There is no rule {value}."),
        Text("Dùng {expected}.", "Use {expected}."),
    ),
    "unknown_parameter": Message(
        _RULE,
        Text("Quy tắc không có tham số {value}.", "The rule has no parameter {value}."),
        Text("Dùng một trong các tham số: {expected}.", "Use one of the parameters: {expected}."),
    ),
    "wrong_parameter": Message(
        _RULE,
        Text("Không đọc được giá trị {value} của {field}.", "The value {value} of {field} cannot be read."),
        Text("Dùng một giá trị dạng: {expected}.", "Use a value of the form: {expected}."),
    ),
}
