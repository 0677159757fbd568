"""one key for each purpose; signed calls of providers that were taken

Revision: 0007; follows: 0005

Until now one key sealed links and return paths and hashed the addresses that are never mailed: the one kept here as
`links`, or `web.secret` where that was set. What it sealed must stay readable. Where there is anything of that kind, a
marker is left, and the first process that opens the database takes over the key that is in use, `web.secret` included
(digest/services/keys.py).
"""

from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
TIME = sqlmodel.sql.sqltypes.UTCDateTime()
SECRET = sa.table(
    "secret",
    sa.column("name", TEXT),
    sa.column("value", TEXT),
    sa.column("created_at", TIME),
    sa.column("purpose", TEXT),
    sa.column("origin", TEXT),
    sa.column("retired_at", TIME),
)
IN_USE = sa.text("retired_at IS NULL")


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("secret", sa.Column("purpose", TEXT, nullable=False, server_default=""))
    op.add_column("secret", sa.Column("origin", TEXT, nullable=False, server_default="made"))
    op.add_column("secret", sa.Column("used_from", TIME, nullable=True))
    op.add_column("secret", sa.Column("retired_at", TIME, nullable=True))
    op.add_column(
        "secret", sa.Column("leaked", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    _take_over(op.get_bind(), datetime.now(UTC))  # noqa: TID251 - no app, no clock
    op.create_index(
        "one_key_in_use", "secret", ["purpose"], unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE
    )
    op.create_table(
        "taken_call",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("body_hash", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_taken_call_at", "taken_call", ["at"], unique=False)


def _take_over(connection: sa.Connection, now: datetime) -> None:
    names = list(connection.execute(sa.select(SECRET.c.name)).scalars())
    for name in names:
        # Names with a dot: keys that a newer version had retired before this database went back to the older schema.
        purpose, dot, _ = name.partition(".")
        origin = "shared" if name == "links" else "made"
        change = {"purpose": purpose, "origin": origin, "retired_at": now if dot else None}
        connection.execute(sa.update(SECRET).where(SECRET.c.name == name).values(change))
    held = any(
        connection.execute(sa.select(sa.literal(1)).select_from(sa.table(one)).limit(1)).first()
        for one in ("secret", "suppression", "subscriber", "edition")
    )
    if held:
        marker = {"name": "older", "value": "", "created_at": now, "purpose": "", "origin": "marker"}
        connection.execute(sa.insert(SECRET).values(**marker, retired_at=now))


def downgrade() -> None:
    """Go back to the revision before.

    The version before has one key for all. It gets the one that hashes addresses: nobody who must not be mailed is.
    Links that another key sealed do not open there; the keys stay, and open them again when the schema is upgraded.
    """
    connection = op.get_bind()
    connection.execute(sa.delete(SECRET).where(SECRET.c.origin == "marker"))
    rows = connection.execute(sa.select(SECRET).order_by(SECRET.c.created_at)).mappings().all()
    for number, row in enumerate(rows):
        named = sa.update(SECRET).where(SECRET.c.name == row["name"])
        connection.execute(named.values(name=f"{row['purpose']}.{number}"))
    in_use = {row["purpose"]: number for number, row in enumerate(rows) if row["retired_at"] is None}
    for purpose, number in in_use.items():
        if purpose != "links":
            named = sa.update(SECRET).where(SECRET.c.name == f"{purpose}.{number}")
            connection.execute(named.values(name=purpose))
    if "suppression" in in_use:
        hashing = rows[in_use["suppression"]]
        connection.execute(
            sa.insert(SECRET).values(
                name="links",
                value=hashing["value"],
                created_at=hashing["created_at"],
                purpose="links",
                origin="shared",
                retired_at=hashing["created_at"],
            )
        )
    elif "links" in in_use:
        named = sa.update(SECRET).where(SECRET.c.name == f"links.{in_use['links']}")
        connection.execute(named.values(name="links"))
    op.drop_index("ix_taken_call_at", table_name="taken_call")
    op.drop_table("taken_call")
    op.drop_index("one_key_in_use", table_name="secret")
    for column in ("leaked", "retired_at", "used_from", "origin", "purpose"):
        op.drop_column("secret", column)
