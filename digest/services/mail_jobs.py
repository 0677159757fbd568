"""Make the jobs of a mailer: to whom, from which return path, with which links, signed.

All mail is addressed here: editions, notices, tests of an edition, previews and alarms.
"""

from collections.abc import Callable, Mapping

from digest.deliver.mailer import Content, Job
from digest.deliver.return_path import leaving_address, return_path
from digest.model import Edition, MailingList, Subscriber
from digest.model.rows import row_id
from digest.render.message.mime import PreparedMessage, Recipient, edition_message_id, message_id
from digest.render.presenters.typesetting.greeting import greeter
from digest.services.app import App
from digest.storage.ledger.batch_members import Waiting

NO_GREETING = ("", "")
NO_EDITION = 0
"""What comes back to a return path of this edition is of none, and may be a probe."""


def edition_jobs(
    app: App,
    edition: Edition,
    mailing_list: MailingList,
    values: Mapping[int, Mapping[str, str]] | None = None,
) -> Callable[[PreparedMessage, Waiting], Job]:
    """Return what makes a member's job. What is alike for all is read once: a record's fields are slow to
    read. `values` are what members have in the list's own fields, by subscriber and key, for its greeting.
    """
    greet, fields = greeter(mailing_list), values or {}
    sealing = app.keys.return_paths.current
    domain = app.renderer.domain(mailing_list)
    bounce_domain = app.settings.mail.bounce_domain or domain
    address = mailing_list.from_address or app.settings.mail.from_address
    edition_id, slug = row_id(edition), mailing_list.slug
    fingerprint = edition.fingerprint
    own = app.links.of_list(slug)
    by_mail = app.settings.bounces.hears_mail

    def job(prepared: PreparedMessage, person: Waiting) -> Job:
        sender = return_path(edition_id, person.subscriber_id, sealing, bounce_domain)
        leave, prefer = own.both(person.key)
        recipient = Recipient(
            email=person.email,
            name=person.name,
            message_id=edition_message_id(edition_id, fingerprint, person.subscriber_id, person.key, domain),
            unsubscribe_url=leave,
            unsubscribe_mailto=leaving_address(sender) if by_mail else address,
            preferences_url=prefer,
            greeting=greet({**fields.get(person.subscriber_id, {}), "name": person.name})
            if greet
            else NO_GREETING,
        )
        return _job(app, prepared, recipient, sender=sender, subscriber_id=person.subscriber_id, route=slug)

    return job


def notice_job(
    app: App,
    mailing_list: MailingList,
    person: Subscriber,
    prepared: PreparedMessage,
    seed: str,
    *,
    leave_url: str = "",
) -> Job:
    """Return the job of a mail that belongs to no edition: its links lead to the list's archive, or to
    `leave_url`.
    """
    domain = app.renderer.domain(mailing_list)
    archive = app.links.archive(mailing_list.slug)
    recipient = Recipient(
        email=person.email,
        name="",
        message_id=message_id(seed, person.key, domain),
        unsubscribe_url=leave_url or archive,
        unsubscribe_mailto=mailing_list.from_address or app.settings.mail.from_address,
        preferences_url=archive,
    )
    bounce_domain = app.settings.mail.bounce_domain or domain
    sender = return_path(NO_EDITION, row_id(person), app.keys.return_paths.current, bounce_domain)
    return _job(app, prepared, recipient, sender=sender, subscriber_id=row_id(person))


def nobody(app: App, mailing_list: MailingList, email: str, key: str, seed: str) -> Recipient:
    """Return a recipient who is no subscriber: the links are of their kind, and belong to nobody."""
    greet = greeter(mailing_list)
    return Recipient(
        email=email,
        name="",
        message_id=message_id(seed, email, app.renderer.domain(mailing_list)),
        unsubscribe_url=app.links.unsubscribe(mailing_list.slug, key),
        unsubscribe_mailto=mailing_list.from_address or app.settings.mail.from_address,
        preferences_url=app.links.preferences(mailing_list.slug, key),
        greeting=greet({}) if greet else NO_GREETING,
    )


def unrecorded_job(app: App, prepared: PreparedMessage, recipient: Recipient) -> Job:
    """Return the job of a mail to nobody's ledger; what comes back goes to the list's own address."""
    return _job(app, prepared, recipient, sender=recipient.unsubscribe_mailto)


def bare_job(sender: str, recipient: str, build: Callable[[], Content]) -> Job:
    """Return the job of a message that has no subscriber and no links, such as an alarm."""
    return Job(subscriber_id=0, sender=sender, recipient=recipient, build=build)


def _job(
    app: App,
    prepared: PreparedMessage,
    recipient: Recipient,
    *,
    sender: str,
    subscriber_id: int = 0,
    route: str = "",
) -> Job:
    return Job(
        subscriber_id=subscriber_id,
        sender=sender,
        recipient=recipient.email,
        build=lambda: sign_message(app, prepared, recipient),
        build_eight_bit=lambda: sign_message(app, prepared, recipient, eight_bit=True),
        ready=True,
        route=route,
    )


def sign_message(
    app: App, prepared: PreparedMessage, recipient: Recipient, *, eight_bit: bool = False
) -> list[bytes]:
    """Return a subscriber's message as it goes on the wire, in pieces; of its body, what is alike for all is
    hashed once.

    Raises:
        InputError: as `PreparedMessage.build`.
    """
    if app.signer is None:
        return prepared.pieces(recipient, eight_bit=eight_bit)
    parts = prepared.split(recipient, eight_bit=eight_bit)
    signatures = app.signer.header(parts.header, parts.opening, parts.rest)
    return [signatures, parts.header, parts.opening, parts.rest]
