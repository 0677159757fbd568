"""Edits of editions in the store, in the order in which they apply."""

from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Edit, Edition, EditionEdit
from digest.model.editions.edition_moves import Move
from digest.storage.editions.states import open_to


async def of_edition(session: AsyncSession, edition_id: int) -> list[EditionEdit]:
    """Return an edition's edits, first one first."""
    query = select(EditionEdit).where(EditionEdit.edition_id == edition_id)
    found = await session.exec(
        query.order_by(col(EditionEdit.version)).execution_options(populate_existing=True)
    )
    return list(found.all())


async def write(session: AsyncSession, edition_id: int, seen: int, **values: Any) -> bool:
    """Change what an edition says, if it stands in that version and may still be changed; its version grows.

    False: it does not, and nothing was written.
    """
    done = await session.exec(
        update(Edition)
        .where(col(Edition.id) == edition_id, col(Edition.version) == seen, open_to(Move.COMPOSE))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


def row_of(edition_id: int, version: int, edit: Edit, made_by: str, made_at: datetime) -> EditionEdit:
    """Return an edit as it is kept: it led to that version."""
    kept = edit.model_dump(mode="json", exclude_defaults=True) | {"kind": edit.kind.value}
    return EditionEdit(edition_id=edition_id, version=version, edit=kept, made_by=made_by, made_at=made_at)


async def add(session: AsyncSession, made: EditionEdit) -> None:
    """Keep an edit."""
    session.add(made)
    await session.flush()


async def remove(session: AsyncSession, edit_id: int) -> None:
    """Forget an edit that was undone."""
    await session.exec(delete(EditionEdit).where(col(EditionEdit.id) == edit_id))
