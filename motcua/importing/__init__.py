"""The client side of the import door: files in, entries out through intake's batch door, by HTTP only."""
