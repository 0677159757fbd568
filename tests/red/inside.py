"""Ways to write addresses inside, made by rule: every spelling of an address, in every dress that a URL has."""

import ipaddress
from collections.abc import Iterator

FOUR = (
    "127.0.0.1",
    "169.254.169.254",
    "10.0.0.7",
    "192.168.1.1",
    "172.20.0.9",
    "0.0.0.0",
    "100.64.3.2",
    "127.8.8.8",
)
SIX = (
    "::1",
    "::",
    "fe80::1",
    "fd00::7",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "3fff::1",
    "5f00::1",
    "0:0:0:0:0:0:0:1",
)
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
NAMES = (
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ｌocalhost",
    "loc%61lhost",
    "localhost.localdomain",
    "ip6-localhost",
    "inside.example",
)


def of_four(address: str) -> Iterator[str]:
    """The spellings of an IPv4 address that some reader of addresses understands."""
    octets = [int(part) for part in address.split(".")]
    number = int(ipaddress.IPv4Address(address))
    a, b, c, d = octets
    yield from (address, f"{address}.", f"{a}.{b}.{c * 256 + d}", f"{a}.{(b * 256 + c) * 256 + d}")
    yield from (str(number), hex(number), f"0{number:o}", f"0x{number:08X}", f"{number}.", f"{hex(number)}.")
    yield ".".join(f"0{one:o}" for one in octets)
    yield ".".join(f"0x{one:02x}" for one in octets)
    yield ".".join(f"{one:03d}" for one in octets)
    yield f"0x{a:x}.0{b:o}.{c}.{d}"
    yield from (
        address.translate(WIDE),
        address.translate(CIRCLED),
        address.translate(ARABIC),
        address.replace(".", "。"),
        address.replace(".", "｡"),
    )
    yield "".join(f"%{ord(letter):02x}" for letter in address)
    yield address.replace(".", "%2e")
    high, low = number >> 16, number & 0xFFFF
    for form in (
        "::ffff:{ip}",
        "::ffff:{hi:x}:{lo:x}",
        "::{ip}",
        "64:ff9b::{hi:x}:{lo:x}",
        "2002:{hi:x}:{lo:x}::",
        "2001:0:{hi:x}:{lo:x}::",
        "::ffff:0:{ip}",
        "64:ff9b:1::{ip}",
    ):
        yield f"[{form.format(ip=address, hi=high, lo=low)}]"


def of_six(address: str) -> Iterator[str]:
    """The spellings of an IPv6 address, with zones as well."""
    yield from (f"[{address}]", f"[{address.upper()}]", f"[{address}%25lo]", f"[{address}%lo]", address)


def dressed(host: str) -> Iterator[str]:
    """A host in the dresses of a URL: user names, ports, marks that some readers take for the end."""
    yield from (
        f"http://{host}/",
        f"https://{host}/",
        f"HTTP://{host}",
        f"http:{host}",
        f"http:/{host}",
        f"http:///{host}/",
        f"//{host}/",
        f"http:\\\\{host}\\",
    )
    yield from (
        f"http://outlet.example@{host}/",
        f"http://u:p@{host}/",
        f"http://{host}@outlet.example/",
        f"http://outlet.example\\@{host}/",
        f"http://{host}\\@outlet.example/",
    )
    yield from (
        f"http://{host}?@outlet.example/",
        f"http://{host}#@outlet.example/",
        f"http://{host};@outlet.example/",
        f"http://outlet.example#@{host}/",
    )
    yield from (
        f"http://{host}:80/",
        f"http://{host}:080/",
        f"http://{host}:443/",
        f"http://{host}:22/",
        f"http://{host}:/",
        f"http://{host}:65536/",
        f"http://{host}:-1/",
        f"http://{host}:8０/",
    )
    yield from (
        f"http://{host}%00.outlet.example/",
        f"http://{host}%20/",
        f"http://{host}%09/",
        f"http://{host}\t/",
        f"ht\ntp://{host}/",
        f" http://{host}/",
        f"http://{host}\x00/",
        f"http://\u200b{host}/",
    )
    yield from (
        f"ftp://{host}/",
        f"gopher://{host}:80/_x",
        f"dict://{host}/",
        f"ldap://{host}/",
        f"ws://{host}/",
        f"jar:http://{host}!/",
        f"view-source:http://{host}/",
        f"url:http://{host}/",
        f"feed:http://{host}/",
    )


HOSTS = tuple(
    dict.fromkeys(
        [*(h for one in FOUR for h in of_four(one)), *(h for one in SIX for h in of_six(one)), *NAMES]
    )
)
FORMS = tuple(
    dict.fromkeys(
        [
            *(f"http://{host}/" for host in HOSTS),
            *(f"https://{host}/" for host in HOSTS[::5]),
            *dressed("127.0.0.1"),
            *dressed("[::1]"),
            *(
                "file:///etc/passwd",
                "FILE:///etc/passwd",
                "data:text/html,x",
                "unix:///run/docker.sock",
                "javascript:1",
                "",
                "http://",
                "http://[::1",
                "http://[",
                "http://.",
            ),
        ]
    )
)
"""Addresses that lead inside, or nowhere."""
