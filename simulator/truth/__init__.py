"""The truth about what was simulated, and the comparison of a stack with it."""
