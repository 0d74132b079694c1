"""What Slack knows of a person: their zone, their name, and whether they belong here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import code_of

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=1)
WAIT = 1.0


@dataclass(frozen=True)
class Profile:
    """One person as Slack describes them."""

    name: str = ""
    zone: str | None = None
    belongs: bool | None = None
    """Whether they are of this workspace, and a person; `None` where Slack did not say so yet."""


class Profiles:
    """Asks for a person's profile at most once an hour."""

    def __init__(self, client: AsyncWebClient, team: str, clock: Callable[[], datetime]) -> None:
        self._client, self._team, self._clock = client, team, clock
        self._kept: dict[str, tuple[Profile, datetime]] = {}

    async def get(self, person: str) -> Profile:
        """The profile; a slow answer is not waited for, since Slack gives us three seconds."""
        profile, until = self._kept.get(person, (Profile(), None))
        now = self._clock()
        if until is not None and now < until:
            return profile
        try:
            async with asyncio.timeout(WAIT):
                answer = await self._client.users_info(user=person)
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("no profile of %s: %s", person, code_of(error))
            self._kept[person] = profile, now + AGAIN_AFTER
            return profile
        profile = self._read(answer["user"])
        self._kept[person] = profile, now + GOOD_FOR
        return profile

    async def names(self, people: Iterable[str]) -> dict[str, str]:
        """How these people are called, where Slack says so."""
        asked = sorted(set(people))
        profiles = await asyncio.gather(*map(self.get, asked))
        found = zip(asked, profiles, strict=True)
        return {person: profile.name for person, profile in found if profile.name}

    def _read(self, user: dict[str, Any]) -> Profile:
        shown = user.get("profile")
        names = shown if isinstance(shown, dict) else {}
        return Profile(
            name=str(names.get("display_name") or names.get("real_name") or user.get("name") or ""),
            zone=_known_zone(user.get("tz")),
            belongs=not any(user.get(mark) for mark in STRANGE) and self._team in _teams(user),
        )


STRANGE = ("deleted", "is_stranger", "is_bot", "is_workflow_bot")
"""What Slack says of those who are gone, of another workspace, or no people."""


def _teams(user: dict[str, Any]) -> set[object]:
    """The workspaces somebody is of: one, or several of the same enterprise."""
    of_enterprise = user.get("enterprise_user") or {}
    return {user.get("team_id"), *of_enterprise.get("teams", ())}


def _known_zone(name: object) -> str | None:
    try:
        return ZoneInfo(str(name)).key if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
