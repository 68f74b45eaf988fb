"""What people are told about mapping files, rows and imports, by code, in Vietnamese and English."""

from __future__ import annotations

from typing import Final

from motcua.importing.contents.texts import CONTENT_TEXTS
from motcua.importing.encodings.texts import ENCODING_TEXTS
from motcua.importing.html.texts import HTML_TEXTS
from motcua.importing.logs.texts import LOG_TEXTS
from motcua.importing.moments.texts import MOMENT_TEXTS
from motcua.importing.quoting.texts import QUOTING_TEXTS
from motcua.importing.repeats.texts import REPEATS_TEXTS
from motcua.importing.report.kinds import NOTE_TEXTS
from motcua.importing.texts_forms import FORM_TEXTS
from shared.messages.base import Text

__all__ = ["TEXTS"]

_ROWS: Final[dict[str, Text]] = {
    "ragged_row": Text(
        "Dòng có {cells} ô, tiêu đề có {columns}. Sửa dòng này, hoặc đặt file.short_rows: fill nếu chỉ thiếu ô cuối.",
        "The row has {cells} cells, the header {columns}. Correct it, or set file.short_rows: fill if only last cells"
        " are missing.",
    ),
    "line_too_long": Text(
        "Dòng dài hơn {limit} ký tự. Kiểm tra file.encoding và dấu xuống dòng.",
        "The line is longer than {limit} characters. Check file.encoding and the line ends.",
    ),
    "wrong_encoding": Text(
        "Cột {column} có byte không đọc được theo {encoding}. Sửa ô này hoặc file.encoding.",
        "Column {column} has bytes that are not {encoding}. Correct the cell or file.encoding.",
    ),
    "no_dossier": Text(
        "Không có mã hồ sơ (dossier: {value}). Bổ sung mã vào dòng này.",
        "No dossier code (dossier: {value}). Give the row its code.",
    ),
    "no_source": Text("Không có nguồn (source). Bổ sung ô này.", "No source. Fill the cell it comes from."),
    "no_id": Text("Mục id rỗng. Bổ sung ô mà id lấy từ đó.", "The id is empty. Fill the cell it comes from."),
    "time_not_understood": Text(
        "{field}: '{value}' không khớp định dạng nào ({formats}). Sửa ô hoặc thêm định dạng vào formats.",
        "{field}: '{value}' fits none of the formats ({formats}). Correct the cell or add its format to formats.",
    ),
    "not_in_map": Text(
        "{field}: giá trị '{value}' không có trong map. Thêm vào map, hoặc bỏ strict.",
        "{field}: the value '{value}' is not in the map. Add it to the map, or leave out strict.",
    ),
    "not_a_number": Text(
        "{field}: '{value}' không phải số nguyên. Sửa ô, hoặc đặt thousands cho dấu phân nhóm.",
        "{field}: '{value}' is no whole number. Correct the cell, or set thousands for grouped digits.",
    ),
    "not_a_boolean": Text(
        "{field}: '{value}' không phải có/không. Dùng map để đổi thành true hoặc false.",
        "{field}: '{value}' is neither yes nor no. Use a map that gives true or false.",
    ),
    "contradiction": Text(
        "Dòng này nói khác dòng {first_line} về '{entry}' của hồ sơ; giữ nội dung dòng {first_line}.",
        "This row contradicts line {first_line} about the dossier's '{entry}'; what line {first_line} says is kept.",
    ),
    "entry_too_large": Text(
        "Mục lớn hơn {limit} byte. Rút ngắn nội dung.", "The entry is larger than {limit} bytes. Shorten it."
    ),
    "line_not_json": Text(
        "Dòng không phải đối tượng JSON ({reason}). Mỗi dòng là một mục CloudEvents.",
        "The line is no JSON object ({reason}). Each line is one CloudEvents entry.",
    ),
    "unknown_type": Text(
        "Không có loại mục '{value}'. Xem các loại trong docs/contract/journal.schema.json.",
        "There is no entry type '{value}'. See the types in docs/contract/journal.schema.json.",
    ),
}

_MISTAKES: Final[dict[str, Text]] = {
    "yaml": Text(
        "YAML không đúng: {reason}. Kiểm tra thụt lề (dấu cách, không dùng tab) và đặt nháy kép quanh giá trị có"
        ' dấu {{ }} hoặc ": ".',
        "Not valid YAML: {reason}. Check the indentation (spaces, no tabs) and put double quotes round values with"
        ' {{ }} or ": ".',
    ),
    "yaml_alias": Text(
        "Không dùng neo YAML (& và *). Viết lại giá trị, hoặc đặt bảng giá trị vào maps.",
        "YAML anchors (& and *) are not used here. Write the value out, or put value maps under maps.",
    ),
    "not_a_mapping": Text(
        "Tệp phải gồm các dòng `khoá: giá trị`. Xem docs/guides/import.vi.md.",
        "The file must consist of `key: value` lines. See docs/guides/import.md.",
    ),
    "key_twice": Text("Khoá '{key}' viết hai lần. Bỏ một.", "The key '{key}' stands here twice. Remove one."),
    "unknown_key": Text(
        "Không có khoá '{key}'.{hint} Các khoá ở đây: {keys}.",
        "There is no key '{key}'.{hint} The keys here: {keys}.",
    ),
    "key_missing": Text("Thiếu khoá '{key}'. Thêm vào đây.", "The key '{key}' is missing. Add it here."),
    "quotes_needed": Text(
        'Đặt nháy kép quanh giá trị: "{{{column}}}".', 'Put double quotes round the value: "{{{column}}}".'
    ),
    "value_missing": Text(
        'Chưa có giá trị. Viết một hằng, "{{cột}}", hoặc column: cột.',
        'No value. Write a constant, "{{column}}", or column: name.',
    ),
    "one_origin": Text("Cần đúng một trong column, text, first.", "Give exactly one of column, text, first."),
    "strict_without_map": Text(
        "strict chỉ dùng cùng map. Thêm map hoặc bỏ strict.", "strict needs a map. Add a map or leave out strict."
    ),
    "empty_condition": Text(
        "Điều kiện cần is, not, matches hoặc empty.", "A condition needs is, not, matches or empty."
    ),
    "not_allowed": Text(
        "Giá trị '{value}' không hợp lệ; dùng {expected}.", "'{value}' is not allowed; use {expected}."
    ),
    "wrong_kind": Text("'{value}' không đúng dạng: {expected}.", "'{value}' has the wrong form: {expected}."),
    "no_such_type": Text(
        "Không có loại mục '{value}'.{hint} Các loại: {types}.",
        "There is no entry type '{value}'.{hint} The types: {types}.",
    ),
    "type_not_for_files": Text(
        "Loại '{value}' không đọc từ tệp (đồng hồ và dữ liệu tham chiếu). Bỏ mục này.",
        "'{value}' does not come from files (clock and reference entries). Remove it.",
    ),
    "no_such_field": Text(
        "{type} không có trường '{field}'.{hint} Các trường: {fields}.",
        "{type} has no field '{field}'.{hint} Its fields: {fields}.",
    ),
    "field_missing": Text(
        "{type} cần trường '{field}'. Thêm vào data.", "{type} needs the field '{field}'. Add it to data."
    ),
    "field_not_for_files": Text(
        "Trường '{field}' là một danh sách, không lấy được từ một ô. Bỏ trường này; dùng step.assigned cho từng bước.",
        "'{field}' is a list and cannot come from a cell. Remove it; use step.assigned for each step.",
    ),
    "name_twice": Text(
        "Hai mục cùng tên '{value}', nên id sẽ trùng. Đặt name khác nhau.",
        "Two entries are named '{value}', so their ids would be the same. Give each its own name.",
    ),
    "time_missing": Text(
        "Mục này không có time, và đầu tệp cũng không. Thêm time.",
        "This entry has no time, and neither has the mapping. Add time.",
    ),
    "bad_template": Text(
        "Dấu ngoặc nhọn không khớp trong '{value}'. Viết {{cột}}, hoặc {{{{ và }}}} cho chính dấu ngoặc.",
        "The braces in '{value}' do not match. Write {{column}}, or {{{{ and }}}} for braces themselves.",
    ),
    "no_such_column": Text(
        "Tệp dữ liệu không có cột '{column}'.{hint} Các cột: {columns}.{delimiter_hint}",
        "The data file has no column '{column}'.{hint} Its columns: {columns}.{delimiter_hint}",
    ),
    "column_twice": Text(
        "Tệp dữ liệu có hai cột tên '{column}'. Đặt tên cột bằng file.columns (và file.header_line).",
        "The data file has two columns named '{column}'. Name the columns by file.columns.",
    ),
    "bad_format": Text(
        "'{value}' không đọc ra ngày. Dùng iso, unix, unix_ms, excel, hoặc dạng như %d/%m/%Y %H:%M.",
        "'{value}' does not name a day. Use iso, unix, unix_ms, excel, or a form such as %d/%m/%Y %H:%M.",
    ),
    "bad_zone": Text(
        "'{value}' không phải múi giờ IANA. Dùng tên như Asia/Ho_Chi_Minh.",
        "'{value}' is no IANA time zone. Use a name such as Asia/Ho_Chi_Minh.",
    ),
    "bad_pattern": Text(
        "Biểu thức chính quy '{value}' không đúng: {reason}. Sửa biểu thức.",
        "The regular expression '{value}' is wrong: {reason}. Correct it.",
    ),
    "bad_encoding": Text(
        "Không có bảng mã '{value}'. Dùng tên như utf-8, utf-16, windows-1258.",
        "There is no encoding '{value}'. Use one such as utf-8, utf-16, windows-1258.",
    ),
    "bad_character": Text("'{value}' phải là một ký tự{or_word}.", "'{value}' must be one character{or_word}."),
    "no_such_map": Text(
        "Không có bảng '{value}' trong maps.{hint} Thêm vào maps.",
        "There is no map '{value}' under maps.{hint} Add it there.",
    ),
    "bad_sequence": Text(
        "'{value}' không phải thứ tự; dùng row, row_reversed, first, last, một số nguyên, hoặc \"{{cột}}\".",
        "'{value}' is no order; use row, row_reversed, first, last, a whole number, or \"{{column}}\".",
    ),
    "bad_constant": Text(
        "Hằng '{value}' không dùng được cho {field}: {reason}", "The constant '{value}' does not fit {field}: {reason}"
    ),
    "mapping_mistakes": Text("Tệp ánh xạ có {count} lỗi.", "The mapping file has {count} mistakes."),
}

_IMPORTS: Final[dict[str, Text]] = {
    "file_away": Text(
        "Không đọc được {file}: {reason}. Kiểm tra đường dẫn và quyền đọc.",
        "Cannot read {file}: {reason}. Check the path and the permission.",
    ),
    "file_broken": Text(
        "{file} hỏng hoặc chưa đủ ({reason}). Tải lại tệp rồi chạy lại lệnh; phần đã nhận không bị nhân đôi.",
        "{file} is damaged or incomplete ({reason}). Get it again and repeat the command; nothing is doubled.",
    ),
    "file_empty": Text(
        "{file} không có dòng tiêu đề ở dòng {line}. Kiểm tra tệp và file.header_line.",
        "{file} has no header at line {line}. Check the file and file.header_line.",
    ),
    "encoding_unread": Text(
        "{file} không đọc được theo {encoding}. Sửa file.encoding trong tệp ánh xạ.",
        "{file} cannot be read as {encoding}. Correct file.encoding in the mapping.",
    ),
    "needs_mapping": Text(
        "{file} không phải NDJSON (dòng đầu không bắt đầu bằng {{). Với CSV, bảng tính, HTML, XES, thêm --mapping"
        " ÁNH_XẠ.yaml; `motcua import --inspect` viết bản đầu.",
        "{file} is not NDJSON (its first line does not begin with {{). For CSV, workbooks, HTML and XES, add --mapping"
        " MAPPING.yaml; `motcua import --inspect` writes a first one.",
    ),
    "no_mapping_wanted": Text(
        "{file} là NDJSON nên không cần ánh xạ. Bỏ --mapping.",
        "{file} is NDJSON and needs no mapping. Leave out --mapping.",
    ),
    "bad_stack_zone": Text(
        "Không có múi giờ IANA '{value}'. Dùng tên như Asia/Ho_Chi_Minh.",
        "There is no IANA time zone '{value}'. Use a name such as Asia/Ho_Chi_Minh.",
    ),
    "bad_until": Text(
        "--until '{value}' không phải ngày hay thời điểm. Dùng 2012-01-24 hoặc 2012-01-24T00:00:00+07:00.",
        "--until '{value}' is neither a date nor an instant. Use 2012-01-24 or 2012-01-24T00:00:00+07:00.",
    ),
    "until_without_clock": Text(
        "--until chỉ dùng với --clock data. Thêm --clock data hoặc bỏ --until.",
        "--until only goes with --clock data. Add --clock data or leave out --until.",
    ),
    "clock_differs": Text(
        "Hệ thống chạy theo đồng hồ '{mode}' nên không nhận --clock {wanted}. {remedy_vi}",
        "The stack runs on the '{mode}' clock and cannot take --clock {wanted}. {remedy_en}",
    ),
    "intake_away": Text(
        "Cổng tiếp nhận {url} không trả lời ({reason}). Kiểm tra bằng `motcua status`, rồi chạy lại lệnh này: việc nạp"
        " tiếp tục từ chỗ dừng.",
        "Intake at {url} does not answer ({reason}). Look at `motcua status`, then repeat this command: it goes on"
        " where it stopped.",
    ),
    "intake_refuses": Text("Cổng tiếp nhận từ chối ({status}): {reason}", "Intake refuses ({status}): {reason}"),
    "tick_refused": Text(
        "Cổng tiếp nhận không nhận nhịp đồng hồ của dữ liệu: {reason}",
        "Intake does not take the tick of the data's clock: {reason}",
    ),
    "refused_not_ours": Text(
        "{file} đã có và không phải tệp dòng bị từ chối. Chọn tên khác cho --refused.",
        "{file} exists and is no file of refused rows. Choose another name for --refused.",
    ),
    "refused_unwritten": Text(
        "Không ghi được {file}: {reason}. Kiểm tra quyền ghi và chỗ trống của đĩa.",
        "Cannot write {file}: {reason}. Check the permission and the space on the disk.",
    ),
    "data_clock_waits": Text(
        "Hệ thống chạy theo đồng hồ của dữ liệu, nên hạn chỉ được xét đến lúc đồng hồ đã tới. Nạp với --clock data để "
        "đồng hồ chạy tiếp.",
        "The stack runs on the data's clock, so deadlines are judged only as far as it has come. Import with --clock "
        "data to let it run on.",
    ),
    "data_clock_stands": Text(
        "Đồng hồ của dữ liệu đứng ở {clock_vi}; hạn được xét đến lúc đó. Nạp với --clock data để đồng hồ chạy tiếp.",
        "The data's clock stands at {clock}; deadlines are judged up to then. Import with --clock data to run it on.",
    ),
    "rate_waited": Text(
        "Chờ {seconds} giây vì khoá gửi nhiều hơn mức của nó ở cổng tiếp nhận. Khoá quản trị không có mức; quản trị "
        "có thể đặt mức riêng cho khoá khác.",
        "Waited {seconds} s since the key sent more than intake's rate for it. The administrator's key has none; other "
        "keys can be given a rate of their own.",
    ),
    "bad_key": Text(
        "Khoá truy cập chỉ gồm ký tự ASCII, dạng mc_…. Kiểm tra khoá.",
        "A key consists of ASCII characters, mc_…. Check the key.",
    ),
    "bad_url": Text(
        "Địa chỉ cổng tiếp nhận '{url}' không đúng. Dùng dạng http://127.0.0.1:8801.",
        "The address of intake '{url}' is wrong. Use the form http://127.0.0.1:8801.",
    ),
}

#: Every code of this package and its sentence: what is wrong, then what to do.
TEXTS: Final[dict[str, Text]] = (
    _ROWS
    | _MISTAKES
    | _IMPORTS
    | ENCODING_TEXTS
    | FORM_TEXTS
    | LOG_TEXTS
    | MOMENT_TEXTS
    | NOTE_TEXTS
    | QUOTING_TEXTS
    | REPEATS_TEXTS
    | CONTENT_TEXTS
    | HTML_TEXTS
)
