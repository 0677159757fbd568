"""Words that somebody wrote: cleaned, measured, and each sentence put to the article that it stands in.
Pure.
"""

from digest.errors import RefusedError
from digest.model import Edit, EditKind, Story, SummarySentence
from digest.text.direction.visible import STEERING
from digest.text.words.sentences import split

LONGEST_HEADLINE = 250
LONGEST_SUBJECT = 150
LONGEST_TEXT = 4_000


def retold(story: Story, text: str, language: str) -> Edit:
    """Return the edit by which a story says something else.

    Each sentence keeps the article that it stands in, if it is as it was, or the one before it has."""
    known = {one.text: one for one in story.summary.sentences}
    sentences, urls, last = [], [], 0
    for said in split(text, language):
        was = known.get(said)
        last = was.article if was else last
        at = min(last, len(story.articles) - 1)
        sentences.append(was or SummarySentence(text=said, article=at))
        urls.append(story.articles[at].url or "")
    return Edit(
        kind=EditKind.SUMMARY, story=story.key, text=text, sentences=tuple(sentences), urls=tuple(urls)
    )


def written(text: str, longest: int, *, may_be_empty: bool = False) -> str:
    """Return what somebody wrote as one paragraph.

    Raises:
        RefusedError: it is empty, or longer than allowed.
    """
    found = " ".join(STEERING.sub(" ", text).split())
    if not found and not may_be_empty:
        raise RefusedError("empty", "A headline has at least a word.")
    if len(found) > longest:
        raise RefusedError("too_long", f"This has {len(found)} characters, {longest} fit.")
    return found
