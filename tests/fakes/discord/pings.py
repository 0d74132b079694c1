"""Works out who would be pinged by a text, as the service does it."""

from __future__ import annotations

import re

from tests.fakes.discord.world import Json

USER, ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")
ALL = ("users", "roles", "everyone")


def pinged(content: str, allowed: Json | None, *, default: tuple[str, ...] = ALL) -> list[str]:
    """Who is pinged: ids of people, `&` and id for roles, `@everyone`.

    Without `allowed_mentions` the service's own defaults hold, also when a message is edited.
    Backslashes and code marks do not keep the service from finding a mention, so they do not here.
    """
    rules: Json = {"parse": list(default)} if allowed is None else allowed
    parse = rules.get("parse") or []
    users = {str(who) for who in rules.get("users") or ()}
    roles = {str(role) for role in rules.get("roles") or ()}
    found = {who for who in USER.findall(content) if "users" in parse or who in users}
    found |= {f"&{r}" for r in ROLE.findall(content) if "roles" in parse or r in roles}
    if "everyone" in parse and EVERYONE.search(content):
        found.add("@everyone")
    return sorted(found)
