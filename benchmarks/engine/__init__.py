"""The engine alone: due dates, long dossiers, reference sets, and the records a journal makes."""
