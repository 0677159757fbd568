"""signatures of providers' calls that were believed: each is good for one content

Revision: 0009; follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "heard_call",
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_heard_call")),
    )
    op.create_index(op.f("ix_heard_call_at"), "heard_call", ["at"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index(op.f("ix_heard_call_at"), table_name="heard_call")
    op.drop_table("heard_call")
