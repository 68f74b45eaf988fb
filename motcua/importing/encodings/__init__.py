"""Texts in older Vietnamese encodings, and texts that were read as something else and saved again."""
