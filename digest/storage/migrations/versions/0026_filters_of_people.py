"""indexes for the filters by which people are found: source, tag, stopped

Revision: 0026; follows: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_index("ix_subscription_source", "subscription", ["list_id", "consent_how", "subscriber_id"])
    op.create_index("ix_subscriber_tag_people", "subscriber_tag", ["list_id", "tag", "subscriber_id"])
    op.drop_index("ix_subscriber_tag_tag", "subscriber_tag")
    few = sa.text("disabled_reason IS NOT NULL")
    op.create_index("ix_subscriber_stopped", "subscriber", ["id"], sqlite_where=few, postgresql_where=few)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_subscriber_stopped", "subscriber")
    op.create_index("ix_subscriber_tag_tag", "subscriber_tag", ["list_id", "tag"])
    op.drop_index("ix_subscriber_tag_people", "subscriber_tag")
    op.drop_index("ix_subscription_source", "subscription")
