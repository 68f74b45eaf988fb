"""Looking at a file before it is imported: what is in it, and a first mapping."""
