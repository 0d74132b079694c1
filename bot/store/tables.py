"""The tables: every row that belongs to somebody carries its space and its group."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from bot.store.sealed import Contents, DataContents, Sealed

OPEN = text("state = 'open'")
"""The condition of the index that keeps a tick fast, however many posts are finished."""


UNDATED = text("key_id IS NOT NULL AND (state != 'waiting') = (fades_at IS NULL)")
"""The condition of cases whose contents have no date to go at, or have one although they wait."""

FADING = text("fades_at IS NOT NULL")
"""The condition of cases whose contents will go."""

LEFT_BEHIND = text("gone_at IS NOT NULL")
"""The condition of spaces that the bot was removed from."""

AROUND_CASES = 14
"""Minutes of a meeting that are not for cases: arrival 5, follow-ups 5, close 4."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEEP_DAYS = 30
"""How long contents are kept, until a group says otherwise."""

DEFAULT_QUIET = (time(21), time(8))
"""When nobody is written to in private, until they say otherwise."""


def minutes_for_cases(minutes: int) -> int:
    """What a meeting of this length has for cases, never less than one case takes."""
    return max(10, minutes - AROUND_CASES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as microseconds since 1970; a naive one is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a naive time: nobody could say when it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        since = value - EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Table(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: String,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class OfGroup:
    """A row that belongs to one group of one space; a query must name the group."""

    @declared_attr
    def space_id(self) -> Mapped[int]:
        """The space whose row this is."""
        return mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"))

    @declared_attr
    def group_id(self) -> Mapped[int]:
        """The group whose row this is."""
        return mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)


class Space(Table):
    """A Discord guild or a Slack workspace."""

    __tablename__ = "spaces"
    __table_args__ = (
        UniqueConstraint("platform", "ref"),
        Index("ix_spaces_gone", "gone_at", sqlite_where=LEFT_BEHIND, postgresql_where=LEFT_BEHIND),
    )

    platform: Mapped[str]
    ref: Mapped[str]
    gone_at: Mapped[datetime | None]
    """When the bot was removed from it; some days later its contents go."""


class Person(Table):
    """Somebody in a space, and how they want to be spoken to."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("space_id", "ref"),)

    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"))
    ref: Mapped[str]
    zone: Mapped[str | None]
    platform_zone: Mapped[str | None]
    quiet_from: Mapped[time | None] = mapped_column(default=DEFAULT_QUIET[0])
    quiet_to: Mapped[time | None] = mapped_column(default=DEFAULT_QUIET[1])
    private: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime | None]
    """When they were first written down."""


class Group(Sealed, Table):
    """A consultation group, at home in one channel."""

    __tablename__ = "groups"
    __table_args__ = (
        Index(
            "uq_groups_home",
            "space_id",
            "channel",
            unique=True,
            sqlite_where=text("state != 'closed'"),
            postgresql_where=text("state != 'closed'"),
        ),
        Index(
            "ix_groups_planned",
            "planned_at",
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id", ondelete="CASCADE"))
    channel: Mapped[str]
    name = Contents()
    every: Mapped[str]
    weekday: Mapped[int]
    time: Mapped[time]
    zone: Mapped[str]
    first: Mapped[date]
    minutes: Mapped[int] = mapped_column(default=90)
    place = Contents()
    """A voice channel or an address; empty: not said."""
    size: Mapped[int] = mapped_column(default=6)
    quorum: Mapped[int] = mapped_column(default=3)
    call_lead: Mapped[int | None]
    """Seconds before the meeting at which cases are called for; `None`: by the rhythm."""
    agenda_lead: Mapped[int] = mapped_column(default=24 * 3600)
    reminder_lead: Mapped[int] = mapped_column(default=3600)
    keep: Mapped[int] = mapped_column(default=KEEP_DAYS)
    """Days for which the contents of a case are kept once it was heard."""
    room: Mapped[str] = mapped_column(default="channel")
    """Where the cases of its meetings run: in its `channel`, or each in a private `thread`."""
    state: Mapped[str] = mapped_column(default="active")
    """`active`, `paused` or `closed`."""
    paused_why: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1)
    """Goes up with every change of the schedule."""
    seed: Mapped[int]
    held: Mapped[int] = mapped_column(default=0)
    """How many meetings were held."""
    format_id: Mapped[str | None]
    """How it works through cases; `None`: as the default format says."""
    live_id: Mapped[int | None]
    """The meeting that has begun and not ended, if any."""
    planned_at: Mapped[datetime | None]
    """When the next coming meeting must be written down."""
    created_at: Mapped[datetime]

    @property
    def case_minutes(self) -> int:
        """What is left for cases after arrival (5), follow-ups (5) and close (4)."""
        return minutes_for_cases(self.minutes)


NOT_CLOSED = Group.state != literal_column("'closed'")
"""Spelled out, not a parameter: a partial index is used only where its condition is seen."""


class Member(OfGroup, Table):
    """A person's place in a group, and what fairness must remember of it."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("group_id", "person_id"),
        Index(
            "ix_members_offered",
            "offered_at",
            sqlite_where=text("offered_at IS NOT NULL"),
            postgresql_where=text("offered_at IS NOT NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    ref: Mapped[str]
    """The person's reference on the platform, to name them without another table."""
    state: Mapped[str] = mapped_column(default="active")
    """`active`, `waiting` (for a place) or `left`."""
    joined_at: Mapped[datetime]
    draw: Mapped[float]
    """A seeded number that settles what would otherwise be a tie."""
    away_until: Mapped[date | None]
    presented_in: Mapped[int | None]
    """Number of the held meeting in which they last presented."""
    presented_at: Mapped[int | None]
    """Their place among that meeting's cases."""
    unheard: Mapped[bool] = mapped_column(default=False)
    """They stood first last time and were not heard."""
    urgent_in: Mapped[int | None]
    """Number of the meeting in which their urgent case last went to the front."""
    facilitated_in: Mapped[int | None]
    """Number of the held meeting they last facilitated."""
    recorded_in: Mapped[int | None]
    """Number of the held meeting they last recorded."""
    attended: Mapped[int] = mapped_column(default=0)
    silent: Mapped[int] = mapped_column(default=0)
    """How many held meetings in a row they said nothing about and did not come to."""
    spoke_at: Mapped[datetime | None]
    """When they last held the floor in a speaking round."""
    gone: Mapped[bool] = mapped_column(default=False)
    """The platform says that they are no longer in the space."""
    offered_at: Mapped[datetime | None]
    """When a place was offered to them while they wait for one."""
    last_perspective: Mapped[str | None]
    """The name of the perspective card they were dealt last."""
    key_id: Mapped[str | None]
    """The key of what they write, once they have written something that needs one."""


class Meeting(OfGroup, Table):
    """One date of a group."""

    __tablename__ = "meetings"
    __table_args__ = (
        Index(
            "uq_meetings_day",
            "group_id",
            "day",
            unique=True,
            sqlite_where=text("state NOT IN ('skipped', 'moved', 'dropped')"),
            postgresql_where=text("state NOT IN ('skipped', 'moved', 'dropped')"),
        ),
        Index("ix_meetings_group_id_starts_at", "group_id", "starts_at"),
    )

    day: Mapped[date]
    """The local date: a group has one meeting a day at most."""
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(default="planned")
    """`planned`, `skipped`, `moved` (away from this day), `dropped` (by a new schedule),
    `begun`, `ended` or `missed`."""
    by_series: Mapped[bool] = mapped_column(default=True)
    """Whether the series put it there, rather than a move."""
    revision: Mapped[int] = mapped_column(default=1)
    """Goes up when it moves."""
    number: Mapped[int | None]
    """Its number among the held meetings."""
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    facilitator_chose: Mapped[bool] = mapped_column(default=False)
    """Whether the facilitator took the seat themselves."""
    recorder_chose: Mapped[bool] = mapped_column(default=False)
    seats_fixed: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[bool] = mapped_column(default=False)
    """The group decided to meet although few are coming."""
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    line: Mapped[list[Any] | None]
    """The queue when it began: whose right it is to go first next time is judged by it."""


class Rsvp(OfGroup, Table):
    """What a member said about a meeting, and whether they were seen at it."""

    __tablename__ = "rsvps"
    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    answer: Mapped[str | None]
    """`going`, `late` or `not going`."""
    for_away: Mapped[bool] = mapped_column(default=False)
    """The answer was given for them because they are away; coming back sooner takes it back."""
    seen: Mapped[bool] = mapped_column(default=False)
    """They pressed anything while it ran."""
    declined_seat: Mapped[str | None]
    """The role they declined for it, if any."""


class Case(Sealed, OfGroup, Table):
    """What a member would like to bring; its contents go some days after it was heard."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("group_id", "code"),
        Index("ix_cases_undated", "id", sqlite_where=UNDATED, postgresql_where=UNDATED),
        Index("ix_cases_fading", "fades_at", sqlite_where=FADING, postgresql_where=FADING),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    title = Contents()
    question = Contents()
    urgency: Mapped[str] = mapped_column(default="routine")
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    """`unconfirmed` (seen by its author alone), `waiting`, `writing` (worked through in writing
    now), `done`, `withdrawn`, or `dropped` (withdrawn before anybody saw it)."""
    format_id: Mapped[str | None]
    """How this one shall be worked through; `None`: as the group does."""
    created_at: Mapped[datetime]
    fades_at: Mapped[datetime | None]
    """When its contents go, once it is no longer waiting."""


class AgendaItem(OfGroup, Table):
    """A case on the agenda of a meeting that has begun."""

    __tablename__ = "agenda_items"
    __table_args__ = (UniqueConstraint("meeting_id", "case_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    position: Mapped[int]
    gone_through: Mapped[bool] = mapped_column(default=False)
    """All its phases are over: it counts as done when the meeting ends."""
    outcome: Mapped[str | None]
    """`done` or `not reached`."""


class Swap(OfGroup, Table):
    """One member's offer to exchange places in the queue with another."""

    __tablename__ = "swaps"

    from_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default="offered")
    """`offered`, `agreed`, `declined` or `over`."""
    offered_at: Mapped[datetime]


class Round(OfGroup, Table):
    """A speaking round: its state as plain data, and the states before it for Back."""

    __tablename__ = "rounds"

    ended: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]


class Change(Sealed, OfGroup, Table):
    """Something done to the whole group at once, with what is needed to undo it."""

    __tablename__ = "changes"

    kind: Mapped[str]
    """`skip`, `move`, `pause`, `resume`, `settings` or `format`, or what became of one case."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    before = DataContents()
    after = DataContents()
    revision: Mapped[int]
    """The group's revision that this change made: it can be undone while that stands."""
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))


class Proposal(OfGroup, Table):
    """What cannot be undone and so waits for objections: removing a member, closing the group."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_open", "effective_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    kind: Mapped[str]
    """`remove` or `close`."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    """Who is to be removed."""
    state: Mapped[str] = mapped_column(default="open")
    """`open`, `objected`, `carried` or `over`; a group that is being closed is `closing`."""
    effective_at: Mapped[datetime]


class Post(OfGroup, Table):
    """What the bot will say unasked: kind, ids and due time, never words."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_posts_open", "try_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_posts_meeting_id", "meeting_id"),
        Index("ix_posts_group_open", "group_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    key: Mapped[str]
    """Why it is sent, and so its identity: `meeting:7:rev2:call`."""
    kind: Mapped[str]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    subject: Mapped[int | None]
    """The row it is about, if it is not the meeting."""
    person: Mapped[str | None]
    """Whom it is for, by reference; `None`: the group's channel."""
    due_at: Mapped[datetime]
    try_at: Mapped[datetime]
    """When to try next: due time, end of a lease, or after a failure."""
    expires_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="open")
    """`open`, `sent`, `expired` or `dead`."""
    reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    """Goes up when what it shows has changed: the message is edited to the newest."""
    claimed_by: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str | None]
    """Where the message is."""
    message: Mapped[str | None]
    """The message's own reference, once it was sent."""
    sent_at: Mapped[datetime | None]
    doubled: Mapped[bool] = mapped_column(default=False)
    """It may have reached its readers twice: a try ended without saying how."""


class Seen(Table):
    """A request that was carried out, by the platform's own id."""

    __tablename__ = "requests_seen"
    __table_args__ = (UniqueConstraint("key"), Index("ix_requests_seen_at", "at"))

    key: Mapped[str]
    at: Mapped[datetime]


class Fact(Table):
    """Something the program must remember about itself, such as the commands it declared."""

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str]
    value: Mapped[str]
