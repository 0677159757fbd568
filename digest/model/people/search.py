"""The words by which people are found, and who waits to be looked up by them."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class PersonWord(SQLModel, table=True):
    """One word of a person's name or address, folded: spelled alike however it is written."""

    __tablename__ = "person_word"
    __table_args__ = (
        # Whether one person has a word is answered by this index alone.
        Index("ix_person_word_person", "subscriber_id", "word"),
        {"sqlite_with_rowid": False},
    )

    word: str = Field(primary_key=True)
    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", primary_key=True)


class UnindexedPerson(SQLModel, table=True):
    """A person who came, or whose name or address changed, since the words were last made.

    A trigger of the database writes it, whoever writes the person.
    """

    __tablename__ = "unindexed_person"

    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", primary_key=True)
