"""The command line, the simulated province and the comparison of epochs, without a stack."""
