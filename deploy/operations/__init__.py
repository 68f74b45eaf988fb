"""Work on a running stack: epochs, growth, backup."""
