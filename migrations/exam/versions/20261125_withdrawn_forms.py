"""Know which forms were withdrawn, and what a form is for."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261125_withdrawn_forms"
down_revision = "20261123_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "withdrawn_form",
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.form_id"], name=op.f("fk_withdrawn_form_form_id_form")),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_withdrawn_form")),
        info={"append_only": True},
    )
    op.add_column("form", sa.Column("purpose", sa.String(length=20), server_default="assessment", nullable=False))

    protect(op.get_bind(), "withdrawn_form")


def downgrade() -> None:
    """Go back to the version before."""
    op.execute("ALTER TABLE form DROP COLUMN purpose")

    op.drop_table("withdrawn_form")
