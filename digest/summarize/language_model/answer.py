"""What a language model was asked and what it answered, as values. Everything in an answer is doubted."""

import json
import re
from collections.abc import Sequence
from string import Template
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.errors import SummaryError
from digest.summarize.guard import check as guard
from digest.text.words.language import detect

LONGEST_ANSWER = 20_000
MOST_SENTENCES = 5
LONGEST_HEADLINE = 14
"""Words in a headline."""
_FENCED = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)


class Sourced(Protocol):
    """A sentence that may be cited."""

    @property
    def text(self) -> str:
        """The sentence."""


class Written(BaseModel):
    """A sentence that was written, and the numbers of the sentences it is made of, from 1."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    text: str = Field(min_length=1, max_length=2_000)
    sources: tuple[int, ...] = Field(min_length=1, max_length=20)


class Answer(BaseModel):
    """A whole answer; an opening has no headline."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    headline: Written | None = None
    sentences: tuple[Written, ...] = Field(min_length=1, max_length=MOST_SENTENCES)


class Usage(BaseModel):
    """Tokens as the server counts them; 0 when it does not."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)


def question(
    prompt: str, given: Sequence[Sourced], *, model: str, language: str, max_words: int, max_tokens: int
) -> dict[str, Any]:
    """Return the body of a chat completion request (POST /chat/completions) that asks for a text made of
    numbered sentences.

    The articles' text goes in as JSON, apart from the instructions.
    """
    numbered = [{"number": number, "text": one.text} for number, one in enumerate(given, 1)]
    return {
        "model": model,
        "temperature": 0,
        "max_tokens": max_tokens,
        "response_format": {"type": "json_object"},
        "messages": [
            {
                "role": "system",
                "content": Template(prompt).substitute(language=language, max_words=max_words),
            },
            {"role": "user", "content": json.dumps({"sentences": numbered}, ensure_ascii=False)},
        ],
    }


def content(body: bytes) -> tuple[str, Usage]:
    """Return what the model wrote and the tokens it took, from the body of a chat completion.

    Raises:
        SummaryError: it is no chat completion.
    """
    try:
        found = json.loads(body)
        written = found["choices"][0]["message"]["content"]
        usage = Usage.model_validate(found.get("usage") or {})
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise SummaryError("the server's reply is no chat completion") from error
    if not isinstance(written, str) or len(written) > LONGEST_ANSWER:
        raise SummaryError("the server's reply holds no answer of a sensible length")
    return written, usage


def parse(written: str) -> Answer:
    """Read an answer; a code fence around it is taken off.

    Raises:
        SummaryError: it is not the JSON that was asked for.
    """
    fenced = _FENCED.match(written)
    try:
        return Answer.model_validate_json(fenced[1] if fenced else written)
    except ValidationError as error:
        raise SummaryError("the answer is not the JSON that was asked for") from error


def accept(answer: Answer, given: Sequence[Sourced], *, language: str, max_words: int) -> Answer:
    """Return the answer when every sentence passes the guard.

    Raises:
        SummaryError: a sentence cites what was not given, is in another language or fails the guard, or all
            are too long.
    """
    said: set[str] = set()
    for one in answer.sentences:
        if one.text in said:
            raise SummaryError("a sentence is repeated")
        said.add(one.text)
        _hold(one, given, "a sentence", language)
    # A model counts words roughly; a tenth over is still the size that was asked for.
    if sum(len(one.text.split()) for one in answer.sentences) > 1.1 * max_words:
        raise SummaryError("the answer is longer than was asked for")
    return answer


def accepted_headline(answer: Answer, given: Sequence[Sourced], *, language: str) -> Written:
    """Return the headline when it passes the guard.

    Raises:
        SummaryError: there is none, it teases, it is too long, or a sentence like it would be refused.
    """
    if answer.headline is None:
        raise SummaryError("no headline was written")
    _hold(answer.headline, given, "the headline", language)
    if len(answer.headline.text.split()) > LONGEST_HEADLINE:
        raise SummaryError("the headline is longer than was asked for")
    if any(sign in answer.headline.text for sign in "?؟!"):
        raise SummaryError("the headline asks or exclaims")
    return answer.headline


def _hold(one: Written, given: Sequence[Sourced], what: str, language: str) -> None:
    if not all(1 <= number <= len(given) for number in one.sources):
        raise SummaryError(f"{what} cites a source that was not given")
    if detect(one.text) != language:
        raise SummaryError(f"{what} is not in the language {language}")
    cited = [given[number - 1].text for number in one.sources]
    if wrong := guard.problems(one.text, cited, language=language):
        raise SummaryError(f"the guard refused {what}: {', '.join(wrong[:4])}")
