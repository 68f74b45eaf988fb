"""Problems that only intake answers with: why an entry or a batch was refused, and what 503 means there."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

_REFUSED = Text("Mục bị từ chối", "Entry refused")
_FORBIDDEN = Text("Không có quyền", "Not allowed")
_MALFORMED = Text("Nội dung sai dạng", "Malformed content")

_TOO_MUCH = Text("Gửi quá nhanh", "Sent too fast")
_LATER = Text(
    "Gửi lại sau số giây trong Retry-After với cùng `id`; cần nhanh hơn thì đề nghị quản trị đặt mức riêng cho khoá.",
    "Send it again after Retry-After seconds with the same `id`; for more, ask the administrator for an own rate.",
)

MESSAGES: Final[dict[str, Message]] = {
    "not_an_object": Message(
        _MALFORMED,
        Text(
            "Nội dung phải là một đối tượng JSON (CloudEvents 1.0).",
            "The body must be a JSON object (CloudEvents 1.0).",
        ),
        Text(
            "Gửi một mục mỗi yêu cầu, hoặc nhiều mục theo dòng tới /v1/entries:batch.",
            "Send one entry a request, or many, one a line, to /v1/entries:batch.",
        ),
    ),
    "several_in_a_message": Message(
        _MALFORMED,
        Text(
            "Bản ghi của hộp gửi phải là một đối tượng JSON (CloudEvents 1.0), không phải một lô nhiều mục.",
            "A message of an outbox must be one JSON object (CloudEvents 1.0), not a batch of several entries.",
        ),
        Text(
            "Gửi mỗi mục của lô thành một bản ghi riêng của hộp gửi, khoá là mã hồ sơ.",
            "Send each entry of the batch as a message of its own to the outbox, with the dossier code as key.",
        ),
    ),
    "binary_mode": Message(
        _MALFORMED,
        Text(
            "Mục được gửi ở chế độ nhị phân của CloudEvents (binary mode): thuộc tính nằm trong tiêu đề "
            "({headers_shown}), nội dung chỉ có data.",
            "The entry came in CloudEvents' binary mode: its attributes are in the headers ({headers_shown}), and the "
            "body holds the data alone.",
        ),
        Text(
            "Gửi ở chế độ có cấu trúc (structured mode): đặt mọi thuộc tính (specversion, type, source, id, subject, "
            "time) và data vào một đối tượng JSON, content-type application/cloudevents+json; thư viện CloudEvents có "
            "lựa chọn này.",
            "Send it in structured mode: all attributes (specversion, type, source, id, subject, time) and data in one "
            "JSON object, content-type application/cloudevents+json; libraries for CloudEvents have a setting for it.",
        ),
    ),
    "duplicate_member": Message(
        _MALFORMED,
        Text("Thành viên {field} xuất hiện hai lần.", "The member {field} occurs twice."),
        Text("Chỉ giữ một thành viên {field}.", "Keep only one member {field}."),
    ),
    "too_deep": Message(
        _MALFORMED,
        Text("JSON lồng quá sâu.", "The JSON is nested too deep."),
        Text("Dữ liệu của một mục chỉ có vài cấp; xem /docs.", "An entry's data has a few levels only; see /docs."),
    ),
    "too_many_members": Message(
        _MALFORMED,
        Text("Một đối tượng JSON có hơn {limit} thành viên.", "One JSON object has more than {limit} members."),
        Text(
            "Mỗi loại mục chỉ có vài thành viên; bỏ phần không có trong /docs.",
            "An entry type has a few members only; leave out what is not at /docs.",
        ),
    ),
    "too_many_values": Message(
        _MALFORMED,
        Text("Mục có hơn {limit} giá trị.", "The entry has more than {limit} values."),
        Text(
            "Chia thành nhiều phiên bản, ví dụ lịch theo từng giai đoạn.",
            "Split it into several versions, such as a calendar by periods.",
        ),
    ),
    "unknown_type": Message(
        _REFUSED,
        Text("Không có loại mục {value}.", "There is no entry type {value}."),
        Text("Dùng một loại trong: {expected}.", "Use one of: {expected}."),
    ),
    "data_missing": Message(
        _REFUSED,
        Text("Thiếu trường data.", "The member data is missing."),
        Text(
            'Gửi data theo loại mục ({{}} nếu không có gì); "data": null để rút lại mục này.',
            'Send the type\'s data ({{}} when there is none); "data": null withdraws this entry.',
        ),
    ),
    "wrong_due": Message(
        _REFUSED,
        Text("{field} không phải ngày hẹn hợp lệ.", "{field} is not a valid due date."),
        Text(
            "Dùng ngày 2026-08-25 (hết giờ ngày đó) hoặc thời điểm 2026-08-25T17:00:00+07:00, năm 1900–2199.",
            "Use a date 2026-08-25 (closing time is meant) or an instant 2026-08-25T17:00:00+07:00, years 1900–2199.",
        ),
    ),
    "empty_rating": Message(
        _REFUSED,
        Text("Đánh giá không nói gì.", "The rating says nothing."),
        Text("Gửi verdict (like, dislike) hoặc score (0–100).", "Send verdict (like, dislike) or score (0–100)."),
    ),
    "personal_field": Message(
        _REFUSED,
        Text(
            "Trường {field} mang dữ liệu cá nhân, không được đưa vào sổ sự kiện.",
            "The field {field} holds personal data, which the journal does not take.",
        ),
        Text(
            "Bỏ trường {field}; hồ sơ được nhận biết bằng mã hồ sơ, không bằng tên người.",
            "Remove the field {field}; a dossier is known by its code, not by a person's name.",
        ),
    ),
    "revision_taken": Message(
        _REFUSED,
        Text(
            "Mục {id} với revision {value} đã được nhận với nội dung khác.",
            "The entry {id} was accepted already with other content under the revision {value}.",
        ),
        Text(
            "Để sửa mục đó, gửi với revision cao hơn; nếu là việc khác, dùng `id` khác.",
            "To correct it, send it with a higher revision; if it tells something else, use another `id`.",
        ),
    ),
    "other_zone": Message(
        _REFUSED,
        Text(
            "Lịch dùng múi giờ {value}, còn hệ thống này dùng {zone}.",
            "The calendar is of the time zone {value}, this stack of {zone}.",
        ),
        Text(
            "Bỏ trường {field} nếu giờ làm việc ghi theo giờ {zone}; múi giờ khác cần một hệ thống khác.",
            "Leave out {field} if its hours are those of {zone}; another zone needs a stack of its own.",
        ),
    ),
    "clock_is_live": Message(
        _REFUSED,
        Text(
            "Hệ thống chạy theo giờ thật nên không nhận {value}.",
            "This stack runs on the live clock, so it takes no {value}.",
        ),
        Text(
            "Dùng hệ thống khởi động với `--clock data`; trên giờ thật chỉ khoá admin gửi được clock.corrected.",
            "Use a stack started with `--clock data`; on the live clock only an admin key may send clock.corrected.",
        ),
    ),
    "future_time": Message(
        _REFUSED,
        Text(
            "Thời điểm {value} muộn hơn hiện tại ({now}) quá {limit} giây.",
            "The time {value} is later than now ({now}) by more than {limit} seconds.",
        ),
        Text(
            "Kiểm tra đồng hồ và múi giờ của hệ thống gửi; một mục chỉ nói điều đã xảy ra.",
            "Check the sending system's clock and offset; an entry tells what has happened.",
        ),
    ),
    "simulated_on_real": Message(
        _REFUSED,
        Text("Hệ thống thật không nhận mục mô phỏng.", "This stack is real and takes no simulated entries."),
        Text(
            "Gửi tới hệ thống khởi động với `--simulated`, hoặc bỏ `simulated` nếu dữ liệu là thật.",
            "Send it to a stack started with `--simulated`, or leave out `simulated` if the data are real.",
        ),
    ),
    "real_on_simulated": Message(
        _REFUSED,
        Text("Hệ thống mô phỏng không nhận mục thật.", "This stack is simulated and takes no real entries."),
        Text(
            'Thêm "simulated": true nếu dữ liệu là mô phỏng, hoặc gửi tới hệ thống thật.',
            'Add "simulated": true if the data are simulated, or send it to a real stack.',
        ),
    ),
    "source_not_granted": Message(
        _FORBIDDEN,
        Text("Khoá này không được nói thay nguồn {value}.", "This key may not speak for the source {value}."),
        Text(
            "Dùng một nguồn của khoá (GET /v1/senders/me), hoặc đề nghị quản trị cấp thêm.",
            "Use a source of the key (GET /v1/senders/me), or ask the administrator to add it.",
        ),
    ),
    "unit_not_granted": Message(
        _FORBIDDEN,
        Text("Khoá này không được nêu đơn vị {value}.", "This key may not name the unit {value}."),
        Text(
            "Dùng một đơn vị của khoá (GET /v1/senders/me), hoặc đề nghị quản trị cấp thêm.",
            "Use a unit of the key (GET /v1/senders/me), or ask the administrator to add it.",
        ),
    ),
    "unsupported_encoding": Message(
        _MALFORMED,
        Text("Không nhận Content-Encoding {value}.", "The Content-Encoding {value} is not taken."),
        Text("Gửi không nén hoặc nén gzip.", "Send it plain or gzipped."),
    ),
    "broken_gzip": Message(
        _MALFORMED,
        Text("Nội dung không phải gzip nguyên vẹn.", "The body is not intact gzip."),
        Text("Nén lại rồi gửi, hoặc gửi không nén.", "Compress it again and send it, or send it plain."),
    ),
    "too_many_gzip_members": Message(
        _MALFORMED,
        Text("Nội dung gzip gồm hơn {limit} phần.", "The gzip body has more than {limit} members."),
        Text("Nén cả nội dung thành một phần rồi gửi.", "Compress the whole body as one member and send it."),
    ),
    "too_many_lines": Message(
        Text("Lô quá lớn", "Batch too large"),
        Text("Lô có hơn {limit} dòng.", "The batch has more than {limit} lines."),
        Text("Chia thành các lô tối đa {limit} dòng.", "Split it into batches of at most {limit} lines."),
    ),
    "line_too_long": Message(
        _REFUSED,
        Text("Dòng này dài hơn {limit} byte.", "This line is longer than {limit} bytes."),
        Text("Một mục chỉ gồm mã và thời điểm; bỏ phần thừa.", "An entry is codes and times; leave out the rest."),
    ),
    "outcome_unknown": Message(
        Text("Chưa rõ kết quả", "Outcome unknown"),
        Text(
            "Chưa được xác nhận kịp; chưa biết mục đã được ghi hay chưa.",
            "There was no confirmation in time; the entry is not known to be accepted.",
        ),
        Text(
            "Gửi lại với cùng `id`; mục đã ghi rồi chỉ được tính một lần.",
            "Send it again with the same `id`; an entry that was written counts once.",
        ),
    ),
    "disk_short": Message(
        Text("Sắp hết chỗ trên đĩa", "The disk is nearly full"),
        Text(
            "Đĩa của {value} còn {free}, ít hơn mức phải chừa {least}; không nhận thêm trước khi đầy đĩa.",
            "The disk of {value} has {free} left, less than the {least} that must stay free; nothing more is accepted.",
        ),
        Text(
            "Báo đơn vị vận hành dọn chỗ (docs/guides/operations.md); có chỗ thì tự nhận lại, hãy gửi lại sau.",
            "Tell the operators to make room (docs/guides/operations.md); then it goes on by itself: send again later.",
        ),
    ),
    "broker_disk": Message(
        Text("Kafka không ghi được xuống đĩa", "Kafka cannot write to its disk"),
        Text(
            "Kafka vừa báo lỗi đĩa (KAFKA_STORAGE_ERROR), không nhận thêm bản ghi.",
            "Kafka told of an error of its disk (KAFKA_STORAGE_ERROR); nothing more is accepted.",
        ),
        Text(
            "Báo đơn vị vận hành xem đĩa của các máy Kafka: đầy hay hỏng; Kafka ghi được thì tự nhận lại, hãy gửi sau.",
            "Tell the operators to look at the brokers' disks; once they can write it goes on by itself: send later.",
        ),
    ),
    "journal_mismatch": Message(
        Text("Sổ sự kiện không khớp cấu hình", "The journal does not match the settings"),
        Text(
            "Sổ sự kiện có {found} phân vùng, cấu hình nói {expected}; ghi tiếp sẽ làm lạc hồ sơ.",
            "The journal has {found} partitions, the settings say {expected}; writing would misplace dossiers.",
        ),
        Text(
            "Báo đơn vị vận hành: đặt MOTCUA_PARTITIONS đúng với chủ đề, hoặc tạo thế hệ mới của sổ sự kiện.",
            "Tell the operators: set MOTCUA_PARTITIONS to the topic's count, or make a new journal generation.",
        ),
    ),
    "sender_exists": Message(
        Text("Hệ thống gửi đã có", "The sender exists"),
        Text("Đã có hệ thống gửi {value}.", "There is a sender {value} already."),
        Text(
            "Chọn tên khác; để đổi khoá, xoá (DELETE) rồi tạo lại.",
            "Choose another name; to change its key, DELETE it and create it anew.",
        ),
    ),
    "sender_unknown": Message(
        Text("Không có hệ thống gửi này", "No such sender"),
        Text("Không có hệ thống gửi {value}.", "There is no sender {value}."),
        Text("Xem danh sách tại GET /v1/senders.", "See the list at GET /v1/senders."),
    ),
    "rate_limited_entries": Message(
        _TOO_MUCH,
        Text(
            "Bên gửi {value} đã gửi nhiều hơn {limit} mục mỗi giây; chưa nhận gì của yêu cầu này.",
            "The sender {value} sent more than {limit} entries a second; nothing of this request was accepted.",
        ),
        _LATER,
    ),
    "rate_limited_bytes": Message(
        _TOO_MUCH,
        Text(
            "Bên gửi {value} đã gửi nhiều hơn {limit} byte mỗi giây; chưa nhận gì của yêu cầu này.",
            "The sender {value} sent more than {limit} bytes a second; nothing of this request was accepted.",
        ),
        _LATER,
    ),
}
