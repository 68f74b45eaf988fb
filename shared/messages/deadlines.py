"""What is said of a dossier's deadlines: where each due date comes from, how it was kept, what was odd. No logic.

`{name}` is where a parameter goes; moments, terms and amounts are filled in in the reader's language.
"""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["FINDINGS", "REJECTIONS", "SENTENCES"]

#: How a due date came about and what was made of it.
SENTENCES: Final[dict[str, Text]] = {
    "rules": Text(
        "Quy tắc thời hạn, phiên bản {rule}; lịch {calendar}, phiên bản {version}.",
        "Deadline rules, version {rule}; calendar {calendar}, version {version}.",
    ),
    "procedure": Text(
        "Thủ tục {procedure}, phiên bản {version} có hiệu lực khi tiếp nhận.",
        "Procedure {procedure}, version {version}, in force at acceptance.",
    ),
    "no_procedure": Text(
        "Chưa có phiên bản thủ tục nào có hiệu lực khi tiếp nhận, nên không tính được thời hạn theo thủ tục.",
        "No version of the procedure was in force at acceptance, so no term follows from it.",
    ),
    "promised": Text("Ngày hẹn trả trên giấy tiếp nhận: {due}.", "Promised on the receipt: {due}."),
    "committed": Text(
        "Thời hạn cam kết của thủ tục, {term}: {due}.", "Committed term of the procedure, {term}: {due}."
    ),
    "statutory": Text(
        "Thời hạn theo quy định của thủ tục, {term}: {due}.", "Statutory term of the procedure, {term}: {due}."
    ),
    "supplement_pause": Text(
        "Công dân đã bổ sung lúc {since}; hạn lùi đúng thời gian làm việc đã tạm dừng, {paused}: {due}.",
        "The dossier was completed at {since}; the due date moves by the working time of the pause, {paused}: {due}.",
    ),
    "supplement_new_date": Text(
        "Công dân đã bổ sung lúc {since}; ngày hẹn trả mới: {due}.",
        "The dossier was completed at {since}; new promised date: {due}.",
    ),
    "fee_pause": Text(
        "Đã hết chờ nghĩa vụ tài chính lúc {since}; hạn lùi đúng thời gian làm việc đã tạm dừng, {paused}: {due}.",
        "The wait for the fee ended at {since}; the due date moves by the working time of the pause, {paused}: {due}.",
    ),
    "extension": Text(
        "Gia hạn lúc {since} đến {due}; hạn cũ {before} vẫn giữ để thống kê.",
        "Extended at {since} to {due}; the old due date {before} is kept for statistics.",
    ),
    "no_due": Text("Hồ sơ không có hạn trả.", "The dossier has no due date."),
    "statutory_own": Text(
        "Hạn theo quy định ghi trên giấy tiếp nhận: {due}.", "Latest date by law, as told by the receipt: {due}."
    ),
    "statutory_moved": Text(
        "Hạn theo quy định, tính cả thời gian tạm dừng: {due}.", "Latest date by law, pauses included: {due}."
    ),
    "committed_moved": Text(
        "Hạn theo cam kết, tính cả thời gian tạm dừng: {due}.", "Date by the committed term, pauses included: {due}."
    ),
    "after_cutoff": Text(
        "Tiếp nhận sau {cutoff}, nên coi như tiếp nhận vào ngày làm việc tiếp theo.",
        "Received after {cutoff}, so it counts as received on the next working day.",
    ),
    "passed_over": Text("Bỏ qua: {day}.", "Passed over: {day}."),
    "counted": Text("Tính cả: {day}.", "Counted: {day}."),
    "limit": Text(
        "Không có hạn trả; tối đa {term} tính từ khi tiếp nhận, trừ thời gian tạm dừng: {due}.",
        "No due date; at most {term} from acceptance, pauses left out: {due}.",
    ),
    "pause_supplement": Text(
        "Tạm dừng chờ công dân bổ sung từ {begin} đến {end}: {paused}.",
        "Stopped for a supplement from {begin} to {end}: {paused}.",
    ),
    "pause_fee": Text(
        "Tạm dừng chờ nghĩa vụ tài chính từ {begin} đến {end}: {paused}.",
        "Stopped for a fee from {begin} to {end}: {paused}.",
    ),
    "pause_supplement_open": Text(
        "Đang tạm dừng chờ công dân bổ sung từ {begin}.", "Stopped for a supplement since {begin}."
    ),
    "pause_fee_open": Text("Đang tạm dừng chờ nghĩa vụ tài chính từ {begin}.", "Stopped for a fee since {begin}."),
    "waiting_unpaused": Text(
        "Yêu cầu bổ sung lúc {begin} đưa ra sau hạn nên không dời hạn.",
        "The supplement asked for at {begin} came after the due date, so it moves nothing.",
    ),
    "intake": Text(
        "Nộp lúc {begin}; phải trả lời tiếp nhận trong {minutes} làm việc: {due}.",
        "Submitted at {begin}; to be answered within {minutes} of working time: {due}.",
    ),
    "intake_in_time": Text("Đã trả lời lúc {end}, trong hạn.", "Answered at {end}, in time."),
    "intake_late": Text("Đã trả lời lúc {end}, quá hạn tiếp nhận.", "Answered at {end}, late."),
    "intake_open": Text("Chưa trả lời, còn hạn.", "Not answered yet, within term."),
    "intake_overdue": Text("Chưa trả lời, đã quá hạn tiếp nhận.", "Not answered yet, overdue."),
    "step_within": Text(
        "Bước {step}, {unit}: {used} trên định mức {budget}, trong định mức.",
        "Step {step}, {unit}: {used} of a budget of {budget}, within it.",
    ),
    "step_over": Text(
        "Bước {step}, {unit}: {used} trên định mức {budget}, vượt {over}.",
        "Step {step}, {unit}: {used} of a budget of {budget}, {over} over it.",
    ),
    "step_no_budget": Text(
        "Bước {step}, {unit}: {used}, không có định mức.", "Step {step}, {unit}: {used}, without budget."
    ),
    "step_ahead": Text("Bước {step}, {unit}: chưa bắt đầu.", "Step {step}, {unit}: not begun."),
    "step_again": Text("Bước {step}, {unit}: phải làm lại.", "Step {step}, {unit}: to be done again."),
    "unassigned": Text("chưa giao", "unassigned"),
    "entitled": Text(
        "Được xử lý hồ sơ: nơi gửi có khóa bao gồm {parties}.",
        "May act on the dossier: senders whose keys cover {parties}.",
    ),
    "entitled_coded": Text("{unit} (đơn vị trong mã hồ sơ)", "{unit} (the unit in its code)"),
    "entitled_receiving": Text("{unit} (đơn vị tiếp nhận)", "{unit} (the receiving unit)"),
    "entitled_chain": Text(
        "đơn vị chịu trách nhiệm lúc đó hay về sau ({units})", "a unit accountable then or later ({units})"
    ),
    "either": Text("{first}, hoặc {second}", "{first}, or {second}"),
    "no_unit": Text("không có đơn vị", "no unit"),
    "all_units": Text("mọi đơn vị", "all units"),
    "further_units": Text("{units} và {more} đơn vị nữa", "{units} and {more} more"),
    "steps_over_dossier_in_time": Text(
        "Có bước vượt định mức nhưng hồ sơ không quá hạn.", "A step is over its budget, yet the dossier is not late."
    ),
    "steps_within_dossier_late": Text(
        "Mọi bước trong định mức nhưng hồ sơ quá hạn.", "Every step kept its budget, yet the dossier is late."
    ),
    "verdict_instant": Text(
        "Theo thời điểm (chỉ số 766): {verdict}; so {compared} với {due}.",
        "By the instant (index 766): {verdict}; {compared} against {due}.",
    ),
    "verdict_date": Text(
        "Theo ngày (biểu II.06a): {verdict}; so {compared} với {due}.",
        "By the date (report II.06a): {verdict}; {compared} against {due}.",
    ),
    "verdict_original": Text(
        "Theo hạn gốc, không tính gia hạn: {verdict}; so {compared} với {due}.",
        "By the original due date, without extension: {verdict}; {compared} against {due}.",
    ),
    "nothing": Text("không có hạn", "no due date"),
    "on_time": Text("đúng hạn", "on time"),
    "late": Text("quá hạn", "late"),
    "early": Text("trước hạn", "early"),
    "same_day": Text("đúng hạn", "on the day"),
    "within_term": Text("còn hạn", "within term"),
    "overdue": Text("quá hạn", "overdue"),
    "second_request": Text(
        "Yêu cầu bổ sung lần hai lúc {since}: tính là quá hạn theo chỉ số 766, không theo biểu II.06a.",
        "Second supplement request at {since}: late for index 766, not for report II.06a.",
    ),
    "judged_at_request": Text(
        "Kết thúc khi yêu cầu bổ sung chưa được trả lời, nên xét tại lúc yêu cầu.",
        "Ended while a request was unanswered, so it is judged at the request.",
    ),
    "apology_ahead": Text(
        "Mẫu {form}: còn {hours} giờ đến hạn {due}; đề nghị hẹn lại {proposed}.",
        "Form {form}: {hours} hours to go until {due}; proposed new date {proposed}.",
    ),
    "apology_late": Text(
        "Mẫu {form}: quá hạn {due} {days} ngày làm việc; đề nghị hẹn lại {proposed}.",
        "Form {form}: {days} working days past {due}; proposed new date {proposed}.",
    ),
    "end_by_kind": Text(
        "Kết thúc do rút, dừng hoặc từ chối tính là đúng hạn trong biểu II.06a.",
        "An end by withdrawal, stop or refusal counts as on time in report II.06a.",
    ),
}

#: Findings by code: {source} and {id} name the entry.
FINDINGS: Final[dict[str, Text]] = {
    "conflicting_content": Text(
        "Mục {id} của {source} được gửi hai lần với nội dung khác nhau.",
        "Entry {id} of {source} was sent twice with different contents.",
    ),
    "second_acceptance": Text(
        "Mục {id} của {source}: tiếp nhận lần nữa; lần đầu có hiệu lực.",
        "Entry {id} of {source}: accepted again; the first acceptance counts.",
    ),
    "end_without_acceptance": Text(
        "Mục {id} của {source}: kết thúc một hồ sơ chưa tiếp nhận.",
        "Entry {id} of {source} ends a dossier that was not accepted.",
    ),
    "entry_before_acceptance": Text(
        "Mục {id} của {source} ghi thời điểm trước khi tiếp nhận, nên không có hiệu lực.",
        "Entry {id} of {source} is dated before acceptance, so it has no effect.",
    ),
    "step_after_finish": Text(
        "Mục {id} của {source}: một bước ghi sau khi hồ sơ kết thúc.",
        "Entry {id} of {source}: a step dated after the dossier ended.",
    ),
    "second_end": Text(
        "Mục {id} của {source}: kết thúc lần nữa.", "Entry {id} of {source} ends the dossier once more."
    ),
    "finish_before_acceptance": Text(
        "Mục {id} của {source}: kết thúc trước khi tiếp nhận; tính tại lúc tiếp nhận.",
        "Entry {id} of {source}: ended before acceptance; it counts at acceptance.",
    ),
    "entry_after_finish": Text(
        "Mục {id} của {source} ghi sau khi hồ sơ kết thúc, nên không có hiệu lực.",
        "Entry {id} of {source} is dated after the end, so it has no effect.",
    ),
    "receipt_without_request": Text(
        "Mục {id} của {source}: bổ sung khi không có yêu cầu.",
        "Entry {id} of {source}: a supplement nobody had asked for.",
    ),
    "extension_without_effect": Text(
        "Mục {id} của {source}: gia hạn không có hiệu lực: quá muộn, lần thứ hai, không lùi hạn, hoặc không có hạn.",
        "Entry {id} of {source}: an extension without effect: too late, a second one, to no later date, or no due.",
    ),
    "extension_without_apology": Text(
        "Mục {id} của {source}: gia hạn mà không có thư xin lỗi trước hạn cũ.",
        "Entry {id} of {source}: extended without an apology sent by the due date it replaces.",
    ),
    "promised_later_than_law": Text(
        "Mục {id} của {source}: ngày hẹn trả muộn hơn hạn theo quy định.",
        "Entry {id} of {source}: promised later than the law allows.",
    ),
    "promised_differs": Text(
        "Mục {id} của {source}: ngày hẹn trả khác ngày tính theo thời hạn của thủ tục.",
        "Entry {id} of {source}: promised another date than the procedure's term gives.",
    ),
    "calendar_not_made": Text(
        "Mục {id} của {source}: không lập được lịch làm việc của đơn vị; tính theo lịch bên dưới nó.",
        "Entry {id} of {source}: the unit's calendar cannot be made; counted by the one it lies over.",
    ),
    "too_many_entries": Text(
        "Hồ sơ đã đủ số mục cho phép; các mục sau không được nhận.",
        "The dossier has as many entries as it may have; later ones are not taken.",
    ),
    "too_many_not_entitled": Text(
        "Hồ sơ đã đủ số mục được giữ của nơi gửi không có quyền; các mục sau của họ không được nhận.",
        "The dossier keeps no more entries of senders who are not entitled to it; later ones of theirs are not taken.",
    ),
    "not_entitled": Text(
        "Mục {id} của {source}: nơi gửi không có quyền xử lý hồ sơ này, nên không có hiệu lực.",
        "Entry {id} of {source}: its sender may not act on this dossier, so it has no effect.",
    ),
    "contested_acceptance": Text(
        "Mục {id} của {source}: nhiều nơi cùng tiếp nhận, không nơi nào có quyền với đơn vị trong mã hồ sơ; mục sớm"
        " nhất có hiệu lực.",
        "Entry {id} of {source}: accepted by several, none of whom may act for the unit in the code;"
        " the earliest counts.",
    ),
    "contested_submission": Text(
        "Mục {id} của {source}: nhiều nơi cùng báo nộp, không nơi nào có quyền với đơn vị trong mã hồ sơ; mục sớm"
        " nhất có hiệu lực.",
        "Entry {id} of {source}: submitted by several, none of whom may act for the unit in the code;"
        " the earliest counts.",
    ),
    "contested_petition": Text(
        "Mục {id} của {source}: nhiều nơi cùng tiếp nhận một phản ánh, kiến nghị; mục sớm nhất có hiệu lực.",
        "Entry {id} of {source}: a petition that several received; the earliest counts.",
    ),
    "petition_old_form": Text(
        "Mục {id} của {source}: mục về phản ánh, kiến nghị theo dạng cũ (`subject` không phải mã của chính nó); không"
        " tính vào số liệu nào.",
        "Entry {id} of {source}: about a petition in the old form (its subject is not the petition's code); in no"
        " figure.",
    ),
    "petition_not_received": Text(
        "Mục {id} của {source}: phản ánh, kiến nghị chưa có mục tiếp nhận; không tính vào số liệu nào.",
        "Entry {id} of {source}: a petition that nobody received; in no figure.",
    ),
    "step_not_in_route": Text(
        "Mục {id} của {source}: bước không có trong quy trình; ghi nhận như đã báo cáo.",
        "Entry {id} of {source}: a step the route does not have; kept as reported.",
    ),
    "step_out_of_order": Text(
        "Mục {id} của {source}: bước thực hiện trước lượt.", "Entry {id} of {source}: a step before its turn."
    ),
    "step_done_twice": Text(
        "Mục {id} của {source}: bước đã xong từ trước; không có hiệu lực.",
        "Entry {id} of {source}: a step done already; no effect.",
    ),
    "sent_back_nowhere": Text(
        "Mục {id} của {source}: trả lại một bước không nằm trước đó; tính như không nêu bước.",
        "Entry {id} of {source}: sent back to a step that is not before it; taken as if none were named.",
    ),
}

#: Why an entry was rejected, by code.
REJECTIONS: Final[dict[str, Text]] = {
    "not_the_owner": Text(
        "Mục {id} của {source} bị từ chối: {unit} không thực hiện bước {step}; đơn vị thực hiện là {owner}.",
        "Entry {id} of {source} was rejected: {unit} does not own step {step}; its owner is {owner}.",
    ),
    "not_entitled": Text(
        "Mục {id} của {source} bị từ chối: khóa của nơi gửi bao gồm {grant}, không có đơn vị nào được làm việc này; đơn"
        " vị chịu trách nhiệm lúc đó là {owner}.",
        "Entry {id} of {source} was rejected: its sender's key covers {grant}, no unit that may do this;"
        " accountable then was {owner}.",
    ),
}
