"""What keeps the processes of a local stack at work beyond starting them again."""
