"""What is counted of entries that nobody was entitled to send, for the alerts of an operator. Knows metrics only."""
