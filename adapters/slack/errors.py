"""What Slack's refusals mean: for the outbox, for the operator, for the log."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError

from bot.errors import DeliveryError

log = logging.getLogger(__name__)

DEAD_TOKEN = re.compile(
    "invalid_auth|not_authed|account_inactive|token_revoked|token_expired"
    "|not_allowed_token_type|org_login_required|team_access_not_granted|team_not_found"
    "|access_denied|ekm_access_denied"
)
LACKING = ("missing_scope", "no_permission")
"""What the token may not do although it is alive: only the operator can mend that."""
GONE_FOR_GOOD = {
    "space": DEAD_TOKEN,
    "channel": re.compile(
        "channel_not_found|not_in_channel|is_archived|restricted_action.*|channel_type_not_supported"
        "|method_not_supported_for_channel_type|missing_scope|no_permission"
    ),
    "person": re.compile(
        "user_not_found|user_disabled|user_not_visible|user_not_in_channel|cannot_dm_bot"
        "|messages_tab_disabled"
    ),
    "message": re.compile("message_not_found|cant_update_message|edit_window_closed"),
}
"""What is lost for good with each refusal; whatever else Slack says may pass."""
UNDECIDED = re.compile("timeout|cut_off|http_5..|internal_error|fatal_error|request_timeout")
PATIENCE = 30
LONGEST_WAIT = 3600


def code_of(error: Exception) -> str:
    """Slack's own word for what went wrong, or ours; never what anybody wrote."""
    if not isinstance(error, SlackApiError):
        return _silence(error)
    answer = error.response
    data = getattr(answer, "data", answer)
    if isinstance(data, dict) and isinstance(data.get("error"), str):
        return str(data["error"])
    return f"http_{status_of(error) or 'unknown'}"


def _silence(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return "unreachable" if isinstance(error, ClientConnectorError) else "cut_off"


def status_of(error: SlackApiError) -> int | None:
    """The HTTP status of the answer."""
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return found if isinstance(found, int) else None


def delivery_error(error: Exception, *, private: bool) -> DeliveryError:
    """What the outbox makes of a call that failed."""
    if isinstance(error, SlackApiError) and status_of(error) == 429:
        return DeliveryError("rate_limited", permanent=False, retry_after=_retry_after(error))
    code = code_of(error)
    if UNDECIDED.fullmatch(code):
        # It may have arrived all the same: the outbox counts it as a possible double.
        return DeliveryError("timeout", permanent=False)
    if code in LACKING:
        log.error(
            "Slack refuses a %s message (%s): add the scope that the app lacks%s to it, as `rounds "
            "manifest` lists them, and reinstall the app to the workspace",
            "private" if private else "channel",
            code,
            _needed(error),
        )
    scope = next((what for what, codes in GONE_FOR_GOOD.items() if codes.fullmatch(code)), None)
    if scope is None:
        return DeliveryError(code, permanent=False)
    if scope == "channel" and private:
        scope = "person"
    return DeliveryError(code, permanent=True, scope=scope)


def _needed(error: Exception) -> str:
    """The scope that Slack names, if it does."""
    answer = error.response if isinstance(error, SlackApiError) else None
    data = getattr(answer, "data", answer)
    needed = str(data.get("needed", "")) if isinstance(data, dict) else ""
    return f" ({needed})" if re.fullmatch(r"[a-z.:,_]{1,80}", needed) else ""


def _retry_after(error: SlackApiError) -> timedelta:
    headers = getattr(error.response, "headers", {})
    typed = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    seconds = int(typed) if typed.isascii() and typed.isdigit() else PATIENCE
    return timedelta(seconds=max(1, min(seconds, LONGEST_WAIT)))
