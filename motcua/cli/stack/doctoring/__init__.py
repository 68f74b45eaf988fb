"""What the doctor looks at beside processes and their backends."""
