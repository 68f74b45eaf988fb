"""Loads units, procedures and revisions into reference entries: files in, entries and problems by row out."""
