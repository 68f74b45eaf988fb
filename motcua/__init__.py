"""What people run: the command line, and what imports and exports."""
