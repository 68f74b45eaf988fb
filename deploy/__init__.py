"""How the product is run: a local stack, work on a running one (epochs, growth, backup), the image, Prometheus."""
