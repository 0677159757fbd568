"""The first-run guide: five steps from nothing to a first edition, known from what is there."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from digest.collect.fetch.ssrf import is_public
from digest.deliver.outcome import Kind
from digest.errors import InputError, RefusedError
from digest.model import GuideStep, MailingList
from digest.model.rows import row_id
from digest.services.accounts import tokens
from digest.services.app import App
from digest.services.audience import lists
from digest.services.doctor.examine import greeting, hearing
from digest.services.doctor.finding import Finding
from digest.services.staff_mail import send_staff_mail
from digest.storage import figures
from digest.storage import home as stored
from digest.storage.articles import sources
from digest.storage.audience import lists as stored_lists
from digest.text.addresses.email_address import normalised
from digest.text.addresses.network import ip_of

STEPS = ("address", "mail", "source", "list", "edition")
TEXTS = {
    "ar": ("[تجربة] رسالة من موجز", "وصلتك هذه الرسالة، فخادم البريد يعمل.\n"),
    "en": ("[Test] A mail from Mujaz", "You got this mail: the mail server works.\n"),
}


@dataclass(frozen=True, slots=True)
class GuidedStep:
    """One step. `state` is done, aside (put off by somebody) or open; `says` is what is there now."""

    name: str
    state: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """All steps in their order, and the list that the last one is about, if there is one."""

    steps: tuple[GuidedStep, ...]
    first_list: MailingList | None

    @property
    def is_over(self) -> bool:
        """Whether nothing is open any more."""
        return all(one.state != "open" for one in self.steps)

    @property
    def aside(self) -> int:
        """How many steps wait because somebody put them off."""
        return sum(one.state == "aside" for one in self.steps)

    @property
    def next_step(self) -> str:
        """The first step that is open, "" where none is."""
        return next((one.name for one in self.steps if one.state == "open"), "")


@dataclass(frozen=True, slots=True)
class Sent:
    """What the server said to a test mail."""

    is_taken: bool
    reply: str


def opens_elsewhere(url: str) -> bool:
    """Say whether readers elsewhere can open an address: https, and no name or number of this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or host in {"", "localhost"} or host.endswith((".local", ".localhost")):
        return False
    return "." in host if ip_of(host) is None else is_public(host)


async def guide(app: App) -> Guide:
    """Return how far this newsroom has come."""
    async with app.database.read() as session:
        aside = await figures.steps_aside(session)
        known = await sources.all_sources(session)
        every = await stored_lists.all_lists(session)
        first = every[0] if every else None
        begun = [await stored.last_sent(session, row_id(one)) for one in every]
    servers = app.settings.mail.all_servers
    facts = {
        "address": (opens_elsewhere(app.settings.web.public_url), app.settings.web.public_url),
        "mail": (bool(servers), ", ".join(one.label for one in servers)),
        "source": (bool(known), str(len(known))),
        "list": (first is not None, first.name if first else ""),
        "edition": (any(begun), ""),
    }
    steps = tuple(_step(name, *facts[name], aside=aside) for name in STEPS)
    return Guide(steps, first)


def _step(name: str, is_done: bool, says: str, *, aside: Collection[str]) -> GuidedStep:  # noqa: FBT001 - from a table
    return GuidedStep(name, "done" if is_done else "aside" if name in aside else "open", says)


async def put_aside(app: App, step: str) -> None:
    """Leave a step for later; it is not asked for on the first page any more.

    Raises:
        RefusedError: `choice`, there is no such step.
    """
    _known(step)
    async with app.database.begin() as session:
        await session.merge(GuideStep(step=step, at=app.clock.now()))


async def take_up(app: App, step: str) -> None:
    """Take a step up again.

    Raises:
        RefusedError: `choice`, there is no such step.
    """
    _known(step)
    async with app.database.begin() as session:
        known = await session.get(GuideStep, step)
        if known is not None:
            await session.delete(known)


def _known(step: str) -> None:
    if step not in STEPS:
        raise RefusedError("choice", "There is no such step.")


async def mail_findings(app: App) -> list[Finding]:
    """Return what the doctor finds of the way out and the way back of mail. Takes seconds."""
    return [*await greeting(app), hearing(app.settings)]


async def send_test(app: App, to: str, language: str = "ar") -> Sent:
    """Send one mail, that is no edition, and return what the server said.

    Raises:
        RefusedError: `test_address`, that is no address, or one that must not be mailed.
        DeliveryError: the server cannot be reached.
    """
    subject, text = TEXTS.get(language, TEXTS["ar"])
    seed = f"test:{tokens.new_token()}"
    try:
        outcome = await send_staff_mail(app, normalised(to), subject, text, seed=seed, at=app.clock.now())
    except InputError as error:
        raise RefusedError("test_address", str(error)) from error
    return Sent(outcome.kind is Kind.ACCEPTED, outcome.answer)


async def make_first_list(app: App, name: str, slug: str, zone: str) -> MailingList:
    """Make a list with the usual settings.

    Raises:
        InputError: name, slug or zone are wrong, or there is such a list.
    """
    return await lists.add(app, slug, {"name": name.strip(), "timezone": zone})
