"""Who is let in on Slack: people of the workspace, and nobody because of a role."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.chat.replies import Button
from bot.store.database import Database
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.desk import Desk, desk
from tests.parity.on_slack import OnSlack, on_slack

OUTSIDER = "I am here for the people of this workspace only."
UNKNOWN = "I cannot find out just now whether you belong here. Please try again in a minute."
ELSEWHERE = {"team_id": "T0OTHER"}


@pytest.fixture
async def at(sqlite_database: Database) -> AsyncIterator[Desk]:
    async with FakeSlack() as fake, desk(fake, sqlite_database) as made:
        yield made


@pytest.fixture
async def circle(sqlite_database: Database) -> AsyncIterator[OnSlack]:
    """A group with ana and ben as its members and a case of ana's."""
    async with on_slack(sqlite_database) as played:
        when = "every: week weekday: tuesday time: 18:30 zone: Europe/Berlin"
        lines = [
            f"ana: /group start name: Circle {when}",
            "ben: /group join",
            "ana: /case add Sleep",
            'ana: press "It is de-identified"',
        ]
        await played.carry_out(lines)
        yield played


@pytest.mark.parametrize(
    "more",
    [
        ELSEWHERE,
        ELSEWHERE | {"enterprise_user": {"enterprise_id": "E1", "teams": ["T0OTHER", "T0THIRD"]}},
        {"is_stranger": True},
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"deleted": True},
    ],
    ids=str,
)
async def test_who_is_not_of_this_workspace_is_refused_everywhere(
    at: Desk, more: dict[str, object]
) -> None:
    card = await at.post(Button("Undo", "case.undo:0:1"))
    form = (await at.fake.slash(at.ana, "/case", "add", channel=at.table)).view
    assert form is not None
    at.fake.users[at.ben].more = more

    typed = await at.fake.slash(at.ben, "/case", "add Panic", channel=at.table)
    pressed = await at.fake.press(at.ben, card, "Undo")
    form.user = at.ben
    sent = await at.fake.submit(at.ben, form, {"Title": "Panic"})
    await at.fake.event({"type": "app_home_opened", "user": at.ben, "tab": "home", "channel": "D1"})

    assert typed.text == pressed.text == sent.errors["Title"] == OUTSIDER
    assert OUTSIDER in str(at.fake.homes[at.ben])
    assert at.ledger.done == []


async def test_a_payload_of_another_workspace_is_refused_whatever_the_profile_says(
    at: Desk,
) -> None:
    seen = await at.fake.slash(at.ana, "/case", "queue", channel=at.table)
    payload = seen.payload | {"team_id": "T0OTHER", "trigger_id": "1", "enterprise_id": "E1"}
    again = await at.fake.send("slash_commands", payload, at.ana)
    assert again.text == OUTSIDER


async def test_who_is_of_several_workspaces_of_one_enterprise_is_at_home_in_each(at: Desk) -> None:
    teams = {"enterprise_id": "E1", "teams": ["T0OTHER", "T0HOME"]}
    at.fake.users[at.ben].more = ELSEWHERE | {"enterprise_user": teams}
    seen = await at.fake.slash(at.ben, "/case", "add Panic", channel=at.table)
    assert "Panic" in seen.text


async def test_while_slack_says_nothing_of_people_members_go_on_and_others_wait(
    circle: OnSlack,
) -> None:
    eve = circle.person("eve")
    assert circle.adapter is not None
    circle.adapter._profiles._kept.clear()
    circle.fake.fail("users.info", "internal_error", times=20)

    async def says(person: str, command: str, text: str) -> str:
        at = circle.channel("table")
        return (await circle.fake.slash(person, f"/peer-{command}", text, channel=at)).text

    assert "Sleep" in await says(circle.person("ben"), "case", "queue")
    assert await says(eve, "case", "queue") == await says(eve, "group", "join") == UNKNOWN


async def test_an_owner_of_the_workspace_sees_nothing_of_a_group_they_are_not_in(
    circle: OnSlack,
) -> None:
    owner = circle.person("olga")
    circle.fake.users[owner].more = {"is_admin": True, "is_owner": True, "is_primary_owner": True}
    commands = ("case queue", "case mine", "meeting agenda", "turn list", "rounds status")
    await circle.carry_out([f"olga: /{command}" for command in commands])

    seen = circle.play.seen_by("@olga")
    assert ["That is for members of" in each for each in seen] == [True] * len(commands)
