"""The doors by which entries come in over HTTP: admission, form, refusals, answers."""
