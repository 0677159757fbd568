"""Find the DMARC policy of a domain (RFC 9989)."""

from dataclasses import dataclass

from digest.services.dns import DnsNames, Lookup

MOST_LABELS = 7
"""A name of more labels is looked up itself, then from its last seven on (RFC 9989 §4.10)."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The records found on the way up from a domain, by name; `failed` when a look-up gave no answer.

    `doubled` are names with more than one record, which count as none.
    """

    start: str
    records: tuple[tuple[str, str], ...] = ()
    doubled: tuple[str, ...] = ()
    failed: Lookup | None = None

    @property
    def organisation(self) -> str:
        """The organisational domain: the domain itself when nothing on the way says otherwise (RFC 9989
        §4.10.2).
        """
        for name, record in self.records:
            tag = tag_of(record, "psd")
            if tag == "n":
                return name
            if tag == "y" and name != self.start:
                return _below(self.start, name)
        return min((name for name, _ in self.records), key=lambda one: one.count("."), default=self.start)

    @property
    def policy(self) -> tuple[str, str] | None:
        """Whose record rules the domain, and the record: its own, else its organisation's, else a public
        suffix's.
        """
        known = dict(self.records)
        for name in (self.start, self.organisation):
            if name in known:
                return name, known[name]
        return next(((name, record) for name, record in self.records if tag_of(record, "psd") == "y"), None)


async def walked(names: DnsNames, domain: str) -> Walk:
    """Ask for the records of a domain and of the names above it, up to the top, until one says where to
    stop.
    """
    records: list[tuple[str, str]] = []
    doubled: list[str] = []
    for name in targets(domain):
        answer = await names.txt(f"_dmarc.{name}")
        if answer.failed:
            return Walk(domain, tuple(records), tuple(doubled), answer)
        found = [one for one in answer.values if is_policy(one)]
        if len(found) > 1:
            doubled.append(name)
        elif found:
            records.append((name, found[0]))
            tag = tag_of(found[0], "psd")
            if tag == "n" or (tag == "y" and name != domain):
                break
    return Walk(domain, tuple(records), tuple(doubled))


def targets(domain: str) -> tuple[str, ...]:
    """Return the names to ask, from the domain up to its top label; at most eight."""
    labels = domain.split(".")
    start = 1 if len(labels) <= MOST_LABELS + 1 else len(labels) - MOST_LABELS
    return (domain, *(".".join(labels[place:]) for place in range(start, len(labels))))


def is_policy(record: str) -> bool:
    """Say whether a TXT record is one of DMARC: its first tag is `v=DMARC1`."""
    return record.partition(";")[0].replace(" ", "") == "v=DMARC1"


def tag_of(record: str, name: str) -> str:
    """Return a tag's value in small letters, "" without it."""
    for part in record.split(";"):
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().lower()
    return ""


def _below(domain: str, above: str) -> str:
    """Return the name one label below another, on the way to a domain."""
    return ".".join(domain.split(".")[-(above.count(".") + 2) :])
