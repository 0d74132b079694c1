"""Turns: a speaking round, passed from one to the next."""
