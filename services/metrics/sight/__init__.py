"""What a key sees of a view: its rows, kept for each revision."""
