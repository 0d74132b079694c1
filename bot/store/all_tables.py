"""Every table there is, for whoever makes, migrates or guards them all."""

from __future__ import annotations

from bot.store.live_tables import Intention, LiveMeeting, Recusal, TakeAway
from bot.store.tables import OfGroup, Table
from bot.store.written_tables import Contribution, WrittenCase

__all__ = [
    "Contribution",
    "Intention",
    "LiveMeeting",
    "OfGroup",
    "Recusal",
    "Table",
    "TakeAway",
    "WrittenCase",
]
