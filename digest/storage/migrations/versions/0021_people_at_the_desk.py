"""people at the desk: the words they are found by, files that wait to be imported, logos

Revision: 0021; follows: 0020
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime
STATES = ("new", "waiting", "running", "done", "failed")
NOTED = "INSERT INTO unindexed_person (subscriber_id) {} ON CONFLICT (subscriber_id) DO UPDATE SET subscriber_id = excluded.subscriber_id"


def _of_person(*, primary_key: bool) -> sa.Column[int]:
    key = sa.ForeignKey("subscriber.id", ondelete="CASCADE")
    return sa.Column("subscriber_id", sa.Integer(), key, nullable=False, primary_key=primary_key)


def upgrade() -> None:
    """Go to this revision. Whoever is there waits for their words, which are made beside the work."""
    # In the order of code points on both: a word's beginning is then a range.
    collation = "C" if op.get_bind().dialect.name == "postgresql" else None
    word = sa.Column("word", TEXT() if collation is None else sa.String(collation=collation), nullable=False)
    op.create_table(
        "person_word",
        word,
        _of_person(primary_key=False),
        sa.PrimaryKeyConstraint("word", "subscriber_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_word_subscriber_id", "person_word", ["subscriber_id"])
    op.create_table("unindexed_person", _of_person(primary_key=True))
    op.execute(NOTED.format("SELECT id FROM subscriber WHERE true"))
    _triggers()
    few = sa.text("state <> 'confirmed'")
    op.create_index(
        "ix_subscription_not_confirmed",
        "subscription",
        ["list_id", "state", "subscriber_id"],
        sqlite_where=few,
        postgresql_where=few,
    )
    state = sa.Enum(*STATES, name="uploadstate", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        "people_upload",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column(
            "list_id", sa.Integer(), sa.ForeignKey("mailing_list.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("file", TEXT(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("created_at", TIME(), nullable=False),
        sa.Column("ends_at", TIME(), nullable=False),
        sa.Column("started_at", TIME(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("refused", TEXT(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_people_upload_list_id", "people_upload", ["list_id"])
    op.create_index("ix_people_upload_ends_at", "people_upload", ["ends_at"])
    op.create_table(
        "list_logo",
        sa.Column("name", TEXT(), nullable=False, primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", TIME(), nullable=False),
    )


def _triggers() -> None:
    """Whoever writes a person: the database itself notes that their words are to be made."""
    if op.get_bind().dialect.name == "sqlite":
        one = NOTED.format("SELECT new.id WHERE true")
        op.execute(f"CREATE TRIGGER person_came AFTER INSERT ON subscriber BEGIN {one}; END")
        op.execute(
            "CREATE TRIGGER person_changed AFTER UPDATE OF email, name ON subscriber "
            f"WHEN old.email <> new.email OR old.name <> new.name BEGIN {one}; END"
        )
        return
    every = NOTED.format("SELECT id FROM came")
    op.execute(
        f"CREATE FUNCTION note_people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {every}; RETURN NULL; END $$"
    )
    changed = NOTED.format("SELECT new.id")
    op.execute(
        f"CREATE FUNCTION note_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {changed}; RETURN NULL; END $$"
    )
    # Once a statement: an import adds thousands with one.
    op.execute(
        "CREATE TRIGGER person_came AFTER INSERT ON subscriber REFERENCING NEW TABLE AS came "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_people()"
    )
    op.execute(
        "CREATE TRIGGER person_changed AFTER UPDATE OF email, name ON subscriber FOR EACH ROW "
        "WHEN (old.email IS DISTINCT FROM new.email OR old.name IS DISTINCT FROM new.name) "
        "EXECUTE FUNCTION note_person()"
    )


def downgrade() -> None:
    """Go back: what waits to be imported is dropped."""
    op.drop_index("ix_subscription_not_confirmed", "subscription")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER person_came")
        op.execute("DROP TRIGGER person_changed")
    else:
        op.execute("DROP TRIGGER person_came ON subscriber")
        op.execute("DROP TRIGGER person_changed ON subscriber")
        op.execute("DROP FUNCTION note_people()")
        op.execute("DROP FUNCTION note_person()")
    for table in ("list_logo", "people_upload", "unindexed_person", "person_word"):
        op.drop_table(table)
