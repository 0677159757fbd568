"""How fast messages are made: spliced from a prepared edition, against Python's own e-mail package, in one
run.

    python benchmarks/render.py [--inliner css-inline] [--rounds 7] [--subscribers 100000]

The edition is invented, its mail is what the daily layout makes of it. Both sides make the same personalised
message. A round measures all ways one after the other, in seconds of processor time, so that a busy machine
says the same; shown is the median over the rounds, and ratios are taken within a round.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from statistics import median

from digest.deliver.return_path import return_path
from digest.errors import NothingToSendError
from digest.keys import KeyRing
from digest.model import (
    ArticleRef,
    Edition,
    EditionContent,
    EditionState,
    MailingList,
    Section,
    Story,
    Summary,
    SummarySentence,
)
from digest.model.people.choice import Choice
from digest.render.links import Links
from digest.render.message.cache import MessageCache
from digest.render.message.mime import QUIET, PreparedMessage, Recipient, message_id
from digest.render.presenters.choosing import Choosing
from digest.render.renderer import KEPT_OCTETS, EditionRenderer
from digest.settings import MailSettings

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
SECTIONS = ("politics", "economy", "culture", "sport", "science", "health", "world", "local")
TITLES = ("السياسة", "الاقتصاد", "الثقافة", "الرياضة", "العلوم", "الصحة", "العالم", "المحليات")
TEXT = (
    "أعلنت هيئة الطرق صباح اليوم افتتاح الجسر الجديد الذي يربط المرفأ بالمدينة القديمة بعد ثلاث سنوات من العمل "
    "المتواصل وقال المدير إن الخطة تشمل محطتين أخريين قبل نهاية العام المقبل بتمويل من صندوق التنمية"
)
SECRET = b"benchmark" * 4
LINKS = Links(public_url="https://mujaz.example", keys=KeyRing.of(SECRET))
OF_LIST = LINKS.of_list("daily")
BATCH = 250


def invented_edition(stories_a_section: int) -> EditionContent:
    """Return an edition of eight sections."""
    chance, words = random.Random(5), TEXT.split()

    def sentence(length: int) -> str:
        return " ".join(chance.choices(words, k=length))

    def story(section: str, number: int) -> Story:
        headline = sentence(9)
        told = tuple(SummarySentence(text=f"{sentence(16)}.") for _ in range(3))
        ref = ArticleRef(
            title=headline, source="المرفأ", url=f"https://marfa.example/{section}/{number}", published_at=NOW
        )
        return Story(
            key=f"{section}-{number}",
            headline=headline,
            section=section,
            score=1.0,
            summary=Summary(sentences=told),
            articles=(ref,),
        )

    return EditionContent(
        list_slug="daily",
        list_name="موجز اليوم",
        number=1,
        local_date=date(2026, 1, 5),
        window_start=NOW - timedelta(hours=24),
        window_end=NOW,
        sections=tuple(
            Section(key=key, title=title, stories=tuple(story(key, n) for n in range(stories_a_section)))
            for key, title in zip(SECTIONS, TITLES, strict=True)
        ),
    )


def a_list() -> MailingList:
    """Return the list that the edition belongs to."""
    return MailingList(id=1, slug="daily", name="موجز اليوم", created_at=NOW)


def an_edition(content: EditionContent) -> Edition:
    """Return the edition as it is stored."""
    return Edition(
        id=7,
        list_id=1,
        local_date=content.local_date,
        number=1,
        state=EditionState.SENDING,
        window_start=content.window_start,
        window_end=content.window_end,
        send_deadline=NOW + timedelta(hours=6),
        content=content.model_dump(mode="json"),
        fingerprint="0" * 64,
        created_at=NOW,
        started_at=NOW,
    )


def a_recipient(number: int) -> Recipient:
    """Return a subscriber, with signed links of his own."""
    key = f"{number:032x}"
    leave, prefer = OF_LIST.both(key)
    return Recipient(
        email=f"reader{number}@mujaz.example",
        name="",
        message_id=message_id("7:0", key, "mujaz.example"),
        unsubscribe_url=leave,
        unsubscribe_mailto="digest@mujaz.example",
        preferences_url=prefer,
    )


class Library:
    """The same message by Python's e-mail package."""

    def __init__(self, prepared: PreparedMessage, subject: str) -> None:
        self._prepared = prepared
        self._subject = subject

    def message(self, recipient: Recipient, cte: str) -> EmailMessage:
        """Return the message with its tokens filled."""
        made = EmailMessage(policy=SMTP)
        leave_by_mail = f"mailto:{recipient.unsubscribe_mailto}?subject=unsubscribe"
        made["Date"] = NOW
        made["From"] = "موجز اليوم <digest@mujaz.example>"
        made["Subject"] = self._subject
        made["To"] = recipient.email
        made["Message-ID"] = recipient.message_id
        made["List-Unsubscribe"] = f"<{recipient.unsubscribe_url}>, <{leave_by_mail}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        made["List-Id"] = "موجز اليوم <daily.list.mujaz.example>"
        made["List-Archive"] = f"<{LINKS.archive('daily')}>"
        made["Feedback-ID"] = "1:daily:1:mujaz"
        made["X-Auto-Response-Suppress"] = QUIET
        made.set_content(self._prepared.text(recipient), cte=cte)
        made.add_alternative(self._prepared.html(recipient), subtype="html", cte=cte)
        return made


def seconds_each(work: Callable[[Recipient], object], recipients: list[Recipient], least: float) -> float:
    """Return the seconds that one piece of work takes, measured over at least `least` seconds."""
    done, started = 0, time.process_time()
    while True:
        for recipient in recipients:
            work(recipient)
        done += len(recipients)
        spent = time.process_time() - started
        if spent >= least:
            return spent / done


def compare(prepared: PreparedMessage, subject: str, rounds: int) -> dict[str, list[float]]:
    """Return the seconds a message takes by each way, a number a round."""
    library = Library(prepared, subject)
    recipients = [a_recipient(number) for number in range(500)]
    few = recipients[:5]
    ready = {cte: library.message(recipients[0], cte) for cte in ("base64", "8bit")}

    def whole(recipient: Recipient) -> bytes:
        number = int(recipient.email[6:].partition("@")[0])
        return_path(7, number, SECRET, "mujaz.example")
        return prepared.build(a_recipient(number))

    ways: dict[str, tuple[Callable[[Recipient], object], list[Recipient], float]] = {
        "splice base64": (prepared.build, recipients, 0.3),
        "splice 8bit": (lambda one: prepared.build(one, eight_bit=True), recipients, 0.3),
        "splice base64 with its links signed": (whole, recipients, 0.3),
        "as_bytes base64": (lambda _: ready["base64"].as_bytes(policy=SMTP), few, 0.5),
        "as_bytes 8bit": (lambda _: ready["8bit"].as_bytes(policy=SMTP), few, 0.5),
        "EmailMessage made and as_bytes base64": (
            lambda one: library.message(one, "base64").as_bytes(policy=SMTP),
            few,
            0.5,
        ),
        "EmailMessage made and as_bytes 8bit": (
            lambda one: library.message(one, "8bit").as_bytes(policy=SMTP),
            few,
            0.5,
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (work, whom, least) in ways.items():
            taken[name].append(seconds_each(work, whom, least))
    return taken


def ratio(taken: dict[str, list[float]], slow: str, quick: str) -> float:
    """Return the median over the rounds of how much quicker one way is."""
    return median(a / b for a, b in zip(taken[slow], taken[quick], strict=True))


@dataclass(frozen=True, slots=True)
class Free:
    """What it took to make a message for each of many subscribers who chose their sections freely."""

    messages: int
    choices: int
    rendering: float
    splicing: float
    kept: int
    grown: int


def freely_chosen(renderer: EditionRenderer, edition: Edition, subscribers: int) -> Free:
    """Make a message for each subscriber, batch by batch, each with one of the 255 choices of eight
    sections.
    """
    chance = random.Random(11)
    choices = [
        Choice(sections=tuple(key for place, key in enumerate(SECTIONS) if number >> place & 1))
        for number in range(1, 256)
    ]
    chosen = chance.choices(choices, k=subscribers)
    renderer.cache = MessageCache(KEPT_OCTETS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rendering = splicing = 0.0
    for start in range(0, subscribers, BATCH):
        members = chosen[start : start + BATCH]
        recipients = [a_recipient(number) for number in range(start, start + len(members))]
        run = renderer.messages_of(a_list(), edition)
        started = time.process_time()
        messages = {choice: run.prepared(choice) for choice in set(members)}
        rendered = time.process_time()
        for recipient, choice in zip(recipients, members, strict=True):
            messages[choice].build(recipient)
        rendering += rendered - started
        splicing += time.process_time() - rendered
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return Free(subscribers, len(set(chosen)), rendering, splicing, renderer.cache.octets, grown)


def free_choices(count: int, edition: Edition) -> list[Choice]:
    """Return so many choices of everything that readers may choose of content; each comes to something
    else.
    """
    chance, words = random.Random(17), TEXT.split()
    choosing = Choosing(EditionContent.model_validate(edition.content))
    found: dict[object, Choice] = {}
    while len(found) < count:
        choice = Choice(
            sections=tuple(key for key in SECTIONS if chance.random() < 0.7) or SECTIONS[:1],
            order=tuple(chance.sample(SECTIONS, chance.randint(0, 4))),
            never=tuple(chance.sample(SECTIONS, chance.choice((0, 0, 0, 1)))),
            digits=chance.choice((None, None, None, "latn")),
            hijri=chance.random() < 0.8,
            headlines_only=chance.random() < 0.2,
            muted_words=(f"{chance.choice(words)} {chance.choice(words)}",) if chance.random() < 0.5 else (),
        )
        with suppress(NothingToSendError):
            found[choosing.settled(choice)] = choice
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Combined:
    """What it took to make the messages of many subscribers, with their links: in all, and for the first of
    each choice.
    """

    seconds: float
    rendering: float
    kept: int


def combined(inliner: str, edition: Edition, choices: list[Choice], subscribers: int) -> Combined:
    """Make a message for each subscriber, batch by batch, each with one of the choices, from nothing."""
    chance = random.Random(23)
    renderer = EditionRenderer(MailSettings(inliner=inliner), LINKS)
    chosen = chance.choices(choices, k=subscribers)
    started = time.process_time()
    rendering = 0.0
    for start in range(0, subscribers, BATCH):
        members = chosen[start : start + BATCH]
        run = renderer.messages_of(a_list(), edition)
        begun = time.process_time()
        messages = {choice: run.prepared(choice) for choice in set(members)}
        rendering += time.process_time() - begun
        for number, choice in enumerate(members, start):
            return_path(7, number, SECRET, "mujaz.example")
            messages[choice].build(a_recipient(number))
    return Combined(time.process_time() - started, rendering, renderer.cache.octets)


def compare_combinations(inliner: str, edition: Edition, count: int, subscribers: int) -> str:
    """Return a line that says what free choices cost beside one choice."""
    combined(inliner, edition, free_choices(1, edition), 500)  # what is imported and compiled once
    choices = free_choices(count, edition)
    # One choice before and after, each for half of the subscribers: a machine's pace changes meanwhile.
    before = combined(inliner, edition, [Choice()], subscribers // 2)
    many = combined(inliner, edition, choices, subscribers)
    after = combined(inliner, edition, [Choice()], subscribers - subscribers // 2)
    one = before.seconds + after.seconds
    return (
        f"{subscribers:,} subscribers with {count:,} combinations of sections, order, never, mutes, form, digits and "
        f"Hijri date: {many.seconds / one:.2f} times the time of one choice ({many.rendering / many.seconds:.0%} of it "
        f"composing); kept {many.kept / 1e6:.0f} MB"
    )


def main() -> None:
    """Run all and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--inliner", choices=("premailer", "css-inline"), default="premailer")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--subscribers", type=int, default=100_000)
    options.add_argument("--stories", type=int, default=4, help="stories in each of the eight sections")
    options.add_argument("--combinations", type=int, default=1000)
    options.add_argument("--only-combinations", action="store_true")
    asked = options.parse_args()
    if asked.only_combinations:
        edition = an_edition(invented_edition(asked.stories))
        print(compare_combinations(asked.inliner, edition, asked.combinations, asked.subscribers))
        return
    renderer = EditionRenderer(MailSettings(inliner=asked.inliner), LINKS)
    edition = an_edition(invented_edition(asked.stories))
    prepared = renderer.prepared(a_list(), edition)
    subject = renderer.render(a_list(), EditionContent.model_validate(edition.content)).subject
    sizes = [len(prepared.build(a_recipient(1), eight_bit=eight)) for eight in (False, True)]
    html = len(prepared.html(a_recipient(1)).encode())
    print(f"HTML {html:,} octets; message {sizes[0]:,} octets as base64, {sizes[1]:,} as 8bit")
    taken = compare(prepared, subject, asked.rounds)
    for name, each in taken.items():
        print(f"{name:42} {1 / median(each):10,.0f} messages/s")
    for form in ("base64", "8bit"):
        alone = ratio(taken, f"as_bytes {form}", f"splice {form}")
        made = ratio(taken, f"EmailMessage made and as_bytes {form}", f"splice {form}")
        print(
            f"{form}: spliced is {made:,.0f} times EmailMessage made and as_bytes, {alone:,.0f} times as_bytes alone"
        )
    free = freely_chosen(renderer, edition, asked.subscribers)
    library = median(taken["EmailMessage made and as_bytes base64"]) * free.messages
    print(
        f"{free.messages:,} subscribers choose freely among {len(SECTIONS)} sections: {free.choices} choices, each rendered "
        f"once by {asked.inliner} in {free.rendering:.1f} s of processor time; spliced {free.messages / free.splicing:,.0f} "
        f"messages/s, {library / free.splicing:,.0f} times EmailMessage made and as_bytes, "
        f"{library / (free.rendering + free.splicing):,.0f} times with all rendering counted; "
        f"kept {free.kept / 1e6:.0f} MB, process grew by {free.grown / 1024:.0f} MB"
    )
    print(compare_combinations(asked.inliner, edition, asked.combinations, asked.subscribers))


if __name__ == "__main__":
    main()
