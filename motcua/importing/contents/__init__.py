"""What a file's content says it is, whatever it is called."""
