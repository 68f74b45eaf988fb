"""Sheets as they are stored, cut down to what is filled before anything builds them in memory."""
