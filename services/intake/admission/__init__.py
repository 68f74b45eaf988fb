"""What makes an entry of what a door was handed: form, right, stamps, refusal. Knows no HTTP."""
