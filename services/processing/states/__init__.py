"""The states of dossiers: in memory, as documents, in the database."""
