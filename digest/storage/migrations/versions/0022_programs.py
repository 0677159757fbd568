"""programs: their keys, answers kept for requests that are asked twice, webhooks and their messages,
channels and their ledger

Revision: 0022; follows: 0021
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column("name", TEXT(), nullable=False, unique=True),
        sa.Column("key_hash", TEXT(), nullable=False, unique=True),
        sa.Column("start", TEXT(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("list_id", sa.Integer(), sa.ForeignKey("mailing_list.id", ondelete="CASCADE")),
        sa.Column("created_at", TIME(), nullable=False),
        *(sa.Column(name, TIME(), nullable=True) for name in ("expires_at", "revoked_at", "last_used_at")),
    )
    op.create_index("ix_api_key_list_id", "api_key", ["list_id"])
    op.create_table(
        "kept_answer",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column(
            "api_key_id", sa.Integer(), sa.ForeignKey("api_key.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("idempotency_key", TEXT(), nullable=False),
        sa.Column("fingerprint", TEXT(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", TEXT(), nullable=False),
        sa.Column("location", TEXT(), nullable=False),
        sa.Column("created_at", TIME(), nullable=False),
        sa.UniqueConstraint("api_key_id", "idempotency_key"),
    )
    op.create_index("ix_kept_answer_created_at", "kept_answer", ["created_at"])
    _webhooks()
    _channels()


def _channels() -> None:
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column("name", TEXT(), nullable=False, unique=True),
        sa.Column("kind", _words("channelkind", "telegram", "webhook"), nullable=False),
        sa.Column(
            "list_id", sa.Integer(), sa.ForeignKey("mailing_list.id", ondelete="CASCADE"), nullable=False
        ),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("target", "secret")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("editions", "alerts")),
        sa.Column("created_at", TIME(), nullable=False),
        sa.Column("broken", TEXT(), nullable=False),
    )
    op.create_index("ix_channel_list_id", "channel", ["list_id"])
    op.create_table(
        "channel_post",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column(
            "channel_id", sa.Integer(), sa.ForeignKey("channel.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "edition_id", sa.Integer(), sa.ForeignKey("edition.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("state", _words("poststate", "waiting", "sent", "failed"), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("revision", "attempts")),
        sa.Column("created_at", TIME(), nullable=False),
        *(sa.Column(name, TIME(), nullable=True) for name in ("next_try_at", "posted_at")),
        sa.Column("error", TEXT(), nullable=False),
        sa.UniqueConstraint("channel_id", "edition_id"),
    )
    for column in ("edition_id", "next_try_at"):
        op.create_index(f"ix_channel_post_{column}", "channel_post", [column])


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column("name", TEXT(), nullable=False, unique=True),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("url", "secret")),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("list_id", sa.Integer(), sa.ForeignKey("mailing_list.id", ondelete="CASCADE")),
        sa.Column("created_at", TIME(), nullable=False),
        sa.Column("stopped", TEXT(), nullable=False),
    )
    op.create_index("ix_webhook_list_id", "webhook", ["list_id"])
    op.create_table(
        "webhook_message",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column(
            "webhook_id", sa.Integer(), sa.ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False
        ),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("message_id", "event", "list_slug")),
        sa.Column("subscriber_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", TIME(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, TIME(), nullable=True) for name in ("next_try_at", "delivered_at")),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", TEXT(), nullable=False),
    )
    op.create_index("ix_webhook_message_log", "webhook_message", ["webhook_id", "id"])
    for column in ("at", "next_try_at"):
        op.create_index(f"ix_webhook_message_{column}", "webhook_message", [column])


def downgrade() -> None:
    """Go back: programs have no keys any more, are told of nothing, and nothing is posted."""
    op.drop_table("channel_post")
    op.drop_table("channel")
    op.drop_table("webhook_message")
    op.drop_table("webhook")
    op.drop_table("kept_answer")
    op.drop_table("api_key")
