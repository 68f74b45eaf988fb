"""What the bearer of a key sees of the figures' dossiers: which rows, of which units."""
