"""How quotes are read: a line is a row, and a cell runs over a line end only where that is plainly meant."""
