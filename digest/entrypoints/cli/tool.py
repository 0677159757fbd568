"""`digest tool`: every stage as a pipe, JSON lines in and out (docs/reference/pipes.md)."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import typer

from digest.text.direction.visible import escaped_json

app = typer.Typer(
    help="Single stages as pipes: JSON lines on stdin, JSON lines on stdout.", no_args_is_help=True
)

Answer = Callable[[dict[str, Any]], dict[str, Any] | None]


def _pipe(answer: Answer) -> None:
    """Answer each line as it comes. A line that is no JSON object gets an error and the rest goes on."""
    for answered in _answers(answer):
        if answered is not None:
            _write(answered)


def _answers(answer: Answer) -> Iterator[dict[str, Any] | None]:
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if raw.strip():
            yield _answered(answer, raw, number)


def _write(answered: dict[str, Any]) -> None:
    line = escaped_json(json.dumps(answered, ensure_ascii=False))
    # Half a character, which JSON can name and UTF-8 cannot, goes out as it came in: escaped.
    sys.stdout.write(line.encode(errors="backslashreplace").decode() + "\n")
    sys.stdout.flush()


def _answered(answer: Answer, raw: bytes, number: int) -> dict[str, Any] | None:
    try:
        item = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"line {number} is no JSON: {error}"}
    if not isinstance(item, dict):
        return {"id": None, "error": f"line {number} is no JSON object"}
    return answer(item)


@app.command()
def parse() -> None:
    """Feeds to items: {"id","url","base64"} → {"id","outlet","items":[{"title","url","published_at",…}]}."""
    from digest.collect.pipe import parse_answer

    _pipe(parse_answer)


@app.command()
def date() -> None:
    """Dates as they are written to instants: {"id","text","zone"?,"now"?} → {"id","published_at"}."""
    from digest.collect.pipe import date_answer

    _pipe(date_answer)


@app.command()
def extract() -> None:
    """Pages or texts to clean articles: {"id","url"?,"html"|"text"} → {"id","title","paragraphs",…}."""
    from digest.collect.pipe import extract_answer

    _pipe(extract_answer)


@app.command()
def classify() -> None:
    """Articles to sections: {"id","title","text","url"?} → {"id","section","confidence"}."""
    from digest.collect.clean.sections import answer

    _pipe(answer)


@app.command()
def cluster() -> None:
    """Articles to stories, when all are in: {"id","title","text","published_at","source"} →
    {"id","story"}.
    """
    from digest.curate.pipe import ClusterPipe

    pipe = ClusterPipe()
    refused = list(_answers(pipe.take))
    taken = pipe.answers()
    for one in refused:
        _write(next(taken) if one is None else one)


@app.command()
def summarize() -> None:
    """Articles or events to summaries: {"id","title","text","max_words"} or {"id","articles",…} →
    {"id","sentences",…}.
    """
    from digest.summarize.pipe import answer

    _pipe(answer)


@app.command()
def bounce() -> None:
    """Returned mail to what it reports: {"id","base64","provider"?} →
    {"id","events":[{"event","weight","address"}]}.
    """
    from digest.deliver.pipe import answer

    _pipe(answer)


@app.command()
def typeset() -> None:
    """Text to what a mail shows: {"id","text","language"?,"digits"?} → {"id","html"}."""
    from digest.render.presenters.typesetting.typography import typeset_answer

    _pipe(typeset_answer)
