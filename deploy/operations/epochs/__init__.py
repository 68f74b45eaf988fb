"""Epochs of a local stack: reading their topics, comparing two of them, rebuilding one beside the live one."""
