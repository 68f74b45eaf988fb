"""How the product is run: the command line, a local stack, the simulated province, epochs, images."""
