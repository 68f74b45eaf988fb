"""How the command line writes to a terminal what came from data."""
