"""What the reading of inner topics rests on: whether what a record claims can be true, and what was lost."""
