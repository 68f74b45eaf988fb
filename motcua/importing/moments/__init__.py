"""How times are written that need more than a format: halves of the day, and dates that stand for none."""
