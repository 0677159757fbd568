"""Who gets what a run by hand makes."""

from digest.errors import InputError, NothingToSendError
from digest.model import AlertChoice, CheckedSegment, EditionKind, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.audience.choices import preferences
from digest.services.editions.run.values import RunRequest
from digest.storage.audience import eligible, lists
from digest.storage.audience.segments import compiled

SAMPLE_READERS = (
    ("amal@mujaz.example", "أمل"),
    ("badr@mujaz.example", "بدر"),
    ("salma@mujaz.example", "سلمى"),
)


async def ensure_readers(
    app: App,
    request: RunRequest,
    mailing_list: MailingList,
    kind: EditionKind,
    among: CheckedSegment | None = None,
) -> tuple[str, ...]:
    """Make sure that somebody gets editions of that kind; with `demo`, sample readers are added. Returns what
    to say of it.

    Raises:
        NothingToSendError: nobody does.
        InputError: sample readers are asked for, and mail leaves this machine.
    """
    narrowed = (compiled(among),) if among else ()
    async with app.database.begin() as session:
        planned = await eligible.count(session, row_id(mailing_list), kind, among=narrowed)
    if planned:
        return (f"For the segment {request.segment} alone: {planned:,} readers.",) if among else ()
    if among:
        raise NothingToSendError(
            f"No reader of the list {mailing_list.slug} is in the segment {request.segment}.",
            remedy=f"`digest segments show {request.segment}` says whom it means; the preview is written.",
        )
    if not request.demo and kind is EditionKind.BREAKING:
        raise NothingToSendError(
            f"Nobody chose the alerts of the list {mailing_list.slug}.",
            remedy="Readers choose them on their page of preferences; for one who asks you, "
            f"`digest subscribers set ADDRESS --alerts all --list {mailing_list.slug}`. The preview is written.",
        )
    if not request.demo:
        raise NothingToSendError(
            f"Nobody gets the {kind.value} editions of the list {mailing_list.slug}.",
            remedy=f"Add somebody with `digest subscribers add ADDRESS --list {mailing_list.slug}`; the preview is written.",
        )
    if app.settings.mail.all_servers:
        raise InputError(
            "The sample readers get no mail through a real server.",
            remedy="Leave mail.host empty for --demo.",
        )
    for address, name in SAMPLE_READERS:
        await subscribers.add(app, mailing_list, address, name=name, how="sample")
        if kind is EditionKind.BREAKING:
            await preferences.set_by_admin(app, mailing_list, address, {"alerts": AlertChoice.ALL})
    return (f"{len(SAMPLE_READERS)} sample readers were added to the list {mailing_list.slug}.",)


async def alert_readers(app: App, mailing_list: MailingList) -> tuple[int, int]:
    """Return how many chose alerts, and how many readers the list has."""
    async with app.database.begin() as session:
        list_id = row_id(mailing_list)
        chose = await eligible.count(session, list_id, EditionKind.BREAKING)
        return chose, await lists.confirmed(session, list_id)
