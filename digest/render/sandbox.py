"""An admin's own templates, run in a process of their own that can be stopped."""

import json
import math
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from digest.errors import ConfigError
from digest.model import EditionContent
from digest.render.presenters.context import build_context
from digest.render.presenters.plan import Measures
from digest.render.presenters.present import present
from digest.render.templating.style import MailStyle
from digest.render.templating.templates import Layout, Pages, fill

SECONDS = 5
"""Seconds of processor time that a layout may take; ours take a hundredth of it."""
WAIT = 120.0
"""Seconds on the clock after which a process is killed whatever it does: far longer than a busy machine
needs.
"""
MEMORY = 1 << 30
"""Octets of address space for the process: a template cannot fill the machine."""
LONGEST_PAGE = 4_000_000
WRONG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateJob:
    """All that a process needs to render an edition by an admin's layout."""

    content: EditionContent
    mail_style: MailStyle
    measures: Measures
    now: datetime
    folder: Path


_JOB = TypeAdapter(TemplateJob)


def fill_apart(
    chosen: Layout,
    content: EditionContent,
    mail_style: MailStyle,
    measures: Measures,
    now: datetime,
    *,
    seconds: int = SECONDS,
) -> Pages:
    """Do what `present` and `fill` do, in a child process that is killed after `seconds` of work.

    Raises:
        ConfigError: a template is wrong, or takes too long or too much memory.
    """
    job = TemplateJob(
        content=content, mail_style=mail_style, measures=measures, now=now, folder=chosen.folder
    )
    try:
        done = subprocess.run(  # noqa: S603 our own interpreter and module; the data come in on stdin
            [sys.executable, "-P", "-X", "utf8", "-m", "digest.render.sandbox", str(seconds)],
            input=_JOB.dump_json(job),
            capture_output=True,
            # None of our environment, which may hold secrets.
            env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
            timeout=WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _stopped(chosen, WAIT) from None
    if done.returncode == -signal.SIGXCPU:
        raise _stopped(chosen, seconds)
    if done.returncode == WRONG:
        reply = json.loads(done.stdout)
        raise ConfigError(reply["message"], remedy=reply["remedy"])
    if done.returncode:
        raise ConfigError(
            f"The layout {chosen.name} ended its process ({done.returncode}).",
            remedy="Its templates may take too much memory; simplify them.",
        )
    return Pages(**json.loads(done.stdout))


def _stopped(chosen: Layout, seconds: float) -> ConfigError:
    return ConfigError(
        f"The layout {chosen.name} was stopped after {seconds:g} seconds.",
        remedy="Look for a loop in its templates that does not end.",
    )


def answer(given: bytes, write: Callable[[str], Any]) -> int:
    """Render the job that came in and write the pages, or what is wrong, as JSON. Returns the exit code."""
    job = _JOB.validate_json(given)
    try:
        written, code = asdict(_pages(job)), 0
    except ConfigError as error:
        written, code = {"message": error.message, "remedy": error.remedy}, WRONG
    write(json.dumps(written))
    return code


def _pages(job: TemplateJob) -> Pages:
    view = present(job.content, build_context(job.mail_style, job.now, job.content.local_date), job.measures)
    chosen = Layout(job.mail_style.layout, job.folder, own=True)
    pages = fill(chosen, {"edition": view, "frame": view.frame, "words": view.frame.words})
    if max(len(pages.text), len(pages.html)) > LONGEST_PAGE:
        raise ConfigError(
            f"The layout {chosen.name} makes a page of more than {LONGEST_PAGE:,} characters.",
            remedy="Show less.",
        )
    return pages


def _limit(seconds: int) -> None:
    """Bound this process; what starting it took does not count."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    end = math.ceil(time.process_time()) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (end, end + 1))


if __name__ == "__main__":
    _limit(int(sys.argv[1]))
    sys.exit(answer(sys.stdin.buffer.read(), sys.stdout.write))
