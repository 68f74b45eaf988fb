"""Whether there is room for what intake would write."""
