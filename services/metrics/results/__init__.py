"""Results on their way out: which may replace which, where they are stored, and who stores them."""
