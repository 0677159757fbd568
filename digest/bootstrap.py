"""From settings to an App: the only file that chooses implementations."""

import logging
import random
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from digest import __version__
from digest.clock import Clock, SteadyClock, SystemClock
from digest.collect.fetch.http import Http
from digest.deliver.embedded.server import EmbeddedMailer
from digest.deliver.mailer import Mailer
from digest.deliver.smtp.pool import SmtpMailer
from digest.errors import ConfigError
from digest.render.links import Links
from digest.render.renderer import EditionRenderer
from digest.render.templating.templates import templates_folder
from digest.runtime.inprocess import InProcessQueue
from digest.runtime.logs import log_libraries
from digest.services.app import App, Queue
from digest.services.keys import open_ring
from digest.settings import RunSettings, Settings
from digest.settings.hidden import redacted, redacting
from digest.storage.answer_cache import StoredAnswers
from digest.storage.database.engine import Database
from digest.storage.database.mark_file import MarkFile, mark_path
from digest.summarize.extractive import Extractive
from digest.summarize.protocol import Summarizer
from digest.text.direction.visible import one_line, visible

if TYPE_CHECKING:
    from digest.deliver.dkim.signer import Signer


@asynccontextmanager
async def opened(
    settings: Settings, *, clock: Clock | None = None, queue: Queue | None = None
) -> AsyncIterator[App]:
    """Open the database and all the parts; close them in reverse order.

    The embedded database is brought to this version's schema; another must be there already.

    Raises:
        StoreError: the database cannot be opened or is not of this version.
        ConfigError: a setting cannot work.
    """
    now = clock or SteadyClock(SystemClock())
    async with AsyncExitStack() as stack:
        chosen = settings.database
        database = Database(
            chosen.url, busy_seconds=chosen.busy_seconds, connect_seconds=chosen.connect_seconds
        )
        stack.push_async_callback(database.close)
        if database.embedded:
            await database.upgrade()
        else:
            await database.require_current()
        keys = await open_ring(database, settings, now.now())
        links = Links(public_url=settings.web.public_url.rstrip("/"), keys=keys)
        http = await stack.enter_async_context(Http(settings.collect, __version__))
        mailer: Mailer
        if settings.mail.all_servers:
            mailer = await stack.enter_async_context(SmtpMailer(settings.mail))
        else:
            mailer = await stack.enter_async_context(EmbeddedMailer(settings.mail, settings.mailbox.folder))
        yield App(
            settings=settings,
            database=database,
            http=http,
            summarizer=_summarizer(settings, http, database, now),
            renderer=EditionRenderer(settings.mail, links, machine_label=settings.summarize.label),
            mailer=mailer,
            links=links,
            keys=keys,
            clock=now,
            queue=queue or InProcessQueue(),
            signer=_signer(settings),
            random=random.random,
            mark=_mark(settings),
        )


def _mark(settings: Settings) -> MarkFile | None:
    path = mark_path(settings.database.url, settings.database.state_folder)
    return MarkFile(path) if path else None


def _signer(settings: Settings) -> "Signer | None":
    if settings.dkim.rsa_key is None and settings.dkim.ed25519_key is None:
        return None
    from digest.deliver.dkim import signer

    return signer.from_settings(settings.dkim, settings.mail.from_address)


def _summarizer(settings: Settings, http: Http, database: Database, clock: Clock) -> Summarizer:
    chosen = settings.summarize
    if chosen.method == "extractive":
        return Extractive()
    from digest.summarize.language_model.budget import SummaryBudget
    from digest.summarize.language_model.llm import Endpoint, Generative

    if not chosen.model:
        raise ConfigError(
            "summarize.method is llm, but summarize.model names no model.",
            remedy="Set it, or set the method to extractive.",
        )
    return Generative.of(
        Endpoint(
            url=chosen.url,
            model=chosen.model,
            key=chosen.key.get_secret_value() if chosen.key else "",
            timeout=chosen.timeout_seconds,
        ),
        prompt=(templates_folder() / "prompts" / "summarize.txt").read_text(encoding="utf-8"),
        opening_prompt=(templates_folder() / "prompts" / "opening.txt").read_text(encoding="utf-8"),
        http=http,
        answers=StoredAnswers(database, clock),
        limits=SummaryBudget(
            seconds=chosen.edition_seconds,
            tokens=chosen.edition_tokens,
            money=chosen.edition_money,
            price_in=chosen.price_in,
            price_out=chosen.price_out,
        ),
    )


def configure_logging(run: RunSettings) -> None:
    """Log events with their fields to stderr, for a console or as JSON lines; secrets, and what steers a
    terminal, hidden.

    The records of libraries have their secrets hidden too.
    """
    logging.setLogRecordFactory(redacting)
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if run.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _safe,
    ]
    log_libraries(run.log_level, processors, renderer)
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, run.log_level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _safe(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Hide secrets in all fields of an event, and show what would steer a terminal. Only a trace has lines of
    its own.
    """
    for name, value in event.items():
        if name == "exception":
            event[name] = visible(redacted(str(value)))
        elif value is not None and not isinstance(value, int | float):
            event[name] = one_line(redacted(str(value)))
    return event
