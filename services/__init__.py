"""The three services of Một Cửa; each imports from shared/, never from another."""
