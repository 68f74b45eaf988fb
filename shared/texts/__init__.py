"""Texts that name things: the one form they are kept in, signs they may not hold, what looks like what."""
