"""What people are answered when they send a form of the group's settings."""

from bot.chat.replies import Form
from bot.features import COMMANDS
from bot.store.database import Database
from tests.circle import a_circle, words


async def test_a_form_sent_without_anything_changes_nothing_and_opens_no_other(
    sqlite_database: Database,
) -> None:
    circle = await a_circle(sqlite_database, COMMANDS)
    shown = await circle.say("ana", "/group show")
    form = await circle.press("ana", shown, "Reminder times")
    assert isinstance(form, Form)

    written = {field.name: "   " for field in form.inputs}
    answer = await circle.app.submit(circle.request("ana"), form.action, written)

    assert words(answer) == "Nothing was changed."
    assert await circle.posts("changed") == []
