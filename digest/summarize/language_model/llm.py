"""Summaries by a language model behind any OpenAI-compatible endpoint, with the guard before and the
extractive summarizer behind it.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol, Self

from digest.errors import DigestError, SummaryError
from digest.model.news.article import Article
from digest.model.news.story import EditionOpening, Story, Summary, SummarySentence
from digest.summarize.extract import candidates
from digest.summarize.extract.candidates import Candidate
from digest.summarize.extract.reading import MOST_ARTICLES
from digest.summarize.extractive import Extractive
from digest.summarize.language_model import answer
from digest.summarize.language_model import opening as openings
from digest.summarize.language_model.budget import Spent, SummaryBudget
from digest.summarize.protocol import EventSummary
from digest.text.words.normalise import clean

# A model loses the thread in more than this, and the news stands at the top.
MOST_SENTENCES = 30
_AN_ARTICLE = 10
# Arabic takes about a token for two letters in the vocabularies of today.
_LETTERS_A_TOKEN = 2
_TOKENS_A_WORD = 8


class Post(Protocol):
    """The project's own guarded HTTP client, as far as it is needed here."""

    async def post_json(
        self,
        url: str,
        payload: Mapping[str, Any],
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - the caller's budget
    ) -> tuple[int, bytes]:
        """Post JSON and return (status, body). Raises a `DigestError` when there is no reply in time."""


class Answers(Protocol):
    """Answers that were given before, by the hash of the question."""

    async def get(self, key: str) -> str | None:
        """Return the answer, None when there is none."""

    async def put(self, key: str, answer: str) -> None:
        """Keep an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the model is: the base URL (".../v1"), its name, the key ("" for none), seconds for one reply."""

    url: str
    model: str
    key: str = ""
    timeout: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Generative:
    """Asks the model, trusts nothing it says, and tells the extractive summary with the reason when it
    fails.
    """

    endpoint: Endpoint
    prompt: str
    opening_prompt: str
    http: Post
    answers: Answers
    limits: SummaryBudget
    spent: Spent
    fallback: Extractive

    @classmethod
    def of(
        cls,
        endpoint: Endpoint,
        *,
        prompt: str,
        opening_prompt: str,
        http: Post,
        answers: Answers,
        limits: SummaryBudget,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Make one with nothing spent."""
        return cls(
            endpoint=endpoint,
            prompt=prompt,
            opening_prompt=opening_prompt,
            http=http,
            answers=answers,
            limits=limits,
            spent=Spent(limits, monotonic),
            fallback=Extractive(),
        )

    def for_edition(self) -> Self:
        """Return one with fresh budgets."""
        return replace(self, spent=Spent(self.limits, self.spent.monotonic))

    async def summarize(self, articles: Sequence[Article], *, max_words: int) -> EventSummary:
        """Return the summary that the model wrote, or the extractive one with `note` saying why.

        A headline that is refused is one of the articles' titles, and the summary's `headline_note` says why.
        Nothing is raised for the model's sake.
        """
        extracted = await self.fallback.summarize(articles, max_words=max_words)
        given = _given(articles)
        if not given:
            return extracted
        language = articles[0].language
        try:
            written = await self._written(self.prompt, given, language, max_words)
        except SummaryError as error:
            return extracted.model_copy(
                update={"summary": extracted.summary.model_copy(update={"note": error.message})}
            )
        sentences = tuple(_sentence(one, given) for one in written.sentences)
        summary = Summary(sentences=sentences, method="llm")
        try:
            headline = answer.accepted_headline(written, given, language=language)
        except SummaryError as error:
            noted = summary.model_copy(update={"headline_note": error.message})
            return extracted.model_copy(update={"summary": noted})
        return extracted.model_copy(
            update={
                "summary": summary,
                "headline": clean(headline.text).rstrip(".۔"),
                "headline_article": given[headline.sources[0] - 1].article,
                "is_title": False,
            }
        )

    async def opening(self, stories: Sequence[Story], *, language: str, max_words: int) -> EditionOpening:
        """Return the opening that the model wrote, or none with `note` saying why."""
        given = openings.given(stories)
        if not given:
            return EditionOpening()
        try:
            written = await self._written(self.opening_prompt, given, language, max_words)
            return openings.accepted(written, given, language=language, max_words=max_words)
        except SummaryError as error:
            return EditionOpening(note=error.message)

    def overview(
        self,
        stories: Sequence[Story],
        *,
        max_words: int,
        more: Mapping[str, Sequence[str]] | None = None,
        beside: Sequence[str] = (),
    ) -> str:
        """Return the extractive overview: it is made of the outlets' own sentences, or of such as were
        checked already.
        """
        return self.fallback.overview(stories, max_words=max_words, more=more, beside=beside)

    async def _written(
        self, prompt: str, given: Sequence[answer.Sourced], language: str, max_words: int
    ) -> answer.Answer:
        body = answer.question(
            prompt,
            given,
            model=self.endpoint.model,
            language=language,
            max_words=max_words,
            max_tokens=(max_words + answer.LONGEST_HEADLINE) * _TOKENS_A_WORD + 100,
        )
        key = sha256(json.dumps([self.endpoint.url, body], sort_keys=True).encode()).hexdigest()
        known = await self.answers.get(key)
        written = await self._ask(body) if known is None else known
        accepted = answer.accept(answer.parse(written), given, language=language, max_words=max_words)
        if known is None:
            await self.answers.put(key, written)
        return accepted

    async def _ask(self, body: dict[str, Any]) -> str:
        asked = sum(len(one["content"]) for one in body["messages"]) // _LETTERS_A_TOKEN
        if refusal := self.spent.refusal(asked, body["max_tokens"]):
            raise SummaryError(refusal)
        headers = {"Authorization": f"Bearer {self.endpoint.key}"} if self.endpoint.key else {}
        seconds = min(self.endpoint.timeout, self.spent.seconds_left())
        try:
            status, reply = await self.http.post_json(
                f"{self.endpoint.url.rstrip('/')}/chat/completions", body, headers, seconds
            )
            if status != 200:
                raise SummaryError(f"the server answered {status}")
            written, usage = answer.content(reply)
        except DigestError as error:
            self.spent.count(asked, 0)
            self.spent.failed(error.message)
            raise SummaryError(error.message) from error
        self.spent.worked()
        self.spent.count(
            usage.prompt_tokens or asked, usage.completion_tokens or len(written) // _LETTERS_A_TOKEN
        )
        return written


def _given(articles: Sequence[Article]) -> list[Candidate]:
    pools = candidates.of_all(articles[:MOST_ARTICLES])
    usable = [[one for one in pool if not one.refusal][:_AN_ARTICLE] for pool in pools]
    # Round by round, so that every outlet has its first sentences in.
    rounds = [pool[at] for at in range(_AN_ARTICLE) for pool in usable if at < len(pool)]
    return rounds[:MOST_SENTENCES]


def _sentence(one: answer.Written, given: Sequence[Candidate]) -> SummarySentence:
    source = given[one.sources[0] - 1]
    return SummarySentence(text=clean(one.text), article=source.article, paragraph=source.paragraph)
