"""What the bearer of a key sees of a dossier and of its entries."""
