"""Rounds on Slack: translate in, render out."""
