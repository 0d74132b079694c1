"""Everything that can be set: one typed section for each part of the bot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.keys.masters import MasterError, read_master

Key = tuple[str, ...]

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("must look like sqlite:///rounds.db or postgresql://…") from None
    if url.drivername not in DRIVERS:
        raise ValueError("must begin with sqlite:// or postgresql://")
    normal = url.set(drivername=DRIVERS[url.drivername])
    return normal.render_as_string(hide_password=False)


def _address(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        scheme, found, rest = value.partition("://")
        if not found or scheme not in schemes or not rest.strip("/"):
            raise ValueError("must begin with " + " or ".join(f"{name}://" for name in schemes))
        return value

    return AfterValidator(check)


def _token(value: SecretStr | None) -> SecretStr | None:
    text = value.get_secret_value().strip() if value else ""
    if any(char.isspace() for char in text):
        raise ValueError("must be one word; is there something else in it?")
    return SecretStr(text) if text else None


def _master(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        try:
            read_master(value.get_secret_value())
        except MasterError as error:
            raise ValueError(str(error)) from None
    return value


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
KeysUrl = Annotated[str, AfterValidator(lambda value: value and _database_url(value))]
Master = Annotated[SecretStr | None, AfterValidator(_token), AfterValidator(_master)]
WebUrl = Annotated[str, _address("http", "https")]
SocketUrl = Annotated[str, _address("ws", "wss")]
Token = Annotated[SecretStr | None, AfterValidator(_token)]
Port = Annotated[int, Field(ge=0, le=65535)]


class Section(BaseModel):
    """What all sections share: nothing unknown, nothing guessed, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class DatabaseConfig(Section):
    """Where everything is kept."""

    url: DatabaseUrl = Field(default="sqlite+aiosqlite:///rounds.db", repr=False)

    @property
    def parsed(self) -> URL:
        """The address in parts; its text form hides the password."""
        return make_url(self.url)

    @property
    def sqlite_file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL and for a database in memory."""
        name = self.parsed.database
        if self.parsed.get_backend_name() != "sqlite" or name in {None, "", ":memory:"}:
            return None
        return Path(str(name))


class KeysConfig(Section):
    """What encrypts what people write, and where its keys are."""

    master: Master = None
    next: Master = None
    file: str = ""
    url: KeysUrl = Field(default="", repr=False)


class DiscordConfig(Section):
    """The Discord side: it runs when its token is there."""

    token: Token = None
    api_url: WebUrl = "https://discord.com/api/v10"
    gateway_url: SocketUrl = "wss://gateway.discord.gg/"


class SlackConfig(Section):
    """The Slack side: it runs when its tokens are there."""

    bot_token: Token = None
    app_token: Token = None
    signing_secret: Token = None
    api_url: WebUrl = "https://slack.com/api/"
    mode: Literal["socket", "http"] = "socket"
    host: str = "127.0.0.1"
    port: Port = 3000
    prefix: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,16}$")] = ""
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 300


class SchedulerConfig(Section):
    """How often the bot looks for what is due."""

    tick_seconds: Annotated[float, Field(ge=0.05, le=60)] = 10.0


class HealthConfig(Section):
    """Where a supervisor asks whether the bot is alive and ready."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 8377


class FormatsConfig(Section):
    """Where an operator keeps formats of their own."""

    folder: str = ""

    @property
    def path(self) -> Path | None:
        """The folder; None where there are no formats but the bundled ones."""
        return Path(self.folder).expanduser() if self.folder.strip() else None


def _no_debug(value: object) -> object:
    if value == "debug":
        raise ValueError(
            "debug may write down what people wrote, so it is no setting: on a test server, start "
            "with `rounds run --unsafe-debug`"
        )
    return value


class LogConfig(Section):
    """How much the bot says about its own work."""

    level: Annotated[Literal["info", "warning", "error"], BeforeValidator(_no_debug)] = "info"


class Config(BaseSettings):
    """All settings; without a file and without variables the defaults hold."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True
    )

    database: DatabaseConfig = DatabaseConfig()
    keys: KeysConfig = KeysConfig()
    discord: DiscordConfig = DiscordConfig()
    slack: SlackConfig = SlackConfig()
    scheduler: SchedulerConfig = SchedulerConfig()
    health: HealthConfig = HealthConfig()
    formats: FormatsConfig = FormatsConfig()
    log: LogConfig = LogConfig()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands over: a variable SLACK or LOG of something else is not ours."""
        return (init_settings,)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that have their tokens."""
        wanted = {"discord": self.discord.token, "slack": self.slack.bot_token}
        return tuple(name for name, token in wanted.items() if token)


def setting_names() -> Iterator[Key]:
    """Every setting there is, as section and name."""
    for section, field in Config.model_fields.items():
        assert isinstance(field.annotation, type)
        assert issubclass(field.annotation, BaseModel)
        for name in field.annotation.model_fields:
            yield section, name
