"""What a DKIM signature of a 60 kB message costs: ours, dkimpy's, and the bare private-key operation.

    python benchmarks/sending/signing.py [ROUNDS]

Prints JSON: microseconds a message, medians of the rounds, which take turns.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

import dkim as dkimpy
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from transport import message

from digest.deliver.dkim import keys
from digest.deliver.dkim.signer import PREHASHED, Signer


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    folder = Path(tempfile.mkdtemp())
    rsa, ed = keys.make("rsa", folder / "rsa"), keys.make("ed25519", folder / "ed")
    pem = rsa.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    whole = message(60_000)
    header, _, body = whole.partition(b"\r\n\r\n")
    opening, rest = body[:-3_000], body[-3_000:]
    one, two = Signer("mujaz.example", [(rsa, "a")]), Signer("mujaz.example", [(rsa, "a"), (ed, "b")])
    only_ed = Signer("mujaz.example", [(ed, "b")])
    digest = sha256(whole).digest()
    works: dict[str, tuple[int, Callable[[], Any]]] = {
        "bare RSA-2048": (60, lambda: rsa.sign(digest, PKCS1v15(), PREHASHED)),  # type: ignore[union-attr, call-arg]
        "ours RSA-2048": (60, lambda: one.header(header, opening, rest)),
        "ours Ed25519": (200, lambda: only_ed.header(header, opening, rest)),
        "ours both": (60, lambda: two.header(header, opening, rest)),
        "dkimpy RSA-2048": (
            8,
            lambda: dkimpy.sign(whole, b"a", b"mujaz.example", pem, canonicalize=(b"relaxed", b"relaxed")),
        ),
    }
    signed = one.header(header, opening, rest) + whole
    record = keys.record_value(rsa).encode()
    assert dkimpy.verify(signed, dnsfunc=lambda *_, **__: record)
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (count, work) in works.items():
            begun = time.process_time()
            for _ in range(count):
                work()
            taken[name].append(1e6 * (time.process_time() - begun) / count)
    print(json.dumps({name: median(values) for name, values in taken.items()}))


if __name__ == "__main__":
    main()
