"""Meetings are played in many ways; how long one takes says nothing on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("live", deadline=None)
settings.load_profile("live")
