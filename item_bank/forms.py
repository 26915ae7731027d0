"""What the vault remembers of a published form: its words and the seal of its key, never the key."""

from __future__ import annotations

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from item_bank.columns import Moment, Name, Sha256
from item_bank.vault import VaultModel


class PublishedForm(VaultModel):
    """A form as it was published; from here it crosses to the exam store once, and never changes."""

    __tablename__ = "published_form"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    form_id: Mapped[Sha256] = mapped_column(primary_key=True)
    key_seal: Mapped[Sha256]
    code: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[Name]
    instrument: Mapped[str] = mapped_column(String(40))
    document: Mapped[bytes] = mapped_column(LargeBinary)  # canonical bytes, because the form's name is their hash
    published: Mapped[Moment]
