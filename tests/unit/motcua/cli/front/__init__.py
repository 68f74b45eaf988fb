"""Tests of what stands before the commands: their table, late imports, Ctrl-C, help in one language."""
