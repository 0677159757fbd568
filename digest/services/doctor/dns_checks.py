"""Check SPF, DKIM, DMARC, MX and PTR of our names."""

from digest.collect.fetch.ssrf import is_public
from digest.deliver.dkim import keys
from digest.errors import DigestError
from digest.services.dns import DnsNames
from digest.services.doctor.dmarc import walked
from digest.services.doctor.finding import Finding, FindingState, unknown
from digest.settings import Settings


async def spf(names: DnsNames, domain: str) -> list[Finding]:
    """RFC 7208: exactly one record at the domain of the return path."""
    answer = await names.txt(domain)
    line = f'{domain}. IN TXT "v=spf1 mx -all"'
    if answer.failed:
        return [unknown("SPF", answer)]
    records = [one for one in answer.values if one.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return [Finding("SPF", FindingState.BAD, f"{domain} has no SPF record.", line)]
    if len(records) > 1:
        return [
            Finding(
                "SPF",
                FindingState.BAD,
                f"{domain} has {len(records)} SPF records; receivers take that for none.",
            )
        ]
    if records[0].lower().endswith("+all"):
        return [Finding("SPF", FindingState.BAD, f"{domain} lets everybody send in its name (+all).", line)]
    return [Finding("SPF", FindingState.GOOD, f"{domain}: {records[0]}")]


async def dkim(names: DnsNames, chosen: Settings, sender: str) -> list[Finding]:
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
            found.append(Finding("DKIM", FindingState.BAD, str(error)))
            continue
        line = keys.zone_line(key, selector, domain)
        answer = await names.txt(f"{selector}._domainkey.{domain}")
        wanted = keys.record_value(key).rpartition("p=")[2]
        if answer.failed:
            found.append(unknown("DKIM", answer))
        elif not answer.values:
            found.append(
                Finding("DKIM", FindingState.BAD, f"{selector}._domainkey.{domain} is not in DNS.", line)
            )
        elif wanted not in "".join(answer.values).replace(" ", ""):
            found.append(
                Finding("DKIM", FindingState.BAD, f"{selector}._domainkey.{domain} is another key.", line)
            )
        else:
            found.append(
                Finding("DKIM", FindingState.GOOD, f"{selector}._domainkey.{domain} is the key we sign with.")
            )
    if domain != sender and found:
        found.append(await alignment(names, "DKIM alignment", domain, sender))
    nothing = Finding(
        "DKIM",
        FindingState.UNKNOWN,
        "No key is set: signing is left to the SMTP server, which was not asked.",
    )
    return found or [nothing]


async def dmarc(names: DnsNames, sender: str, bounces: str) -> list[Finding]:
    """RFC 9989: a policy for the sender's domain, and a return path that is aligned."""
    line = f'_dmarc.{sender}. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@{sender}"'
    walk = await walked(names, sender)
    if walk.failed:
        return [unknown("DMARC", walk.failed)]
    if walk.doubled:
        says = f"_dmarc.{walk.doubled[0]} has several records; that counts as none."
        return [Finding("DMARC", FindingState.BAD, says)]
    if walk.policy is None:
        return [Finding("DMARC", FindingState.BAD, f"{sender} has no DMARC record.", line)]
    whose, record = walk.policy
    return [
        Finding("DMARC", FindingState.GOOD, f"{whose}: {record}"),
        await alignment(names, "SPF alignment", bounces, sender),
    ]


async def alignment(names: DnsNames, check: str, domain: str, sender: str) -> Finding:
    """Relaxed alignment: both domains are of one organisation, as the walks up from them say."""
    if domain != sender:
        walks = [await walked(names, one) for one in (domain, sender)]
        for walk in walks:
            if walk.failed:
                return unknown(check, walk.failed)
        if walks[0].organisation != walks[1].organisation:
            says = (
                f"{domain} is of {walks[0].organisation}, {sender} of {walks[1].organisation}: not aligned."
            )
            return Finding(check, FindingState.WARN, says, f'mail.bounce_domain = "{sender}"')
    return Finding(check, FindingState.GOOD, f"{domain} is aligned with {sender}.")


async def mx(names: DnsNames, domain: str) -> list[Finding]:
    """Bounces need somewhere to come to (RFC 5321 §5.1; a null MX of RFC 7505 takes nothing)."""
    answer = await names.mx(domain)
    line = f"{domain}. IN MX 10 mail.{domain}."
    if answer.failed:
        return [unknown("MX", answer)]
    if "." in answer.values:
        return [Finding("MX", FindingState.BAD, f"{domain} says that it takes no mail (null MX).", line)]
    if not answer.values:
        return [Finding("MX", FindingState.BAD, f"{domain} has no MX: bounces cannot come back.", line)]
    for host in answer.values:
        where = await names.addresses(host)
        if not where.values and not where.failed:
            says = f"{domain} names {host} for its mail, which has no address."
            return [Finding("MX", FindingState.BAD, says, f"{host}. IN A …")]
    return [Finding("MX", FindingState.GOOD, f"{domain}: {', '.join(answer.values)}")]


async def ptr(names: DnsNames, host: str) -> list[Finding]:
    """Each public address of the server has a name, and the name leads back to it."""
    answer = await names.addresses(host)
    if answer.failed:
        return [unknown("PTR", answer)]
    found = []
    for address in answer.values:
        if not is_public(address):
            says = f"{address} ({host}) is private; the world sees another address, which is not known here."
            found.append(Finding("PTR", FindingState.UNKNOWN, says))
            continue
        reverse = await names.reverse(address)
        if reverse.failed:
            found.append(unknown("PTR", reverse))
            continue
        back = [name for name in reverse.values if address in (await names.addresses(name)).values]
        if back:
            found.append(Finding("PTR", FindingState.GOOD, f"{address} is {back[0]}, and back."))
        else:
            says = f"{address} ({host}) has no name that leads back to it; ask whoever gave you the address."
            found.append(Finding("PTR", FindingState.WARN, says))
    return found or [Finding("PTR", FindingState.BAD, f"{host} has no address.")]
