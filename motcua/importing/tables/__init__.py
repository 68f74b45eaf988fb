"""Tables of every form as rows of cells: texts, workbooks, process logs."""
