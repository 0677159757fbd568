"""What was composed anew, made ready for the edits that people made before. Pure."""

from collections.abc import Mapping, Sequence
from functools import partial

from digest.model import Edit, EditionContent, EditionOpening, EditKind, Story
from digest.services.editions.editing.draft import draft_of


def carried(
    composed: EditionContent, before: EditionContent, edits: Sequence[Edit], order: Sequence[str]
) -> EditionContent:
    """Return what was composed anew, ready for edits that were made on what was composed before.

    A story keeps the key by which the edits know it, though articles came to it; one that was edited and is
    not composed any more stays. What was only dropped may go.
    """
    touched = {key for one in edits for key in (one.story, one.other) if key}
    touched |= {one.made.key for one in edits if one.made}
    kept = {key for one in edits if one.kind is not EditKind.DROP for key in (one.story, one.other) if key}
    known, now = {one.key: one for one in before.stories}, {one.key for one in composed.stories}
    renamed: dict[str, str] = {}
    for key in sorted(touched - now):
        urls = {ref.url for ref in known[key].articles} if key in known else set()
        same = next(
            (
                one.key
                for one in composed.stories
                if one.key not in touched and one.key not in renamed and _shares(one, urls)
            ),
            None,
        )
        if same:
            renamed[same] = key
    draft = draft_of(composed, order)
    for old, new in renamed.items():
        draft.change(old, partial(_called, key=new))
    for section in before.sections:
        for story in section.stories:
            if story.key in kept and draft.find(story.key) is None:
                draft.put(section, len(section.stories), story)
    sections = tuple(one.section.model_copy(update={"stories": tuple(one.stories)}) for one in draft.places)
    return composed.model_copy(update={"sections": sections, "opening": _renamed(composed.opening, renamed)})


def _called(story: Story, key: str) -> Story:
    return story.model_copy(update={"key": key})


def _shares(story: Story, urls: set[str | None]) -> bool:
    return any(ref.url in urls for ref in story.articles if ref.url)


def _renamed(opening: EditionOpening, renamed: Mapping[str, str]) -> EditionOpening:
    sentences = tuple(
        one.model_copy(update={"story": renamed.get(one.story, one.story)}) for one in opening.sentences
    )
    return opening.model_copy(update={"sentences": sentences})
