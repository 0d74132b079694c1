"""The tables of cases that are worked through in writing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.sealed import Contents, Sealed
from bot.store.tables import OPEN, OfGroup, Table


class WrittenCase(OfGroup, Table):
    """A case being worked through in writing, phase by phase, over days."""

    __tablename__ = "written_cases"
    __table_args__ = (
        Index(
            "uq_written_cases_open",
            "group_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_written_cases_ends", "ends_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_written_cases_nudge", "nudge_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    """Who presents it."""
    phases: Mapped[list[Any]]
    """The phases as the format had them when it began: what is changed later is for later cases."""
    phase: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    """Goes up with every step: of all presses on one version the first takes effect."""
    state: Mapped[str] = mapped_column(default="open")
    """`open`, `over`, `stopped` (taken back by the presenter) or `left` (with the presenter)."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    """Who made the last step; `None`: the calendar."""
    word: Mapped[str | None]
    """What was pressed for it: `next` or `back`."""
    began_at: Mapped[datetime]
    """When the phase began."""
    ends_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When the case ends, whichever phase it is in by then."""
    nudge_at: Mapped[datetime | None]
    """When those who have not written in this phase are reminded next."""
    paused_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    """The bot was away when the phase before this one ended."""
    heard: Mapped[dict[str, Any] | None]
    """What fairness remembered of the presenter before and since it ended, for Back."""


class Contribution(Sealed, OfGroup, Table):
    """What a member wrote in one phase of a case."""

    __tablename__ = "contributions"

    written_id: Mapped[int] = mapped_column(
        ForeignKey("written_cases.id", ondelete="CASCADE"), index=True
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    phase: Mapped[int]
    text = Contents()
    written_at: Mapped[datetime]
