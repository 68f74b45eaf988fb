"""Commands about what could not be understood."""
