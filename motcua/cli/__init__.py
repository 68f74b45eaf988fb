"""The command line `motcua`: what people run. Speaks to a local stack by its home folder, HTTP doors and topics."""
