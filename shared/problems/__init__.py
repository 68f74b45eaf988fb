"""Errors for people and machines: problems, their schema, what was wrong with a field."""
