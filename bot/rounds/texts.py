"""What the bot calls its own doings, and what it says about itself."""

from __future__ import annotations

from bot.chat.replies import Bold, CommandName, Field, Reply, Text, lines

RESUME, JOIN = CommandName("group resume"), CommandName("group join")

ROOTS = {
    "group": "Group",
    "meeting": "Meeting",
    "case": "Cases",
    "turn": "Turns",
    "my": "Me",
    "rounds": "Rounds",
}
"""The word for each slash command on a button."""

ABOUT_ROOTS = {
    "group": "Your group: when and where it meets, and who is in it.",
    "meeting": "The meetings: what comes next, who comes, beginning and ending.",
    "case": "The case queue: what you would like to bring, and the order.",
    "turn": "A speaking round: everybody is asked once, in order.",
    "my": "You: your time zone, quiet hours, absences and groups.",
    "rounds": "Me: help, buttons for everything, what I do next, what I keep.",
}
"""What each slash command is about, in a sentence."""

KINDS = {
    "call": "call for cases",
    "agenda": "agenda",
    "reminder": "reminder in the channel",
    "nudge": "private reminder to whoever has not answered",
    "start": "start of the meeting",
    "unbegun": "who takes it? (if nobody has begun)",
    "time-up": "end of the phase (if nobody has gone on)",
    "overtime": "time is over (if nobody has ended the meeting)",
    "after": "what comes next",
}
"""What each kind of post is called when its time is told beforehand."""

WHY_PAUSED = {
    "asked": Text("a member paused it. It goes on when somebody types {resume}", resume=RESUME),
    "empty": Text("nobody is in it. It goes on when somebody types {join}", join=JOIN),
    "closing": Text("it was closed and is being erased"),
}
"""Why a group is paused and what ends that, where its members did it themselves."""

LOST = Text(
    "I cannot reach its channel any more. Type {start} in another channel, "
    "and I offer to move the group there",
    start=CommandName("group start"),
)


def root_label(root: str) -> str:
    """The word for a slash command on a button; its own name where nobody gave it one."""
    return ROOTS.get(root, root.capitalize())


def about_root(root: str) -> Text:
    """What a slash command is about."""
    return Text(ABOUT_ROOTS.get(root, ""))


def paused(name: str, why: str | None) -> Text:
    """The group is paused: why, and what ends it."""
    return Text(
        "{name} is paused: {why}. Until then I say nothing.",
        name=Bold(name),
        why=WHY_PAUSED.get(why or "", LOST),
    )


def kind_of_post(kind: str, private: bool) -> str:
    """What a post is called."""
    return KINDS.get(kind, "private message to you" if private else "message in the channel")


ABOUT = Reply(
    lines(
        Text(
            "I am Rounds: clock, queue and memory for a peer consultation group without a leader. "
            "I am never the clinician, and never the boss: every member can do everything."
        ),
        Text(
            "Nothing here is a health record. No business associate agreement (BAA) stands "
            "behind me, so nothing that points to a client belongs here: no names, dates, "
            "places or contact details, here or in the channel. Say the least that serves. I look "
            "for them in what you write to me and ask you first, but I cannot find everything; "
            "messages and files I do not read at all."
        ),
    ),
    title=Text("What I keep"),
    fields=(
        Field(
            "What I store",
            Text(
                "The group's name, schedule and settings. Your reference on this platform, "
                "never your name. Your time zone, quiet hours and absences; your answers to "
                "meetings, whether you took part, the roles you had and when you last spoke "
                "or presented, so that turns are fair. The titles and questions of cases, and what "
                "members write about a case in writing or as a meeting closes, encrypted. While a "
                "meeting runs its phases, who is there and whose turn it is, until it ends. Which "
                "cases you sit out, for your eyes only, until the meeting after they were heard. "
                "The perspective card you were dealt last."
            ),
        ),
        Field(
            "For how long",
            Text(
                "Titles and questions go 30 days after a case was heard or withdrawn; {settings} "
                "can say 0 to 90. What presenters mean to do goes when the next meeting is over. "
                "The rest stays until you say {forget} or all say {close}, or until I was gone "
                "from here for 7 days. {export} shows what I keep about you. Chat messages are "
                "also kept by the platform, by its own rules.",
                settings=CommandName("group settings"),
                forget=CommandName("my forget"),
                close=CommandName("group close"),
                export=CommandName("my export"),
            ),
        ),
        Field(
            "Who sees it",
            Text(
                "The members of the group; your take-aways no other member can read. Whoever runs "
                "this bot holds the keys, and could. My logs hold numbers, never what anybody "
                "wrote. Nobody is ranked, and nothing is sold or passed on. Every field I store "
                "is listed in docs/privacy.md, which comes with this program."
            ),
        ),
        Field(
            "In an emergency",
            Text(
                "I am no crisis line. Consult now: a supervisor, a colleague on call, a legal "
                "or ethics line, emergency services."
            ),
        ),
    ),
)

PANEL = Text("What is it about? Only you see these buttons.")

HELP = Text(
    "Type a command or press buttons: {panel} has one for each. Options are written "
    "name: value, in any order. {more} says more of one.",
    panel=CommandName("rounds panel"),
    more=Text("{help} command: case add", help=CommandName("rounds help")),
)
