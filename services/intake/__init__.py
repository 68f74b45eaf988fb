"""Intake: the only writer of the journal. Says who may send what, and gives every entry its place."""
