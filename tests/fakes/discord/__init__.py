"""A Discord on a free local port: strict like the real one, and driven in a user's words."""

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.traffic import Fault, Limits
from tests.fakes.discord.world import Channel, Guild, Interaction, Message, Modal, Shown, User

__all__ = [
    "Channel",
    "FakeDiscord",
    "Fault",
    "Guild",
    "Interaction",
    "Limits",
    "Message",
    "Modal",
    "Shown",
    "User",
]
