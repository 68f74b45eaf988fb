"""Commands that bring data in and out: import, export, simulation."""
