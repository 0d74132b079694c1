"""Who asks, and about which group: the group's channel, the button's group, or one's only group."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.commands import Needs
from bot.chat.replies import CommandName, Text
from bot.chat.requests import Request
from bot.context import NO_GROUP, Context
from bot.errors import NotAllowed, NotFound
from bot.store.database import ACROSS_GROUPS
from bot.store.outbox import insert_once
from bot.store.tables import DEFAULT_QUIET, NOT_CLOSED, Group, Member, Person, Space
from bot.store.walls import beyond


class ChooseGroup(Exception):
    """The person is in several groups of this space and asked outside all of their channels."""

    def __init__(self, groups: list[tuple[int, str]]) -> None:
        """Hold number and name of each: their rows do not outlive the transaction this ends."""
        super().__init__()
        self.groups = groups


async def find_context(
    make: Callable[..., Context],
    session: AsyncSession,
    request: Request,
    needs: Needs,
    number: int,
    *,
    writes: bool = False,
) -> Context:
    """The request's context: its space, person, group and membership, as far as it needs them.

    A request that writes has its group to itself until it is done.
    """
    found = await _find_group(session, request, needs, number, writes=writes)
    if found is None:
        space, person = await _by_space(session, request)
        group, member = None, None
    else:
        group, space, person, member = found
    context = make(
        session=session,
        request=request,
        space=space or _new_space(request, needs),
        person=person or _new_person(request),
        found_group=group,
        found_member=member if member is not None and member.state == "active" else None,
    )
    _check(context, needs)
    if writes and request.zone and request.zone != context.person.platform_zone:
        context.person.platform_zone = request.zone
    if writes and context.space.gone_at is not None:
        # Whoever asks here is proof that the bot is back.
        context.space.gone_at = None
    if writes:
        _note_life(context.found_member)
    return context


def _note_life(member: Member | None) -> None:
    """A member who asks for something is not gone; a row that says so already stays untouched."""
    if member is not None and (member.silent or member.gone):
        member.silent, member.gone = 0, False


def _new_space(request: Request, needs: Needs) -> Space:
    if request.space is None and needs != "nothing":
        raise NotFound(Text("Please ask me that in the server, not here in private."))
    return Space(platform=request.platform, ref=request.space or "")


def _new_person(request: Request) -> Person:
    return Person(
        ref=request.person, private=True, quiet_from=DEFAULT_QUIET[0], quiet_to=DEFAULT_QUIET[1]
    )


UNSURE = Text("I cannot find out just now whether you belong here. Please try again in a minute.")


def _check(context: Context, needs: Needs) -> None:
    known = context.request.vouched or context.found_member is not None
    if not known and (needs != "nothing" or context.found_group is not None):
        raise NotAllowed(UNSURE)
    if needs in ("group", "member") and context.found_group is None:
        raise NotFound(NO_GROUP)
    if needs == "member" and context.found_member is None:
        raise NotAllowed(
            Text(
                "That is for members of {group}. {join} makes you one.",
                group=context.group.name,
                join=CommandName("group join"),
            )
        )


Found = tuple[Group, Space, Person | None, Member | None]
Way = Literal["button", "channel", "membership"]
"""How a request leads to its group."""

WAYS: dict[Way, ColumnElement[bool]] = {
    "button": Group.id == bindparam("number"),
    "channel": Group.channel == bindparam("channel"),
    "membership": Member.state.in_(("active", "waiting")),
}


@cache
def _everything(way: Way, *, in_space: bool, writes: bool) -> Select[*Found]:
    """All that a request is about; made once, because every request begins with it.

    In private no space is named: only those are looked at where the person is known already.
    """
    statement = (
        select(Group, Space, Person, Member)
        .join(Space, Space.id == Group.space_id)
        .join(
            Person,
            and_(Person.space_id == Space.id, Person.ref == bindparam("person")),
            isouter=in_space,
        )
        .outerjoin(Member, and_(Member.group_id == Group.id, Member.person_id == Person.id))
        .where(Space.platform == bindparam("platform"), NOT_CLOSED, WAYS[way])
        .order_by(Group.id)
        .execution_options(**ACROSS_GROUPS)
    )
    if in_space:
        statement = statement.where(Space.ref == bindparam("space"))
    return statement.with_for_update(of=Group, key_share=True) if writes else statement


async def _find(
    session: AsyncSession, request: Request, way: Way, number: int, *, writes: bool
) -> list[Found]:
    statement = _everything(way, in_space=request.space is not None, writes=writes)
    values: dict[str, object] = {"person": request.person, "platform": request.platform}
    if request.space is not None:
        values["space"] = request.space
    if way == "button":
        values["number"] = number
    elif way == "channel":
        values["channel"] = request.channel
    found: list[Found] = list(await session.execute(statement, values))
    if writes and found and session.get_bind().dialect.name == "postgresql":
        # Whoever had the group before may have changed what was read while waiting for it.
        newest = _everything(way, in_space=request.space is not None, writes=False)
        again = {"populate_existing": True}
        found = list(await session.execute(newest, values, execution_options=again))
    return found


async def _find_group(
    session: AsyncSession, request: Request, needs: Needs, number: int, *, writes: bool
) -> Found | None:
    """The button's group, else the channel's, else the person's only one."""
    if number:
        found = await _find(session, request, "button", number, writes=writes)
        if not found:
            raise NotFound(Text("That group is no longer there."))
        return found[0]
    if request.space is not None and request.channel is not None:
        found = await _find(session, request, "channel", 0, writes=writes)
        if found:
            return found[0]
    if needs not in ("group", "member"):
        return None
    found = await _find(session, request, "membership", 0, writes=writes)
    if len(found) > 1:
        raise ChooseGroup([(group.id, group.name) for group, *_ in found])
    return found[0] if found else None


async def _by_space(session: AsyncSession, request: Request) -> tuple[Space | None, Person | None]:
    known = and_(Person.space_id == Space.id, Person.ref == request.person)
    asked = select(Space, Person).where(Space.platform == request.platform)
    if request.space is None:
        only = (await session.execute(asked.join(Person, known).limit(2))).all()
        return only[0] if len(only) == 1 else (None, None)
    row = (
        await session.execute(asked.outerjoin(Person, known).where(Space.ref == request.space))
    ).one_or_none()
    return (None, None) if row is None else (row[0], row[1])


async def keep_person(context: Context) -> Person:
    """The person, written down if they were not known: the first thing that must be remembered.

    Two newcomers may be the first of their space at the same moment: both are written down once.
    """
    session, request = context.session, context.request
    if inspect(context.space).transient:
        values = {"platform": request.platform, "ref": request.space or ""}
        async with beyond(session, request):
            await insert_once(session, Space, **values)
        context.space = (await session.scalars(select(Space).filter_by(**values))).one()
    if inspect(context.person).transient:
        known = {"space_id": context.space.id, "ref": request.person}
        await insert_once(
            session,
            Person,
            **known,
            platform_zone=request.zone,
            quiet_from=DEFAULT_QUIET[0],
            quiet_to=DEFAULT_QUIET[1],
            private=True,
            since=request.now,
        )
        context.person = (await session.scalars(select(Person).filter_by(**known))).one()
    return context.person
