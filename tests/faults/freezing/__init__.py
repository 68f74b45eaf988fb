"""What processes of a test load by themselves; see sitecustomize.py. Not imported by tests."""
