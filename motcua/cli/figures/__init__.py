"""Commands that show figures, lists and single dossiers."""
