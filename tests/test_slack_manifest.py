"""The app manifest, as Slack's own schema would have it."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from adapters.slack.manifest import manifest
from bot.settings import SlackConfig
from tests.fakes.slack import SPECS
from tests.fakes.slack.desk import Ledger, declared
from tests.fakes.slack.workspace import LEAST_SCOPES

COMMANDS = declared(Ledger())
SCHEMA = SPECS / "manifest.schema.2.0.0.json"


def made(url: str | None = None, **settings: Any) -> dict[str, Any]:
    return manifest(COMMANDS, SlackConfig(**settings), url)


@pytest.mark.parametrize(
    ("settings", "url"),
    [({}, None), ({"prefix": "peer-"}, None), ({"mode": "http"}, "https://x.org/slack/events")],
)
def test_slacks_schema_takes_it(settings: dict[str, Any], url: str | None) -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's manifest schema is not beside the repository (shared/specs)")
    validator = Draft7Validator(json.loads(SCHEMA.read_text()))
    assert [error.message for error in validator.iter_errors(made(url, **settings))] == []


def test_every_root_is_a_slash_command_with_its_prefix() -> None:
    commands = made(prefix="peer-")["features"]["slash_commands"]
    assert [command["command"] for command in commands] == [
        "/peer-case",
        "/peer-group",
        "/peer-rounds",
    ]
    assert all(command["should_escape"] for command in commands)
    assert commands[2]["usage_hint"] == "panel | about"


def test_it_asks_for_the_least_that_serves() -> None:
    scopes = made()["oauth_config"]["scopes"]["bot"]
    assert sorted(scopes) == ["chat:write", "commands", "im:write", "users:read"]
    assert set(scopes) == set(LEAST_SCOPES), "the fake grants what the manifest asks for"


def test_people_can_open_the_bots_messages_and_its_home() -> None:
    home = made()["features"]["app_home"]
    assert (home["messages_tab_enabled"], home["home_tab_enabled"]) == (True, True)


def test_socket_mode_needs_no_address_and_http_gives_one() -> None:
    assert made()["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(made())
    address = "https://x.org/slack/events"
    over_http = made(address, mode="http")
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert over_http["settings"]["interactivity"]["request_url"] == address
    assert over_http["features"]["slash_commands"][0]["url"] == address


def test_it_is_the_same_every_time() -> None:
    assert json.dumps(made()) == json.dumps(made())
