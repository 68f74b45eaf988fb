"""What is wrong with a working-time calendar: its hours, seasons, days and swaps."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

_TITLE = Text("Lịch làm việc không hợp lệ", "Invalid working-time calendar")

MESSAGES: Final[dict[str, Message]] = {
    "calendar_zone_unknown": Message(
        _TITLE,
        Text("{field}: không có múi giờ {value}.", "{field}: there is no time zone {value}."),
        Text(
            "Dùng tên IANA, ví dụ Asia/Ho_Chi_Minh hoặc Europe/Paris.",
            "Use an IANA name, such as Asia/Ho_Chi_Minh or Europe/Paris.",
        ),
    ),
    "calendar_without_hours": Message(
        _TITLE,
        Text("{field}: không ngày nào có giờ làm việc.", "{field}: no day has working hours."),
        Text(
            "Cho ít nhất một ngày một phiên, ví dụ mon: [07:30-11:30, 13:00-17:00].",
            "Give at least one weekday a session, such as mon: [07:30-11:30, 13:00-17:00].",
        ),
    ),
    "calendar_seasons_without_week": Message(
        _TITLE,
        Text("{field}: có mùa nhưng không có week.", "{field}: there are seasons but no week."),
        Text(
            "Thêm week (giờ ngoài mùa), hoặc bỏ seasons nếu chỉ bổ sung ngày.",
            "Add week (the hours outside the seasons), or leave out seasons if only days are added.",
        ),
    ),
    "calendar_session_reversed": Message(
        _TITLE,
        Text("{field}: phiên {value} kết thúc trước khi bắt đầu.", "{field}: session {value} ends before it begins."),
        Text(
            "Sửa giờ. Ca qua nửa đêm dài nhất 12 giờ, ví dụ 22:00-06:00, tính vào ngày bắt đầu; ca dài hơn viết thành "
            "hai phần: {until_midnight} ở ngày này và phần từ 00:00 ở ngày sau.",
            "Correct it. A shift over midnight is 12 hours at most, such as 22:00-06:00, and belongs to the day on"
            " which it begins; write a longer one in two parts: {until_midnight} on this day, the part from 00:00 on"
            " the next.",
        ),
    ),
    "calendar_shift_runs_into_next": Message(
        _TITLE,
        Text(
            "{field}: ca {value} kéo sang giờ làm việc của ngày sau ({other}).",
            "{field}: the shift {value} runs into the hours of the next day ({other}).",
        ),
        Text("Cho ca kết thúc trước giờ đó, hoặc sửa giờ của ngày sau.", "End it before, or correct the next day."),
    ),
    "calendar_zone_without_week": Message(
        _TITLE,
        Text(
            "{field}: múi giờ {value} nhưng không có week, nên giờ làm việc sẽ là của {under} ({zone}).",
            "{field}: the zone is {value} but there is no week, so the hours would be those of {under} ({zone}).",
        ),
        Text(
            "Thêm week với giờ của cơ quan; nếu chỉ bổ sung ngày cho một lịch đã có, bỏ zone.",
            "Add week with the office's hours; if the file only adds days to a calendar that is there, leave out zone.",
        ),
    ),
    "calendar_last_minute_lost": Message(
        _TITLE,
        Text(
            "{field}: phiên {value} bỏ mất phút cuối (giờ kết thúc không tính vào phiên).",
            "{field}: session {value} leaves out its last minute (an end is no part of a session).",
        ),
        Text("Nếu làm đến hết giờ, viết {wanted}.", "If it is worked to the full hour, write {wanted}."),
    ),
    "calendar_shift_over_midnight": Message(
        _TITLE,
        Text(
            "{field}: {value} là ca qua nửa đêm, {hours} giờ, tính cả vào ngày bắt đầu.",
            "{field}: {value} is a shift over midnight of {hours} hours; all of it is of the day on which it begins.",
        ),
        Text("Nếu không phải vậy, sửa giờ kết thúc.", "If that is not meant, correct its end."),
    ),
    "calendar_sessions_overlap": Message(
        _TITLE,
        Text("{field}: phiên {value} chồng lên phiên {other}.", "{field}: session {value} overlaps session {other}."),
        Text("Sửa giờ để các phiên nối tiếp nhau.", "Correct the hours so that sessions follow one another."),
    ),
    "calendar_no_such_day": Message(
        _TITLE,
        Text("{field}: không có ngày {value} (tháng-ngày).", "{field}: there is no day {value} (month-day)."),
        Text("Dùng một ngày có thật, ví dụ 04-30.", "Use a day that exists, such as 04-30."),
    ),
    "calendar_seasons_overlap": Message(
        _TITLE,
        Text(
            "{field}: mùa bắt đầu {value} chồng lên mùa {other}.", "{field}: the season from {value} overlaps {other}."
        ),
        Text(
            "Sửa first hoặc last để mỗi ngày thuộc nhiều nhất một mùa.",
            "Correct first or last so that a day lies in one season at most.",
        ),
    ),
    "calendar_day_twice": Message(
        _TITLE,
        Text("{field}: ngày {value} đã có ở days[{other}].", "{field}: the day {value} is already at days[{other}]."),
        Text("Giữ một dòng cho mỗi ngày.", "Keep one line for each day."),
    ),
    "calendar_day_out_of_range": Message(
        _TITLE,
        Text("{field}: ngày {value} nằm ngoài 1900-2199.", "{field}: the day {value} is outside 1900-2199."),
        Text("Sửa năm.", "Correct the year."),
    ),
    "calendar_day_before_version": Message(
        _TITLE,
        Text(
            "{field}: ngày {value} trước valid_from {valid_from}, nên không có hiệu lực.",
            "{field}: the day {value} lies before valid_from {valid_from}, so it has no effect.",
        ),
        Text("Sửa ngày, hoặc lùi valid_from.", "Correct the day, or put valid_from earlier."),
    ),
    "calendar_hours_of_day_off": Message(
        _TITLE,
        Text(
            "{field}: ngày {value}: working và sessions mâu thuẫn.",
            "{field}: of the day {value}: working and sessions contradict each other.",
        ),
        Text(
            "Ngày làm việc: working: true và ít nhất một phiên (hoặc bỏ sessions); ngày nghỉ: bỏ sessions.",
            "A day worked: working: true and at least one session (or no sessions member); a day off: no sessions.",
        ),
    ),
    "calendar_pair_without_swap": Message(
        _TITLE,
        Text(
            "{field}: ngày {day} có pair {value} nhưng kind không phải swap.",
            "{field}: the day {day} has the pair {value} but is no swap.",
        ),
        Text("Ghi kind: swap, hoặc bỏ pair.", "Write kind: swap, or leave out pair."),
    ),
    "calendar_swap_without_pair": Message(
        _TITLE,
        Text(
            "{field}: ngày hoán đổi {value} không nói đổi với ngày nào.",
            "{field}: the swapped day {value} does not say for which day.",
        ),
        Text("Thêm pair: ngày kia của cặp hoán đổi.", "Add pair: the other day of the swap."),
    ),
    "calendar_swap_unmatched": Message(
        _TITLE,
        Text(
            "{field}: ngày {day} đổi với {value}, nhưng ngày {value} không đổi lại với ngày này.",
            "{field}: the day {day} is swapped for {value}, but {value} is not swapped for it.",
        ),
        Text("Thêm ngày kia: {wanted}", "Add the other day: {wanted}"),
    ),
    "calendar_not_yaml": Message(
        _TITLE,
        Text("Tệp không phải YAML: {reason}.", "The file is no YAML: {reason}."),
        Text("Sửa dòng này; xem docs/guides/deadlines.vi.md.", "Correct this line; see docs/guides/deadlines.md."),
    ),
    "calendar_file_too_large": Message(
        _TITLE,
        Text("Tệp lớn hơn {limit} ký tự.", "The file is larger than {limit} characters."),
        Text("Chia thành nhiều lịch.", "Divide it into several calendars."),
    ),
    "calendar_not_a_mapping": Message(
        _TITLE,
        Text("{field}: không phải tệp lịch.", "{field}: this is no calendar file."),
        Text(
            "Bắt đầu bằng 'calendar: tên' và 'week:'; xem docs/guides/deadlines.vi.md.",
            "Begin with 'calendar: name' and 'week:'; see docs/guides/deadlines.md.",
        ),
    ),
    "calendar_yaml_alias": Message(
        _TITLE,
        Text("{field}: tệp lịch không dùng neo (& *).", "{field}: a calendar file uses no anchors (& *)."),
        Text("Viết lại nội dung ở chỗ này.", "Write the content out here."),
    ),
    "calendar_key_twice": Message(
        _TITLE,
        Text("{field}: có hai lần.", "{field}: stands here twice."),
        Text("Giữ một.", "Keep one of them."),
    ),
    "calendar_unknown_key": Message(
        _TITLE,
        Text("{field}: tệp lịch không có mục này.", "{field}: a calendar file has no such key."),
        Text(
            "Bỏ đi hoặc sửa tên theo docs/guides/deadlines.vi.md.",
            "Remove it or correct its name by docs/guides/deadlines.md.",
        ),
    ),
    "calendar_session_form": Message(
        _TITLE,
        Text("{field}: {value} không phải một phiên làm việc.", "{field}: {value} is no session."),
        Text("Viết HH:MM-HH:MM, ví dụ 07:30-11:30 hoặc 22:00-24:00.", "Write HH:MM-HH:MM, such as 07:30-11:30."),
    ),
    "calendar_month_day_form": Message(
        _TITLE,
        Text("{field}: {value} không phải tháng-ngày.", "{field}: {value} is no month-day."),
        Text("Viết MM-DD, ví dụ 04-15 (ngày 15 tháng 4).", "Write MM-DD, such as 04-15 (15 April)."),
    ),
    "calendar_days_of_unknown": Message(
        _TITLE,
        Text("{field}: không có lịch {value}.", "{field}: there is no calendar {value}."),
        Text("Dùng một trong: {known}.", "Use one of: {known}."),
    ),
    "calendar_year_not_pinned": Message(
        _TITLE,
        Text("{field}: chưa có ngày lễ nào của năm {year}.", "{field}: no holiday of {year} is in the calendar."),
        Text(
            "Chạy `motcua calendar pin` cho năm {year} rồi chép các ngày vào tệp.",
            "Run `motcua calendar pin` for {year} and copy its days into the file.",
        ),
    ),
    "calendar_days_estimated": Message(
        _TITLE,
        Text(
            "{field}: {count} ngày của năm {year} mới là dự tính ({days}).",
            "{field}: {count} days of {year} are only estimated ({days}).",
        ),
        Text(
            "Khi có thông báo của năm {year}, sửa các ngày này và ghi số văn bản vào document.",
            "Once the announcement for {year} is out, correct these days and name it as their document.",
        ),
    ),
    "calendar_swaps_missing": Message(
        _TITLE,
        Text(
            "{field}: chưa có ngày hoán đổi của năm {year}; chưa ngày nào của năm ghi văn bản.",
            "{field}: swapped days of {year} are missing; no day of the year names its document.",
        ),
        Text(
            "Thêm từng cặp hoán đổi (kind: swap, pair, document); nếu năm {year} không hoán đổi, ghi document cho"
            " các ngày Tết.",
            "Add each swap (kind: swap, pair, document); if {year} has none, name the document at the days of Tết.",
        ),
    ),
    "calendar_too_large": Message(
        _TITLE,
        Text(
            "{field}: lịch {calendar} cùng các phiên bản và lịch bên dưới có {value} ngày, mùa và phiên bản, "
            "quá {limit}.",
            "{field}: with its versions and what it lies over, calendar {calendar} has {value} days, seasons and"
            " versions, more than {limit}.",
        ),
        Text(
            "Rút lại phiên bản không còn dùng, hoặc bỏ bớt ngày; ngày như thứ trong tuần thì không cần nêu.",
            "Withdraw versions that are not used any more, or name fewer days; one that is as its weekday need not be.",
        ),
    ),
    "calendar_never_works": Message(
        _TITLE,
        Text(
            "{field}: lịch {calendar} không có ngày làm việc nào trong mười hai tháng từ {first}; mọi hạn theo lịch "
            "này sẽ trống.",
            "{field}: calendar {calendar} has no working day in the twelve months from {first} on; every due date by it"
            " would be empty.",
        ),
        Text(
            "Sửa ngày hoặc giờ; nếu đúng là như vậy, ghi no_working_days: true.",
            "Correct its days or hours; where this is meant, say no_working_days: true.",
        ),
    ),
}
