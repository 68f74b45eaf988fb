"""A test province whose agencies have a key each: what they do in a month, and what they try on each other."""
