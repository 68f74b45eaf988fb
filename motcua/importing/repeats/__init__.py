"""Rows of a log that say what an earlier row said: told, and counted once or each, as the mapping wants."""
