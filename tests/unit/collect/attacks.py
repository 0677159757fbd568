"""Addresses that attackers try: other schemes, ports, user names, and every spelling of an inner address."""

PRIVATE = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001:0:7f00:1::", "::7f00:1",
    "::ffff:0:127.0.0.1", "fe80::1%eth0", "3fff::1", "100::1", "not an address", "", "1.2.3", "1.2.3.4.5",
)  # fmt: skip
ATTACKS = (
    *(f"http://{one}/" for one in PRIVATE if one and ":" not in one and " " not in one and one.count(".") == 3),
    *(f"http://[{one}]/" for one in PRIVATE if ":" in one and "%" not in one),
    "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://0/",
    "http://017700000001/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::]/", "http://[fe80::1%25eth0]/",
    "http://user@marfa.example/", "http://marfa.example:80@127.0.0.1/", "http://u:p@127.0.0.1/", "http://marfa.example:22/",
    "http://marfa.example:6379/", "http://marfa.example:8080/", "https://marfa.example:25/", "ftp://marfa.example/", "file:///etc/passwd",
    "gopher://marfa.example/", "dict://marfa.example/", "javascript:alert(1)", "data:text/plain,x", "http://", "http:///x", "//marfa.example/",
    "http://１２７.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://127．0．0．1/", "http://127.0.0.1./", "http://0x7f000001./",
    "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.marfa.example/", "http://\t127.0.0.1/", "http://127.0.0.1:80/", "http://[::127.0.0.1]/",
    "http://127.0.0.1?@marfa.example/", "http://127.0.0.1#@marfa.example/", "http://marfa.example\\@127.0.0.1/", "http:127.0.0.1",
    "http:///127.0.0.1/", "http://0:80/", "http://127.0.0.1\x00/", "http://127.0.0.1\x00.marfa.example/", "imap://127.0.0.1/", "ws://127.0.0.1/",
    "http://[::1/", "http://marfa.example:99999/", "http://marfa.example:port/", "", "marfa.example",
)  # fmt: skip
