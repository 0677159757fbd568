"""What an edition says once people's edits are applied to what was composed. Pure.

An edit about a story that is not there does nothing: what was composed anew may have lost it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from digest.model import (
    Edit,
    EditionContent,
    EditionOpening,
    EditKind,
    OpeningSentence,
    OriginalWords,
    Section,
    Story,
    Summary,
)
from digest.services.editions.editing.draft import EditionDraft, draft_of, with_articles

OWN_WEIGHT = 0.9
"""Part of the heaviest story's weight that the newsroom's own items have: they are told, and do not lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedContent:
    """What an edition says after its edits, and the stories that were dropped, newest last."""

    content: EditionContent
    dropped: tuple[Story, ...] = ()


def applied(content: EditionContent, edits: Sequence[Edit], order: Sequence[str]) -> EditedContent:
    """Return what an edition says once the edits are applied in their order; `order` are the keys of the
    list's sections in theirs.
    """
    draft = draft_of(content, order)
    for edit in edits:
        _APPLY[edit.kind](draft, edit)
    sections = tuple(
        one.section.model_copy(
            update={"stories": tuple(one.stories), "overview": _overview(one.section, one.stories)}
        )
        for one in draft.places
        if one.stories
    )
    made = content.model_copy(update={"sections": sections, "subject": draft.subject})
    opening = draft.opening if draft.opening.by_editor else _resting(draft.opening, content, made)
    return EditedContent(
        content=made.model_copy(update={"opening": opening}),
        dropped=tuple(story for _, _, story in draft.dropped.values()),
    )


def _overview(section: Section, stories: Sequence[Story]) -> str:
    """What sums up a section may speak of what is not in it any more."""
    same = {_said(one) for one in section.stories} == {_said(one) for one in stories}
    return section.overview if same else ""


def _said(story: Story) -> tuple[str, str, str]:
    return story.key, story.headline, story.summary.text


def _resting(opening: EditionOpening, before: EditionContent, after: EditionContent) -> EditionOpening:
    """Return an opening without the sentences whose story is gone or says something else by now."""
    said = {one.key: one for one in before.stories}
    now = {one.key: one for one in after.stories}

    def kept(one: OpeningSentence) -> OpeningSentence | None:
        was, is_now = said.get(one.story), now.get(one.story)
        if was is None or is_now is None or _said(was) != _said(is_now) or one.article >= len(was.articles):
            return None
        cited = was.articles[one.article]
        at = next((at for at, ref in enumerate(is_now.articles) if ref.url == cited.url), None)
        return None if at is None else one.model_copy(update={"article": at})

    return opening.model_copy(
        update={"sentences": tuple(found for one in opening.sentences if (found := kept(one)))}
    )


def _move(draft: EditionDraft, edit: Edit) -> None:
    if (taken := draft.take(edit.story)) is None:
        return
    section, at, story = taken
    if edit.section:
        section = Section(key=edit.section, title=edit.title, colour=edit.colour or section.colour)
    draft.put(section, edit.place - 1 if edit.place else at, story)


def _pin(draft: EditionDraft, edit: Edit) -> None:
    draft.change(edit.story, lambda story: story.model_copy(update={"pinned": True}))
    if found := draft.find(edit.story):
        place, at = found
        place.stories.insert(0, place.stories.pop(at))


def _unpin(draft: EditionDraft, edit: Edit) -> None:
    draft.change(edit.story, lambda story: story.model_copy(update={"pinned": False}))


def _drop(draft: EditionDraft, edit: Edit) -> None:
    if taken := draft.take(edit.story):
        draft.dropped[edit.story] = taken


def _restore(draft: EditionDraft, edit: Edit) -> None:
    if edit.story in draft.dropped:
        draft.put(*draft.dropped.pop(edit.story))


def _merge(draft: EditionDraft, edit: Edit) -> None:
    if (
        draft.find(edit.story) is None
        or edit.story == edit.other
        or (taken := draft.take(edit.other)) is None
    ):
        return
    merged = taken[2]

    def with_both(story: Story) -> Story:
        known = {ref.url for ref in story.articles}
        more = tuple(ref for ref in merged.articles if ref.url not in known)
        return story.model_copy(
            update={
                "articles": (*story.articles, *more),
                "score": max(story.score, merged.score),
                "breaking": story.breaking or merged.breaking,
                "related": tuple(one for one in story.related if one.url not in {r.url for r in more}),
            }
        )

    draft.change(edit.story, with_both)


def _split(draft: EditionDraft, edit: Edit) -> None:
    if edit.made is None or (found := draft.find(edit.story)) is None:
        return
    place, at = found
    gone = set(edit.urls)
    kept = [index for index, ref in enumerate(place.stories[at].articles) if ref.url not in gone]
    if not kept or len(kept) == len(place.stories[at].articles):
        return
    place.stories[at] = _headed(place.stories[at], with_articles(place.stories[at], kept))
    place.stories.insert(at + 1, edit.made.model_copy(update={"section": place.section.key}))


def _headed(whole: Story, rest: Story) -> Story:
    """A headline that an editor did not write goes with its article; the next one's title stands there
    then.
    """
    is_written = whole.original is not None and whole.original.headline is not None
    if is_written or whole.articles[0] == rest.articles[0]:
        return rest
    return rest.model_copy(update={"headline": rest.articles[0].title})


def _title(draft: EditionDraft, edit: Edit) -> None:
    def bearing(story: Story) -> Story:
        first = next((at for at, ref in enumerate(story.articles) if ref.url in edit.urls), None)
        if first is None:
            return story
        order = [first, *(at for at in range(len(story.articles)) if at != first)]
        ordered = with_articles(story, order)
        original = ordered.original.model_copy(update={"headline": None}) if ordered.original else None
        return ordered.model_copy(
            update={
                "headline": ordered.articles[0].title,
                "original": original if original and original.summary else None,
            }
        )

    draft.change(edit.story, bearing)


def _headline(draft: EditionDraft, edit: Edit) -> None:
    def renamed(story: Story) -> Story:
        before = story.original or OriginalWords()
        first = before.headline if before.headline is not None else story.headline
        original = before.model_copy(update={"headline": first if first != edit.text else None})
        return story.model_copy(update={"headline": edit.text, "original": _or_none(original)})

    draft.change(edit.story, renamed)


def _summary(draft: EditionDraft, edit: Edit) -> None:
    def retold(story: Story) -> Story:
        before = story.original or OriginalWords()
        first = before.summary or story.summary
        places = {ref.url: at for at, ref in enumerate(story.articles)}
        cited = [*edit.urls, *("" for _ in edit.sentences)]
        sentences = tuple(
            one.model_copy(update={"article": places.get(url, 0)})
            for one, url in zip(edit.sentences, cited, strict=False)
        )
        same = [one.text for one in sentences] == [one.text for one in first.sentences]
        original = before.model_copy(update={"summary": None if same else first})
        summary = first if same else Summary(sentences=sentences, method="edited")
        return story.model_copy(update={"summary": summary, "original": _or_none(original)})

    draft.change(edit.story, retold)


def _or_none(original: OriginalWords) -> OriginalWords | None:
    return original if original.headline is not None or original.summary is not None else None


def _add(draft: EditionDraft, edit: Edit) -> None:
    if edit.made is None or draft.find(edit.made.key):
        return
    heaviest = max((one.score for place in draft.places for one in place.stories), default=1.0)
    made = edit.made.model_copy(update={"score": round(heaviest * OWN_WEIGHT, 4)})
    section = Section(key=edit.section, title=edit.title, colour=edit.colour or "#9a3412")
    draft.put(section, edit.place - 1 if edit.place else 0, made)


def _opening(draft: EditionDraft, edit: Edit) -> None:
    lines = [OpeningSentence(text=edit.text, story="")] if edit.text else []
    draft.opening = EditionOpening(sentences=tuple(lines), by_editor=True)


def _subject(draft: EditionDraft, edit: Edit) -> None:
    draft.subject = edit.text


_APPLY: Mapping[EditKind, Callable[[EditionDraft, Edit], None]] = {
    EditKind.MOVE: _move,
    EditKind.PIN: _pin,
    EditKind.UNPIN: _unpin,
    EditKind.DROP: _drop,
    EditKind.RESTORE: _restore,
    EditKind.MERGE: _merge,
    EditKind.SPLIT: _split,
    EditKind.TITLE: _title,
    EditKind.HEADLINE: _headline,
    EditKind.SUMMARY: _summary,
    EditKind.ADD: _add,
    EditKind.OPENING: _opening,
    EditKind.SUBJECT: _subject,
}
