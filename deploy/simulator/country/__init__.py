"""Provinces played by queues: from one commune to a country, with the truth about every dossier kept beside."""
