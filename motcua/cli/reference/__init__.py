"""Commands about what dossiers are judged by: calendars, procedures, units, revisions."""
