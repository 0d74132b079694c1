"""The second wall between spaces: PostgreSQL itself keeps their rows apart.

The first wall is in the statements, which name their group. Behind it each request acts as a role
that sees the rows of its own space alone, whatever a statement asks for; ticks and deliveries act
as another one, which sees them all. Neither owns a table. The wall is a matter of what is in the
database, not of a step of its schema: it is looked at whenever the schema is, and covers every
table that has a `space_id` by then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.requests import Request

REQUEST, SCHEDULE = "rounds_request", "rounds_schedule"
"""The roles: of whoever asks something, and of the bot's own work."""

BESIDES = {
    "spaces": "SELECT, UPDATE, DELETE",
    "requests_seen": "INSERT, SELECT (id)",
    "facts": "SELECT",
    "alembic_version": "",
}
"""What a request may do with the tables that have no `space_id`; with all others, everything."""

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
NOT_ALLOWED = "42501"
"""PostgreSQL's code for what this login may not do."""

THERE_ALREADY = ("42710", "23505")
"""PostgreSQL's codes for a role that is there, or that another transaction has just made."""

SQL_TO_PUT_UP = (
    f"CREATE ROLE {REQUEST} NOLOGIN; CREATE ROLE {SCHEDULE} NOLOGIN; "
    f"GRANT {REQUEST}, {SCHEDULE} TO {{login}};"
)
"""What an administrator of the server does where the bot may not create roles by itself."""

IS_UP = (
    "SELECT EXISTS (SELECT FROM pg_policies"
    f" WHERE policyname = '{SCHEDULE}' AND schemaname = current_schema())"
)

_MINE = "ANY (NULLIF(current_setting('rounds.spaces', true), '')::int[])"


def _opening(spaces: str) -> TextClause:
    """One statement: note which spaces are the request's, then step behind the wall."""
    noted = f"set_config('rounds.spaces', COALESCE(CAST(({spaces}) AS text), '{{}}'), true)"
    role = f"CASE WHEN {noted} IS NOT NULL THEN '{REQUEST}' END"
    return text(f"SELECT set_config('role', {role}, true)")


_IN_SPACE = _opening(
    "SELECT array_agg(s.id) FROM spaces s WHERE s.platform = :platform AND s.ref = :space"
)
_IN_PRIVATE = _opening(
    "SELECT array_agg(s.id) FROM spaces s JOIN people p ON p.space_id = s.id"
    " WHERE s.platform = :platform AND p.ref = :person"
)
_OUT = text(f"SELECT set_config('role', '{SCHEDULE}', true)")


async def step_in(session: AsyncSession, request: Request) -> None:
    """From now on this transaction sees the request's space; in private, those of its person."""
    session.info["walled"] = True
    if request.space is None:
        values = {"platform": request.platform, "person": request.person}
        await session.execute(_IN_PRIVATE, values)
    else:
        values = {"platform": request.platform, "space": request.space}
        await session.execute(_IN_SPACE, values)


@asynccontextmanager
async def beyond(session: AsyncSession, request: Request) -> AsyncIterator[None]:
    """Stand before the wall for a moment: a request that is the first of its space writes it."""
    walled = session.info.get("walled")
    if walled:
        await session.execute(_OUT)
    yield
    if walled:
        await step_in(session, request)


def take_down_for_owner(connection: Connection) -> None:
    """Let the owner see all rows until `put_up`: a step that alters rows must find them."""
    for table in connection.scalars(_FORCED).all():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')


def put_up(connection: Connection) -> bool:
    """Put the wall up, or the part of it that is missing; say whether it stands.

    It does not where the bot may not create the roles and nobody else has.
    """
    if connection.dialect.name != "postgresql":
        return True
    try:
        with connection.begin_nested():
            for role in (REQUEST, SCHEDULE):
                _have_role(connection, role)
            for table, own in connection.execute(_LACKING).all():
                _put_around(connection, table, own)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_ALLOWED:
            raise
        return False
    return True


def _have_role(connection: Connection, role: str) -> None:
    known = connection.scalar(text("SELECT to_regrole(:role)"), {"role": role})
    if known is None:
        _make_role(connection, role)
    since_16 = (connection.dialect.server_version_info or (0,)) >= (16,)
    may = text(f"SELECT pg_has_role(:role, '{'SET' if since_16 else 'MEMBER'}')")
    if not connection.scalar(may, {"role": role}):
        how = " WITH INHERIT FALSE, SET TRUE" if since_16 else ""
        connection.exec_driver_sql(f"GRANT {role} TO CURRENT_USER{how}")


def _make_role(connection: Connection, role: str) -> None:
    """Roles are the whole server's: another database's bot may be making them just now."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"CREATE ROLE {role} NOLOGIN")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in THERE_ALREADY:
            raise


def _put_around(connection: Connection, table: str, own: str | None) -> None:
    """Let the roles at a table; where it has a column that names the space, only at their rows."""
    may = BESIDES.get(table, EVERYTHING)
    sequences = connection.scalars(_SEQUENCES, {"table": table}).all()
    statements = [
        f"GRANT USAGE ON SCHEMA {connection.scalar(_SCHEMA)} TO {REQUEST}, {SCHEDULE}",
        f'GRANT {EVERYTHING} ON "{table}" TO {SCHEDULE}',
        *([f'GRANT {may} ON "{table}" TO {REQUEST}'] if may else []),
        *(f"GRANT USAGE, SELECT ON SEQUENCE {s} TO {REQUEST}, {SCHEDULE}" for s in sequences),
    ]
    if own is not None:
        statements += [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'DROP POLICY IF EXISTS {REQUEST} ON "{table}"',
            f'DROP POLICY IF EXISTS {SCHEDULE} ON "{table}"',
            f'CREATE POLICY {REQUEST} ON "{table}" TO {REQUEST} USING ({own} = {_MINE})',
            # The login may inherit from the role, and shall see nothing by that alone.
            f'CREATE POLICY {SCHEDULE} ON "{table}" TO {SCHEDULE}'
            f" USING (current_user = '{SCHEDULE}')",
        ]
    for statement in statements:
        connection.exec_driver_sql(statement)


_SCHEMA = text("SELECT quote_ident(current_schema())")

_FORCED = text(
    "SELECT relname FROM pg_class"
    " WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relforcerowsecurity"
)

_LACKING = text(
    f"""
    SELECT c.relname, own.name FROM pg_class c
    LEFT JOIN LATERAL (
        SELECT CASE c.relname WHEN 'spaces' THEN 'id' ELSE 'space_id' END AS name
        FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
            AND a.attname = CASE c.relname WHEN 'spaces' THEN 'id' ELSE 'space_id' END
    ) own ON true
    WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p')
        AND (own.name IS NOT NULL OR c.relname IN ({", ".join(f"'{name}'" for name in BESIDES)}))
        AND NOT (
            has_table_privilege('{SCHEDULE}', c.oid, 'SELECT')
            AND (own.name IS NULL OR c.relforcerowsecurity AND 2 = (
                SELECT count(*) FROM pg_policy p
                WHERE p.polrelid = c.oid AND p.polname IN ('{REQUEST}', '{SCHEDULE}')
            ))
        )
    ORDER BY c.relname
    """
)
"""Tables that the wall does not go round yet, with the column that says whose a row is."""

_SEQUENCES = text(
    """
    SELECT quote_ident(s.relname) FROM pg_class s
    JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
    JOIN pg_class t ON t.oid = d.refobjid
    WHERE s.relkind = 'S' AND t.relname = :table
        AND t.relnamespace = CAST(current_schema() AS regnamespace)
    """
)
