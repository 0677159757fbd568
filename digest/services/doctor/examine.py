"""Is this machine fit to send? What the world sees of its names, and what only it can see of itself.

Nothing is changed. What cannot be looked at (no network, no server) is said to be unknown, never good.
"""

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from digest.deliver.smtp.timeouts import Timeouts
from digest.deliver.smtp.tls_probe import TlsProbe, probe_tls
from digest.errors import BlockedAddressError, DigestError, SourceError
from digest.model import Source
from digest.services.app import App
from digest.services.audience.sample_readers import COMMAND, reminder
from digest.services.dns import DnsNames
from digest.services.doctor.dns_checks import dkim, dmarc, mx, ptr, spf
from digest.services.doctor.finding import Finding, FindingState
from digest.services.doctor.secret_checks import weak_secrets
from digest.settings import MailServer, Settings
from digest.storage.articles import sources
from digest.storage.audience import lists
from digest.text.addresses.domain import domain_of

OLDEST_TZDATA = timedelta(days=400)
LEAST_FREE = 500_000_000
LARGEST_SKEW = timedelta(seconds=2)
"""Between machines that share leases."""
LARGEST_DRIFT = timedelta(seconds=30)
"""Against the rest of the world, whose clocks are read by whole seconds and from afar."""
ASKED_THE_TIME = 3
LONGEST_GREETING = 15.0
SHORT_LIVED = timedelta(days=14)
"""A certificate that is not renewed by itself long before its end will not be."""
NOBODY = "doctor"
"""A reader's key that nobody has: keys are 32 hex digits."""
ANSWERED = frozenset({200, 410})
"""What our page answers to a one-click call; 410 to one by a link of nobody's."""


async def examine(app: App, names: DnsNames) -> list[Finding]:
    """Return all findings, those about names first. Takes seconds; never raises because a check could not be
    made.
    """
    sender = domain_of(app.settings.mail.from_address).lower()
    bounces = (app.settings.mail.bounce_domain or sender).lower()
    about_names = await asyncio.gather(
        spf(names, bounces),
        dkim(names, app.settings, sender),
        dmarc(names, sender, bounces),
        mx(names, bounces),
        *(ptr(names, server.host) for server in app.settings.mail.all_servers),
    )
    found = [finding for group in about_names for finding in group]
    found += await greeting(app)
    found += await asyncio.gather(leaving(app), clock(app))
    found += await sample_readers(app)
    return [*found, hearing(app.settings), *weak_secrets(app.settings), *local(app.settings, app.clock.now())]


async def greeting(app: App) -> list[Finding]:
    """Each server takes our connection with the login that is set, over TLS, by a certificate that lasts."""
    servers = app.settings.mail.all_servers
    if not servers:
        says = "No server is set: mail goes to the embedded mailbox."
        says_ar = "لم يُضبط خادم: يبقى البريد في الصندوق المدمج."
        return [Finding("SMTP", FindingState.WARN, says, "mail.host = …", says_ar)]
    timeouts = Timeouts.within(LONGEST_GREETING, LONGEST_GREETING)
    found = await asyncio.gather(*(_greeted(server, timeouts, app.clock.now()) for server in servers))
    return [finding for of_one in found for finding in of_one]


async def _greeted(server: MailServer, timeouts: Timeouts, now: datetime) -> list[Finding]:
    try:
        async with asyncio.timeout(2 * LONGEST_GREETING):
            seen = await probe_tls(server, timeouts)
    except DigestError as error:
        return [
            Finding("SMTP", FindingState.BAD, str(error), says_ar=f"لا يقبل {server.label} اتصالنا: {error}")
        ]
    except TimeoutError:
        says = f"{server.label} did not finish its greeting in time."
        return [
            Finding(
                "SMTP", FindingState.BAD, says, says_ar=f"لم يكمل {server.label} الرد في الوقت المسموح به."
            )
        ]
    login, login_ar = ("login", "دخولنا") if server.username else ("connection", "اتصالنا")
    says, says_ar = f"{server.label} takes our {login}.", f"يقبل {server.label} {login_ar}."
    return [Finding("SMTP", FindingState.GOOD, says, says_ar=says_ar), _tls(server, seen, now)]


def _tls(server: MailServer, seen: TlsProbe, now: datetime) -> Finding:
    if server.tls in {"none", "opportunistic"}:
        says = f"{server.label}: {seen.version or 'no TLS'}, and TLS is not required."
        secured = f"مشفّر ({seen.version})" if seen.version else "غير مشفّر"
        says_ar = f"{server.label}: الاتصال {secured}، والتشفير غير مفروض."
        return Finding("TLS", FindingState.WARN, says, 'mail.tls = "starttls"', says_ar)
    if seen.until is None:
        says = f"{server.label}: {seen.version}; its certificate was not seen."
        says_ar = f"{server.label}: الاتصال مشفّر ({seen.version})، ولم تُرَ شهادته."
        return Finding("TLS", FindingState.UNKNOWN, says, says_ar=says_ar)
    state = FindingState.GOOD if seen.until - now > SHORT_LIVED else FindingState.WARN
    ends = f"{seen.until:%Y-%m-%d}"
    says = f"{server.label}: {seen.version}, its certificate ends {ends}."
    says_ar = f"{server.label}: الاتصال مشفّر ({seen.version})، وتنتهي شهادته في {ends}."
    return Finding("TLS", state, says, says_ar=says_ar)


def hearing(chosen: Settings) -> Finding:
    """Bounces and complaints have to have a way in, or dead addresses are mailed for ever."""
    named = chosen.bounces
    ways = {
        "the bounce server": named.listen_port is not None,
        "a mailbox": named.imap_host,
        "Postmark": named.postmark_login,
        "Mailgun": named.mailgun_key,
        "SendGrid": named.sendgrid_key,
        "SES": named.ses_topic,
    }
    found = [way for way, is_set in ways.items() if is_set]
    if found or not chosen.mail.all_servers:
        says = f"They come in by {', '.join(found) or 'the embedded mailbox'}."
        return Finding("bounces", FindingState.GOOD, says, says_ar="ما يرتدّ يصل إلينا ويُحسب.")
    says = "Nobody hears what comes back: no bounce server, mailbox or webhook is set."
    says_ar = "لا يصل إلينا ما يرتدّ: لم يُضبط خادم ارتداد ولا صندوق بريد ولا ربط بمزود."
    return Finding("bounces", FindingState.WARN, says, "bounces.listen_port = 8024", says_ar)


async def sample_readers(app: App) -> list[Finding]:
    """The demo's readers are nobody: where mail goes out for real they only swell the counts."""
    says = await reminder(app)
    return (
        [Finding("sample readers", FindingState.WARN, says.partition(" Remove")[0], COMMAND)] if says else []
    )


async def leaving(app: App) -> Finding:
    """The one-click link of RFC 8058 has to be https, and a POST to it has to come through to us.

    Asked is a link that belongs to nobody: the answer shows that the page heard, and nothing changes.
    """
    public = app.settings.web.public_url
    check = "List-Unsubscribe"
    if urlsplit(public).scheme != "https":
        says = f"{public} is not https: receivers ignore List-Unsubscribe-Post."
        return Finding(check, FindingState.BAD, says, 'web.public_url = "https://…"')
    async with app.database.begin() as session:
        known = await lists.all_lists(session)
    address = app.links.unsubscribe(known[0].slug if known else "daily", NOBODY)
    try:
        status = await app.http.post_form(address, {"List-Unsubscribe": "One-Click"})
    except BlockedAddressError:
        says = f"{public} is a private address, seen from here; receivers could not reach that."
        return Finding(check, FindingState.WARN, says)
    except SourceError as error:
        says = f"It could not be asked from here: {error.message} Open {public} from outside once."
        return Finding(check, FindingState.UNKNOWN, says)
    if status not in ANSWERED:
        says = f"{public} answers a one-click call with {status}: what stands before `digest serve` has to let POST through."
        return Finding(check, FindingState.BAD, says)
    return Finding(check, FindingState.GOOD, f"{public} is https and answers a one-click call.")


async def clock(app: App) -> Finding:
    """Leases are instants, and receivers look at Date: this clock has to agree with the database's, or the
    world's.
    """
    if app.database.embedded:
        return await _against_the_world(app)
    before = app.clock.now()
    there: datetime = await app.database.write(
        lambda it: it.execute(text("SELECT clock_timestamp()")).scalar_one()
    )
    skew = abs(there - before)
    if skew > LARGEST_SKEW:
        says = f"This clock and the database's differ by {skew.total_seconds():.1f} s."
        return Finding("clock", FindingState.BAD, says, "Let NTP set both.")
    return Finding("clock", FindingState.GOOD, "This clock and the database's agree.")


async def _against_the_world(app: App) -> Finding:
    async with app.database.begin() as session:
        every = [one for one in await sources.all_sources(session) if one.location.startswith("http")]
    asked = await asyncio.gather(*(_lag(app, one) for one in every[:ASKED_THE_TIME]))
    lags = [one for one in asked if one is not None]
    if not lags:
        says = "There is no second clock to compare with: no source answered, and the database is a file."
        return Finding("clock", FindingState.UNKNOWN, says)
    # The newest: a kept answer bears the time at which it was made.
    lag = max(lags)
    if abs(lag) > LARGEST_DRIFT:
        which = "behind" if lag > timedelta(0) else "ahead of"
        says = f"This clock is {abs(lag).total_seconds():.0f} s {which} those of {len(lags)} sources."
        return Finding("clock", FindingState.BAD, says, "timedatectl set-ntp true")
    return Finding("clock", FindingState.GOOD, f"This clock and those of {len(lags)} sources agree.")


async def _lag(app: App, source: Source) -> timedelta | None:
    """Return by how much a source's server is ahead of us; None when it does not say."""
    before = app.clock.now()
    try:
        answer = await app.http.get(source.location)
        there = parsedate_to_datetime(answer.date or "")
    except (SourceError, ValueError):
        return None
    # An answer without a zone is one of the standard's old forms, which are in GMT.
    return (there if there.tzinfo else there.replace(tzinfo=UTC)) - before


def local(chosen: Settings, now: datetime) -> list[Finding]:
    """What only this machine can see of itself: tzdata, the database's file, the disk."""
    found = [_tzdata(now)]
    kind, _, path = chosen.database.url.partition(":///")
    file = Path(path)
    if kind == "sqlite" and file.is_file():
        readable = _is_shared(file)
        says = f"Others on this machine can read {file}, which holds people's addresses."
        says_ar = f"يستطيع غيرنا على هذا الجهاز قراءة {file} وفيه عناوين الناس."
        found.append(
            Finding("permissions", FindingState.WARN, says, f"chmod 600 {file}", says_ar)
            if readable
            else Finding("permissions", FindingState.GOOD, f"{file} is its owner's alone.")
        )
    found += [
        Finding(
            "permissions",
            FindingState.WARN,
            f"Others can read {file}, which lets one log in.",
            f"chmod 600 {file}",
            f"يستطيع غيرنا على هذا الجهاز قراءة {file} وبه يُدخل إلى خادم البريد.",
        )
        for server in chosen.mail.all_servers
        for file in _secret_files(server)
        if _is_shared(file)
    ]
    free = shutil.disk_usage(file.parent if kind == "sqlite" and file.parent.is_dir() else os.curdir).free
    state = FindingState.GOOD if free > LEAST_FREE else FindingState.BAD
    says_ar = f"بقي من القرص {free / 1e9:.1f} غيغابايت."
    return [*found, Finding("disk", state, f"{free / 1e9:.1f} GB are free.", says_ar=says_ar)]


def _tzdata(now: datetime) -> Finding:
    try:
        release = version("tzdata")
    except PackageNotFoundError:
        return Finding(
            "tzdata", FindingState.UNKNOWN, "The system's time zones are used; their age is not known."
        )
    year = int(release.split(".")[0])
    old = now - datetime(year, 1, 1, tzinfo=now.tzinfo) > OLDEST_TZDATA + timedelta(days=365)
    if old:
        return Finding(
            "tzdata",
            FindingState.WARN,
            f"Time zones are of {release}.",
            "pip install --upgrade tzdata",
            f"بيانات المناطق الزمنية قديمة ({release}).",
        )
    return Finding("tzdata", FindingState.GOOD, f"Time zones are of {release}.")


def _secret_files(server: MailServer) -> Iterator[Path]:
    # Without a key of its own, the certificate's file holds it.
    named = (server.password_file, server.token_file, server.client_key or server.client_cert)
    yield from (file for file in named if file is not None and file.is_file())


def _is_shared(file: Path) -> bool:
    return bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
