"""The fact table: columns, what is read into them, and its image on disk. Knows no figure."""
