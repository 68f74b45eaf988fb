"""Processing: derives every dossier's facts, due dates and announcements from the journal."""
