"""Is this machine fit to send? What the world sees of its names, and what only it can see of itself.

Nothing is changed. What cannot be looked at (no network, no server) is said to be unknown, never good.
"""

import asyncio
import os
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from digest.deliver.dkim import keys
from digest.errors import DigestError
from digest.services.app import App
from digest.services.names import Lookup, Names
from digest.settings import Settings

OLDEST_TZDATA = timedelta(days=400)
LEAST_FREE = 500_000_000
LARGEST_SKEW = timedelta(seconds=2)


class State(StrEnum):
    """How a check came out."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `line` is what to add to DNS or to the settings, "" when there is nothing."""

    check: str
    state: State
    says: str
    line: str = ""


async def examine(app: App, names: Names) -> list[Finding]:
    """Return all findings, those about names first. Takes seconds; never raises because a check could not be made."""
    sender = app.settings.mail.from_address.rpartition("@")[2].lower()
    bounces = (app.settings.mail.bounce_domain or sender).lower()
    about_names = await asyncio.gather(
        spf(names, bounces),
        dkim(names, app.settings, sender),
        dmarc(names, sender, bounces),
        mx(names, bounces),
        *(ptr(names, server.host) for server in app.settings.mail.all_servers),
    )
    found = [finding for group in about_names for finding in group]
    found += [await greeting(app), leaving(app.settings), await clocks(app)]
    return [*found, *local(app.settings, app.clock.now())]


async def spf(names: Names, domain: str) -> list[Finding]:
    """RFC 7208: exactly one record at the domain of the return path."""
    answer = await names.txt(domain)
    line = f'{domain}. IN TXT "v=spf1 mx -all"'
    if answer.failed:
        return [_unknown("SPF", answer)]
    records = [one for one in answer.values if one.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return [Finding("SPF", State.BAD, f"{domain} has no SPF record.", line)]
    if len(records) > 1:
        return [
            Finding(
                "SPF", State.BAD, f"{domain} has {len(records)} SPF records; receivers take that for none."
            )
        ]
    if records[0].lower().endswith("+all"):
        return [Finding("SPF", State.BAD, f"{domain} lets everybody send in its name (+all).", line)]
    return [Finding("SPF", State.GOOD, f"{domain}: {records[0]}")]


async def dkim(names: Names, chosen: Settings, sender: str) -> list[Finding]:
    """RFC 6376 and 8463: the public key of each key of ours is in DNS, and is that key's."""
    domain = (chosen.dkim.domain or sender).lower()
    found = []
    for selector, file in (
        (chosen.dkim.rsa_selector, chosen.dkim.rsa_key),
        (chosen.dkim.ed25519_selector, chosen.dkim.ed25519_key),
    ):
        if file is None:
            continue
        try:
            key = keys.load(file)
        except DigestError as error:
            found.append(Finding("DKIM", State.BAD, str(error)))
            continue
        line = keys.zone_line(key, selector, domain)
        answer = await names.txt(f"{selector}._domainkey.{domain}")
        wanted = keys.record_value(key).rpartition("p=")[2]
        if answer.failed:
            found.append(_unknown("DKIM", answer))
        elif not answer.values:
            found.append(Finding("DKIM", State.BAD, f"{selector}._domainkey.{domain} is not in DNS.", line))
        elif wanted not in "".join(answer.values).replace(" ", ""):
            found.append(Finding("DKIM", State.BAD, f"{selector}._domainkey.{domain} is another key.", line))
        else:
            found.append(
                Finding("DKIM", State.GOOD, f"{selector}._domainkey.{domain} is the key we sign with.")
            )
    if domain != sender and found:
        found.append(_aligned("DKIM alignment", domain, sender))
    nothing = Finding(
        "DKIM", State.UNKNOWN, "No key is set: signing is left to the SMTP server, which was not asked."
    )
    return found or [nothing]


async def dmarc(names: Names, sender: str, bounces: str) -> list[Finding]:
    """RFC 9989: a policy at the sender's domain or above it, and a return path that is aligned."""
    labels = sender.split(".")
    line = f'_dmarc.{sender}. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@{sender}"'
    for start in range(max(1, len(labels) - 1)):
        domain = ".".join(labels[start:])
        answer = await names.txt(f"_dmarc.{domain}")
        if answer.failed:
            return [_unknown("DMARC", answer)]
        records = [one for one in answer.values if one.replace(" ", "").lower().startswith("v=dmarc1")]
        if len(records) > 1:
            return [
                Finding(
                    "DMARC", State.BAD, f"_dmarc.{domain} has {len(records)} records; that counts as none."
                )
            ]
        if records:
            return [
                Finding("DMARC", State.GOOD, f"{domain}: {records[0]}"),
                _aligned("SPF alignment", bounces, sender),
            ]
    return [Finding("DMARC", State.BAD, f"{sender} has no DMARC record.", line)]


async def mx(names: Names, domain: str) -> list[Finding]:
    """Bounces need somewhere to come to (RFC 5321 §5.1; a null MX of RFC 7505 takes nothing)."""
    answer = await names.mx(domain)
    line = f"{domain}. IN MX 10 mail.{domain}."
    if answer.failed:
        return [_unknown("MX", answer)]
    if "." in answer.values:
        return [Finding("MX", State.BAD, f"{domain} says that it takes no mail (null MX).", line)]
    if not answer.values:
        return [Finding("MX", State.BAD, f"{domain} has no MX: bounces cannot come back.", line)]
    return [Finding("MX", State.GOOD, f"{domain}: {', '.join(answer.values)}")]


async def ptr(names: Names, host: str) -> list[Finding]:
    """Each address of the server has a name, and the name leads back to it."""
    answer = await names.addresses(host)
    if answer.failed:
        return [_unknown("PTR", answer)]
    found = []
    for address in answer.values:
        reverse = await names.reverse(address)
        if reverse.failed:
            found.append(_unknown("PTR", reverse))
            continue
        back = [name for name in reverse.values if address in (await names.addresses(name)).values]
        if back:
            found.append(Finding("PTR", State.GOOD, f"{address} is {back[0]}, and back."))
        else:
            says = f"{address} ({host}) has no name that leads back to it; ask whoever gave you the address."
            found.append(Finding("PTR", State.WARN, says))
    return found or [Finding("PTR", State.BAD, f"{host} has no address.")]


async def greeting(app: App) -> Finding:
    """The servers take our connection, with the TLS and the login that are set."""
    if not app.settings.mail.all_servers:
        return Finding(
            "SMTP", State.WARN, "No server is set: mail goes to the embedded mailbox.", "mail.host = …"
        )
    try:
        said = await app.mailer.check()
    except DigestError as error:
        return Finding("SMTP", State.BAD, str(error))
    plain = [one.label for one in app.settings.mail.all_servers if one.tls in {"none", "opportunistic"}]
    if plain:
        return Finding(
            "SMTP", State.WARN, f"{', '.join(plain)}: TLS is not required.", 'mail.tls = "starttls"'
        )
    return Finding("SMTP", State.GOOD, " / ".join(said.splitlines()))


def leaving(chosen: Settings) -> Finding:
    """The one-click link of RFC 8058 has to be https and public; whether it answers is seen only from outside."""
    where = urlsplit(chosen.web.public_url)
    if where.scheme != "https":
        says = f"{chosen.web.public_url} is not https: receivers ignore List-Unsubscribe-Post."
        return Finding("List-Unsubscribe", State.BAD, says, 'web.public_url = "https://…"')
    return Finding(
        "List-Unsubscribe", State.GOOD, f"{chosen.web.public_url} is https; open it from outside once."
    )


async def clocks(app: App) -> Finding:
    """Leases are instants: this machine and the database have to agree."""
    if app.database.embedded:
        return Finding("clock", State.UNKNOWN, "There is no second clock to compare with.")
    before = app.clock.now()
    there: datetime = await app.database.write(
        lambda it: it.execute(text("SELECT clock_timestamp()")).scalar_one()
    )
    skew = abs(there - before)
    if skew > LARGEST_SKEW:
        return Finding(
            "clock", State.BAD, f"This clock and the database's differ by {skew.total_seconds():.1f} s."
        )
    return Finding("clock", State.GOOD, "This clock and the database's agree.")


def local(chosen: Settings, now: datetime) -> list[Finding]:
    """What only this machine can see of itself: tzdata, the database's file, the disk."""
    found = [_tzdata(now)]
    kind, _, path = chosen.database.url.partition(":///")
    file = Path(path)
    if kind == "sqlite" and file.is_file():
        readable = file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
        says = f"Others on this machine can read {file}, which holds people's addresses."
        found.append(
            Finding("permissions", State.WARN, says, f"chmod 600 {file}")
            if readable
            else Finding("permissions", State.GOOD, f"{file} is its owner's alone.")
        )
    free = shutil.disk_usage(file.parent if kind == "sqlite" and file.parent.is_dir() else os.curdir).free
    state = State.GOOD if free > LEAST_FREE else State.BAD
    return [*found, Finding("disk", state, f"{free / 1e9:.1f} GB are free.")]


def _tzdata(now: datetime) -> Finding:
    try:
        release = version("tzdata")
    except PackageNotFoundError:
        return Finding("tzdata", State.UNKNOWN, "The system's time zones are used; their age is not known.")
    year = int(release.split(".")[0])
    old = now - datetime(year, 1, 1, tzinfo=now.tzinfo) > OLDEST_TZDATA + timedelta(days=365)
    if old:
        return Finding("tzdata", State.WARN, f"Time zones are of {release}.", "pip install --upgrade tzdata")
    return Finding("tzdata", State.GOOD, f"Time zones are of {release}.")


def _aligned(check: str, domain: str, sender: str) -> Finding:
    """Relaxed alignment, judged without a list of public suffixes: one name ends in the other."""
    if domain == sender or domain.endswith(f".{sender}") or sender.endswith(f".{domain}"):
        return Finding(check, State.GOOD, f"{domain} is aligned with {sender}.")
    return Finding(
        check, State.WARN, f"{domain} is not aligned with {sender}.", f'mail.bounce_domain = "{sender}"'
    )


def _unknown(check: str, answer: Lookup) -> Finding:
    return Finding(check, State.UNKNOWN, f"{answer.name} could not be looked up: {answer.failed}.")


def worst(found: Sequence[Finding]) -> State:
    """Return the worst state; unknown is no fault."""
    states = {one.state for one in found}
    return State.BAD if State.BAD in states else State.WARN if State.WARN in states else State.GOOD
