"""The tables of a meeting that runs, and of what is carried into and out of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.sealed import Contents, Sealed
from bot.store.tables import OfGroup, Table


class LiveMeeting(OfGroup, Table):
    """A meeting that runs through its phases: its state as plain data."""

    __tablename__ = "live_meetings"
    __table_args__ = (UniqueConstraint("meeting_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    version: Mapped[int]
    """That of the card: goes up with every step."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    """Who made the last step."""
    state: Mapped[dict[str, Any]]


class Intention(Sealed, OfGroup, Table):
    """What a presenter means to do until the next meeting: it opens that, and is then deleted."""

    __tablename__ = "intentions"
    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    """The meeting in which it was made."""
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    text = Contents()


class TakeAway(Sealed, OfGroup, Table):
    """What a member takes away from a meeting: for their own eyes only."""

    __tablename__ = "take_aways"
    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    text = Contents()


class Recusal(OfGroup, Table):
    """A member sits out a case because they may know the person; nobody else is told."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("case_id", "member_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
