"""Calendar files: reading them, and what is wrong with them."""
