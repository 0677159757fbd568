"""Write an edition as files for a browser and a mail program."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.errors import StoreError
from digest.model import EditionContent, MailingList
from digest.render.message.mime import prepare
from digest.render.message.rendered import RenderedEdition
from digest.services.app import App
from digest.services.editions.composing.compose import Case
from digest.services.mail_jobs import nobody

READER = "reader@mujaz.example"


@dataclass(frozen=True, slots=True)
class Preview:
    """Where a preview was written."""

    html: Path
    text: Path
    eml: Path
    why: Path


def as_read(app: App, mailing_list: MailingList, content: EditionContent) -> RenderedEdition:
    """Return an edition's mail as a reader gets it who told the list nothing of himself: greeting, address
    and links are filled in, and lead to nobody.

    Raises:
        ConfigError, EditionHeldError: it cannot be rendered.
    """
    rendered = app.renderer.render(mailing_list, content)
    prepared = prepare(rendered, app.renderer.head(mailing_list, content.number, content.window_end))
    recipient = nobody(app, mailing_list, READER, "preview", "preview")
    filled = {"html": prepared.html(recipient), "text": prepared.text(recipient)}
    return rendered.model_copy(update=filled)


async def write_preview(
    app: App, mailing_list: MailingList, content: EditionContent, folder: Path, *, cases: Sequence[Case] = ()
) -> Preview:
    """Write preview.html, preview.txt and preview.eml for a reader who does not exist, and why.txt with each
    story's verdict.

    Raises:
        StoreError: the folder cannot be written.
    """
    return await asyncio.to_thread(_write, app, mailing_list, content, folder, cases)


def _write(
    app: App, mailing_list: MailingList, content: EditionContent, folder: Path, cases: Sequence[Case]
) -> Preview:
    rendered = app.renderer.render(mailing_list, content)
    prepared = prepare(rendered, app.renderer.head(mailing_list, content.number, content.window_end))
    recipient = nobody(app, mailing_list, READER, "preview", "preview")
    made = Preview(
        folder / "preview.html", folder / "preview.txt", folder / "preview.eml", folder / "why.txt"
    )
    notes = {story.key: story.summary.note or story.summary.headline_note for story in content.stories}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made.html.write_text(prepared.html(recipient), encoding="utf-8")
        made.text.write_text(prepared.text(recipient), encoding="utf-8")
        made.eml.write_bytes(prepared.build(recipient))
        verdicts = "".join(_verdict(case, notes.get(case.story.key, "")) for case in cases)
        made.why.write_text(verdicts or _stories_text(content), encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written: {error.strerror}.", remedy="Set run.out to a folder that can."
        ) from error
    return made


def _stories_text(content: EditionContent) -> str:
    """What a frozen edition tells, in its order: why other stories are out was said when it was made."""
    return "".join(
        f"{section.key} {place}\t{story.score:.2f}\t{story.headline}\t{'، '.join(story.reasons)}\n"
        for section in content.sections
        for place, story in enumerate(section.stories, 1)
    )


def _verdict(case: Case, note: str) -> str:
    """One story's line: where it stands or that it is out, its weight, the reasons, and why a fallback
    summarized it.
    """
    story, place = case.story, case.verdict
    where = f"{place.section} {place.place}" if case.is_in else "—"
    reasons = "، ".join((place.reason, *story.reasons))
    note_text = f" [{note}]" if note else ""
    return f"{where}\t{story.score:.2f}\t{story.headline}\t{reasons}{note_text}\n"
