"""Backup and restore of what cannot be derived: the journal's bytes, intake's database, and what agencies were told."""
