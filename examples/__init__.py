"""Programs to copy: software of an agency at its smallest. They import nothing of this project."""
