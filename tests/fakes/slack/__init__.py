"""A Slack of our own: Web API, Socket Mode, signed HTTP, and people who use it."""

from tests.fakes.slack.checks import SPECS, schemas_present
from tests.fakes.slack.people import FakeSlack
from tests.fakes.slack.state import Channel, Message, Seen, User, View

__all__ = ["SPECS", "Channel", "FakeSlack", "Message", "Seen", "User", "View", "schemas_present"]
