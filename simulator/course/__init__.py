"""The course of a simulated dossier, and what its sources tell of it."""
