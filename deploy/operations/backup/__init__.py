"""Backup and restore of what cannot be derived: the journal, intake's database, what was told, what was published."""
