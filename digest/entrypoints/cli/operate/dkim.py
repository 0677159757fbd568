"""`digest dkim …`: keys for signing, and the lines to add to DNS."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from digest.entrypoints.cli.screen import say
from digest.errors import ConfigError, InputError
from digest.text.addresses.domain import ascii_domain

app = typer.Typer(no_args_is_help=True, help="Make keys for DKIM signatures and show their DNS records.")


class KeyType(StrEnum):
    """What sort of key."""

    RSA = "rsa"
    ED25519 = "ed25519"


Domain = Annotated[str, typer.Argument(help="The domain that signs: the sender's, or one above it.")]
Selector = Annotated[str, typer.Option("--selector", "-s", help="The key's name in DNS.")]


def _spelled(domain: str, selector: str) -> str:
    """Return a domain as it stands in DNS.

    Raises:
        InputError: it is no domain, or the selector no label.
    """
    try:
        found = ascii_domain(domain.strip().removesuffix("."))
        ascii_domain(f"{selector}.{found}")
    except ConfigError:
        raise InputError(
            f"{selector}._domainkey.{domain} is no name in DNS.",
            remedy="Name the sender's domain, for example news.example.org, and a selector of letters and digits.",
        ) from None
    return found


@app.command()
def keygen(
    domain: Domain,
    file: Annotated[Path, typer.Argument(help="New file for the private key.")],
    selector: Selector = "mujaz",
    kind: Annotated[
        KeyType, typer.Option("--type", "-t", help="RSA of 2048 bits, or Ed25519.")
    ] = KeyType.RSA,
) -> None:
    """Make a private key that only you can read, and show the line to add to DNS."""
    from digest.deliver.dkim import keys

    spelled = _spelled(domain, selector)
    say(keys.zone_line(keys.make(kind.value, file), selector, spelled))
    say(
        f"The private key is in {file}. Set dkim.{kind.value}_key and dkim.{kind.value}_selector when DNS has the line."
    )


@app.command()
def record(
    domain: Domain,
    file: Annotated[Path, typer.Argument(help="File of the private key.")],
    selector: Selector = "mujaz",
) -> None:
    """Show the line to add to DNS for a key that is there."""
    from digest.deliver.dkim import keys

    spelled = _spelled(domain, selector)
    say(keys.zone_line(keys.load(file), selector, spelled))
