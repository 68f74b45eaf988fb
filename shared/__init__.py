"""What the three services have in common: contract, topics, clock, calendar, connections, metric catalogue."""
