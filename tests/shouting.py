"""What people may type that would call somebody, hide something, or be too long for a platform."""

from bot.chat.replies import Bold, Button, Field, Reply, Text

SHOUTS = (
    "@everyone @here @channel",
    "<@&100000000000000003> <@100000000000000002> <@!100000000000000002>",
    "<!channel> <!here> <!everyone> <!subteam^S0TEAM|team> <!subteam^S0TEAM>",
    "<@U0BEN> <@U0BEN|ben> <#C0TABLE> </case add:1>",
    "<https://bank.example|your bank> [your bank](https://bank.example)",
    "\u202e<!here>\u202c \u200b@\u200beveryone @every\u200bone",
    "`<!here>` ```@everyone``` ||@here||",
    "&lt;!here&gt; \\<!here>",
    "😀" * 1100 + "<!here>",
    "<!here>" + "x" * 2990 + "@everyone" * 300,
)


def shout(words: str) -> Reply:
    """A reply that has these words wherever words can be, and buttons with the longest ids."""
    return Reply(
        Text("{a} {b}", a=words, b=Bold(words)),
        Text("{a}", a=words),
        tuple(Field(words, Text("{a}", a=words)) for _ in range(3)),
        tuple(Button(words, f"case.open:{n}:".ljust(100, "x")) for n in range(3)),
    )
