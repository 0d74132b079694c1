"""Whether Slack takes the tokens: asked before anything else, answered in one line each."""

from __future__ import annotations

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import code_of
from adapters.slack.manifest import SCOPES
from bot.config import Problem
from bot.settings import SlackConfig

BOT = "slack.bot_token"
APP = "slack.app_token"
REFUSED = {
    BOT: "Slack refuses it ({code}): copy the Bot User OAuth Token, xoxb-…, of OAuth & Permissions",
    APP: "Slack refuses it ({code}): make an app-level token, xapp-…, with connections:write",
}


def refused(key: str, code: str) -> Problem:
    """One line that says which token is wrong and where the right one is found."""
    return Problem(key, REFUSED[key].format(code=code))


async def check_tokens(config: SlackConfig) -> list[Problem]:
    """Ask Slack about the tokens; an empty list means that all is well."""
    client = AsyncWebClient(
        config.bot_token.get_secret_value() if config.bot_token else "",
        base_url=config.api_url,
        retry_handlers=[],
    )
    problems = []
    try:
        answer = await client.auth_test()
        granted = str(answer.headers.get("x-oauth-scopes", ",".join(SCOPES))).split(",")
        missing = [scope for scope in SCOPES if scope not in granted]
        if missing:
            words = f"lacks {', '.join(missing)}: update the app's manifest and install it again"
            problems.append(Problem(BOT, words))
    except (SlackApiError, ClientError, TimeoutError) as error:
        problems.append(_problem(BOT, error))
    if config.mode == "socket" and config.app_token is not None:
        try:
            await client.apps_connections_open(app_token=config.app_token.get_secret_value())
        except (SlackApiError, ClientError, TimeoutError) as error:
            problems.append(_problem(APP, error))
    return problems


def _problem(key: str, error: Exception) -> Problem:
    code = code_of(error)
    if not isinstance(error, SlackApiError) or code.startswith("http_"):
        return Problem(key, f"could not be checked, Slack does not answer ({code})")
    return refused(key, code)
