"""What the columns of a table are: the words of their names, rows that are only numbered, cells that mean none."""
