"""What is simulated: units, procedures and habits."""
