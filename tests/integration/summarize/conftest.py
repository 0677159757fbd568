"""A chat completion server that says what it is told to say, and a summarizer that asks it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from digest.collect.fetch.http import Http
from digest.settings import CollectSettings
from digest.summarize.language_model.budget import SummaryBudget
from digest.summarize.language_model.llm import Endpoint, Generative

PROMPTS = Path(__file__).parents[3] / "templates" / "prompts"
PROMPT = (PROMPTS / "summarize.txt").read_text(encoding="utf-8")
OPENING_PROMPT = (PROMPTS / "opening.txt").read_text(encoding="utf-8")
GOOD = "افتتحت هيئة الطرق جسر المرفأ الجديد بطول 1200 متر."


class Remembered:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def put(self, key: str, answer: str) -> None:
        self.kept[key] = answer


@dataclass
class Model:
    """A chat completion server that says what it is told to say."""

    reply: Callable[[], web.Response]
    seconds: float = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    def writes(self, *sentences: tuple[str, list[int]]) -> None:
        self.writes_raw(json.dumps({"sentences": [{"text": t, "sources": s} for t, s in sentences]}))

    def writes_raw(self, content: Any, **more: Any) -> None:
        self.reply = lambda: web.json_response({"choices": [{"message": {"content": content}}], **more})

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.seconds)
        return self.reply()


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    served = Model(lambda: web.Response(status=500))
    app = web.Application()
    app.router.add_post("/v1/chat/completions", served.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/"
    served.writes((GOOD, [1]))
    yield served
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http(CollectSettings(allow_hosts=("127.0.0.1",)), "0") as opened:
        yield opened


@pytest.fixture
def summarizer(model: Model, http: Http) -> Generative:
    return made(model, http)


def made(model: Model, http: Http, **limits: float) -> Generative:
    return Generative.of(
        Endpoint(url=model.url, model="small", key="k3y", timeout=0.5),
        prompt=PROMPT,
        opening_prompt=OPENING_PROMPT,
        http=http,
        answers=Remembered(),
        limits=SummaryBudget(**limits),  # type: ignore[arg-type]
    )


def says(*sentences: tuple[str, list[int]]) -> Callable[[Model], None]:
    return lambda model: model.writes(*sentences)


def raw(content: Any) -> Callable[[Model], None]:
    return lambda model: model.writes_raw(content)


def answers(status: int, text: str = "") -> Callable[[Model], None]:
    def misbehave(model: Model) -> None:
        model.reply = lambda: web.Response(status=status, text=text)

    return misbehave


def is_slow(model: Model) -> None:
    model.seconds = 2
