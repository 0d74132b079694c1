"""Formats: how a case is worked through, phase by phase, as data that anybody can write."""
