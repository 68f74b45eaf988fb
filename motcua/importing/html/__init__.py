"""Tables of web pages, which much software saves under the name of a workbook."""
