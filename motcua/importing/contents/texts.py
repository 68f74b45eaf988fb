"""What people are told about files that are no table of data: what they are, and what to do."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["CONTENT_TEXTS"]

_KINDS: Final[dict[str, Text]] = {
    "is_workbook": Text("bảng tính dạng {name}", "a workbook in the form {name}"),
    "is_web_archive": Text("trang web lưu thành một tệp ({name})", "a web page saved as one file ({name})"),
    "is_document": Text("văn bản {name}", "a document ({name})"),
    "is_slides": Text("bản trình chiếu {name}", "a presentation ({name})"),
    "is_image": Text("hình ảnh {name}", "an image ({name})"),
    "is_mail": Text("thư điện tử {name}", "an e-mail ({name})"),
    "is_data": Text("tệp dữ liệu {name}", "a data file of the form {name}"),
    "is_database": Text("cơ sở dữ liệu {name}", "a database ({name})"),
}

_REMEDIES: Final[dict[str, Text]] = {
    "remedy_save_as": Text(
        "Mở bằng bảng tính rồi lưu dạng .xlsx hoặc CSV.", "Open it in a spreadsheet and save it as .xlsx or CSV."
    ),
    "remedy_source": Text(
        "Lấy lại dữ liệu từ phần mềm đã lập ra nó, xuất dạng .xlsx hoặc CSV.",
        "Get the data again from the software it was made with, exported as .xlsx or CSV.",
    ),
    "remedy_attachment": Text(
        "Lưu tệp đính kèm trong thư rồi nhập tệp đó.", "Save the file attached to it and import that one."
    ),
    "remedy_convert": Text(
        "Chuyển thành CSV bằng phần mềm đọc được dạng này (DBF: LibreOffice; Parquet, Arrow: DuckDB hoặc polars).",
        "Convert it to CSV with software that reads it (DBF: LibreOffice; Parquet, Arrow: DuckDB or polars).",
    ),
    "remedy_query": Text(
        "Xuất bảng hoặc câu truy vấn cần nhập ra CSV.", "Export the table or query that is wanted as CSV."
    ),
}

_MESSAGES: Final[dict[str, Text]] = {
    "form_not_read": Text(
        "{file} là {form}, không phải bảng dữ liệu đọc được ở đây. {remedy}",
        "{file} is {form} and no table of data that is read here. {remedy}",
    ),
    "unpack_first": Text(
        "{file} là tệp nén ({form}). Giải nén rồi nhập tệp bên trong.",
        "{file} is an archive ({form}). Unpack it and import the file inside.",
    ),
    "xml_not_read": Text(
        "{file} là XML có phần tử gốc <{root}>, không phải nhật ký XES (<log>) hay bảng HTML. Xuất lại dạng .xlsx hoặc"
        " CSV, hoặc chuyển mỗi hồ sơ thành một dòng CSV.",
        "{file} is XML with the root element <{root}>, neither a process log (<log>) nor an HTML table. Export it as"
        " .xlsx or CSV, or turn each dossier into one row of a CSV file.",
    ),
    "json_array_not_read": Text(
        "{file} là một danh sách JSON, không phải bảng. Chuyển thành CSV; nếu mỗi phần tử là một mục CloudEvents thì"
        " ghi mỗi mục trên một dòng (NDJSON), ví dụ bằng jq -c '.[]'.",
        "{file} is a JSON list and no table. Turn it into CSV; if each member is a CloudEvents entry, write each on a"
        " line of its own (NDJSON), for example by jq -c '.[]'.",
    ),
    "json_object_not_read": Text(
        "{file} là một đối tượng JSON trải trên nhiều dòng. Mục CloudEvents thì ghi mỗi mục trên một dòng (NDJSON),"
        " ví dụ bằng jq -c .; dữ liệu khác thì chuyển thành CSV.",
        "{file} is a JSON object that goes over several lines. Write entries of CloudEvents on one line each (NDJSON),"
        " for example by jq -c .; turn other data into CSV.",
    ),
    "json_no_table": Text(
        "{file} gồm các dòng JSON, không phải bảng nên ánh xạ không đọc được. Chuyển thành CSV; mục CloudEvents thì bỏ"
        " --mapping.",
        "{file} consists of lines of JSON and is no table for a mapping. Turn it into CSV; for CloudEvents entries"
        " leave out --mapping.",
    ),
    "binary_no_table": Text(
        "{file} không phải văn bản và không phải dạng tệp nào nhận ra được, nên không có bảng dữ liệu. Kiểm tra lại"
        " tệp, hoặc xuất lại dạng .xlsx hoặc CSV.",
        "{file} is neither text nor of a form that is known, so there is no table of data in it. Check the file, or"
        " export it again as .xlsx or CSV.",
    ),
}

#: Every code of forms that are not read, and of the words they are told with.
CONTENT_TEXTS: Final[dict[str, Text]] = _KINDS | _REMEDIES | _MESSAGES
