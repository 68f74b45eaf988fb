"""What a partition does with a reference entry: which dossiers it concerns, and judging them anew."""
