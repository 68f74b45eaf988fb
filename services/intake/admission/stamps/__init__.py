"""What intake stamps on entries, and what a key has to be for it."""
