"""What intake sees to about topics that others make or change."""
