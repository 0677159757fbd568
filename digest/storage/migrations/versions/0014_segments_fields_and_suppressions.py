"""segments, fields of a list's own, tags, and what is recorded about suppressions

Revision: 0014; follows: 0013
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
UTC_TIME = sqlmodel.sql.sqltypes.UTCDateTime()
KINDS = ("text", "number", "date", "choice")
ADDED = {
    "suppression": ("note VARCHAR NOT NULL DEFAULT ''",),
    "edition": ("segment JSON", "words_dropped BOOLEAN NOT NULL DEFAULT false"),
    "mailing_list": ("indexed BOOLEAN NOT NULL DEFAULT true",),
    "signup": ("answers JSON NOT NULL DEFAULT '{}'",),
}


def upgrade() -> None:
    """Go to this revision."""
    # Without a batch: making the tables anew would, on SQLite, take with them the rows that refer to theirs.
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index("ix_suppression_created_at", "suppression", ["created_at"])
    op.create_table(
        "suppression_removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", TEXT, nullable=False),
        sa.Column("was", TEXT, nullable=False),
        sa.Column("suppressed_at", UTC_TIME, nullable=False),
        sa.Column("removed_at", UTC_TIME, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_suppression_removal_address_hash", "suppression_removal", ["address_hash"])
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("changed_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("list_id", "name"),
    )
    op.create_table(
        "edition_text",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("folded", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition_id"),
    )
    _own_fields()


def _own_fields() -> None:
    op.create_table(
        "custom_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="fieldkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("in_form", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("list_id", "key"),
    )
    op.create_table(
        "field_value",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("compared", TEXT, nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["field_id"], ["custom_field.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subscriber_id", "field_id"),
    )
    op.create_index("ix_field_value_compared", "field_value", ["field_id", "compared"])
    op.create_index("ix_field_value_number", "field_value", ["field_id", "number"])
    op.create_table(
        "subscriber_tag",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.Column("given_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["list_id"], ["mailing_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subscriber_id", "list_id", "tag"),
    )
    op.create_index("ix_subscriber_tag_tag", "subscriber_tag", ["list_id", "tag"])


def downgrade() -> None:
    """Go back to the revision before."""
    for table in (
        "subscriber_tag",
        "field_value",
        "custom_field",
        "segment",
        "edition_text",
        "suppression_removal",
    ):
        op.drop_table(table)
    op.drop_index("ix_suppression_created_at", table_name="suppression")
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.partition(" ")[0])
