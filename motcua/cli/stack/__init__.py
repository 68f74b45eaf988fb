"""Commands about a stack: start, stop, look after, back up, grow, rebuild."""
