"""The current figures: evaluated on change, stored, and told to Prometheus."""
