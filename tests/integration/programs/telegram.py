"""A channel of Telegram's, as a listener that answers like it."""

import json
from typing import Any

from sqlmodel import select

from digest.model import ChannelKind, ChannelPost, Edition, MailingList
from digest.services.app import App
from digest.services.channels import posting, setup
from digest.services.editions.lifecycle.approval import start
from digest.storage.editions import editions
from tests.integration.programs.listener import Listener


class Telegram:
    """What a test asks of the channel and of its ledger."""

    def __init__(self, app: App, listener: Listener) -> None:
        self.app = app
        self.listener = listener
        self.numbers = iter(range(100, 1000))
        listener.answers = [self.takes]

    def takes(self, request: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        del request
        number = json.loads(body).get("message_id") or next(self.numbers)
        return 200, {"ok": True, "result": {"message_id": number}}

    def refuses(self, code: int, words: str, **more: Any) -> None:
        answer = {"ok": False, "error_code": code, "description": words, **more}
        self.listener.answers = [lambda *_: (code, answer)]

    async def posts(self) -> int:
        waiting = await posting.due(self.app, 100)
        for one in waiting:
            await posting.post(self.app, one)
        return len(waiting)

    async def rows(self) -> list[ChannelPost]:
        async with self.app.database.begin() as session:
            return list((await session.exec(select(ChannelPost).order_by(ChannelPost.id))).all())  # type: ignore[arg-type]

    @property
    def said(self) -> list[tuple[str, dict[str, Any]]]:
        return [(path.rpartition("/")[2], json.loads(body)) for path, _, body in self.listener.heard]


async def begin(app: App, mailing_list: MailingList, number: int = 1) -> Edition:
    async with app.database.begin() as session:
        found = await editions.by_number(session, mailing_list.id or 0, number)
    assert found is not None
    await start(app, found)
    return found


async def chat(app: App, **more: Any) -> None:
    await setup.add(app, "tg", ChannelKind.TELEGRAM, "@mujaz_news", **more)
