"""What people are told about quotes and cells that run over line ends."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Text

__all__ = ["QUOTING_TEXTS"]

#: Codes of quotes and their sentences: what is wrong, then what to do.
QUOTING_TEXTS: Final[dict[str, Text]] = {
    "broken_quotes": Text(
        "Cột {column}: dấu nháy mở ở dòng này không đóng trong dòng; nếu đọc tiếp, ô sẽ nuốt các dòng {first} đến"
        " {last}, nên các dòng đó được đọc riêng. Đóng dấu nháy, viết đôi dấu nháy nằm trong ô, đặt file.quote: none"
        " nếu dấu nháy chỉ là chữ, hoặc ghi cột này vào file.multiline nếu ô thật sự gồm nhiều dòng.",
        "Column {column}: the quote that opens on this line is not closed on it; the cell would have taken lines"
        " {first} to {last}, which are read by themselves. Close the quote, double quotes inside a cell, set"
        " file.quote: none if quotes are mere letters, or name the column in file.multiline if its cells do run over"
        " lines.",
    ),
    "quote_at_end": Text(
        "Cột {column}: dấu nháy mở ở dòng cuối cùng không đóng. Đóng dấu nháy, viết đôi dấu nháy nằm trong ô, hoặc đặt"
        " file.quote: none nếu dấu nháy chỉ là chữ.",
        "Column {column}: the quote that opens on the last line is not closed. Close it, double quotes inside a cell,"
        " or set file.quote: none if quotes are mere letters.",
    ),
    "rest_of_cell": Text(
        "Dấu nháy mở ở một dòng phía trên sẽ nuốt dòng này, mà tự nó cũng không phải một dòng của bảng ({cells} ô, tiêu"
        " đề có {columns}). Sửa dấu nháy ở dòng đó, hoặc đặt file.multiline nếu ô thật sự gồm nhiều dòng.",
        "A quote that opens on a line above would take this line, which is no row of the table by itself either"
        " ({cells} cells, the header has {columns}). Correct that quote, or set file.multiline if cells do run over"
        " lines.",
    ),
    "short_and_quoted": Text(
        "Dòng có {cells} ô, tiêu đề có {columns}, và có dấu phân cách nằm trong dấu nháy, nên không rõ thiếu ô nào. Sửa"
        " dấu nháy, hoặc bổ sung các ô thiếu.",
        "The row has {cells} cells, the header {columns}, and a delimiter stands inside quotes, so it is not clear"
        " which cells are missing. Correct the quotes, or add the missing cells.",
    ),
    "quote_takes_rows": Text(
        "Cột {column}: ô nhiều dòng này sẽ nuốt các dòng {first} đến {last}, trong đó có dòng tự nó là một dòng của"
        " bảng; các dòng đó được đọc riêng. Đóng dấu nháy ở dòng này, hoặc viết đôi dấu nháy nằm trong ô.",
        "Column {column}: this cell of several lines would take lines {first} to {last}, among them lines that are rows"
        " of the table by themselves; they are read by themselves. Close the quote on this line, or double quotes"
        " inside the cell.",
    ),
    "quote_inside": Text(
        "Cột {column}: sau dấu nháy đóng còn có chữ, nên không rõ ô kết thúc ở đâu. Viết đôi dấu nháy nằm trong ô, hoặc"
        " đặt file.quote: none nếu dấu nháy chỉ là chữ.",
        "Column {column}: there is text after the closing quote, so it is not clear where the cell ends. Double quotes"
        " inside a cell, or set file.quote: none if quotes are mere letters.",
    ),
    "header_broken": Text(
        "{file}: tiêu đề ở dòng {line} có dấu nháy không đóng. Sửa dòng đó, hoặc xem lại file.header_line và"
        " file.quote.",
        "{file}: the heading at line {line} has a quote that is not closed. Correct it, or check file.header_line and"
        " file.quote.",
    ),
}
