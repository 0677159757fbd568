"""A small sink of our own, for machines without the fast one, and for TLS. Takes everything, keeps nothing.

python benchmarks/sending/sink.py -p PORT [-d DELAY_US] [--tls CERTIFICATE]
"""

import argparse
import asyncio
import ssl

GREETING = (
    b"250-sink\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-SIZE 52428800\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
)
ANSWERS = {
    b"MAIL": b"250 2.1.0 Ok\r\n",
    b"RCPT": b"250 2.1.5 Ok\r\n",
    b"DATA": b"354 Go on\r\n",
    b"RSET": b"250 2.0.0 Ok\r\n",
    b"NOOP": b"250 2.0.0 Ok\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}


class Sink(asyncio.Protocol):
    """Reads commands and messages, answers them."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.rest = b""
        self.in_message = False
        self.left = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(b"220 sink ESMTP\r\n")  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        said = self.answers(self.rest + data)
        if said and self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, said)  # type: ignore[attr-defined]
        elif said:
            self.transport.write(said)  # type: ignore[attr-defined]

    def answers(self, data: bytes) -> bytes:
        said = []
        while data:
            if self.left:
                taken = min(self.left, len(data))
                self.left, data = self.left - taken, data[taken:]
                if not self.left:
                    said.append(b"250 2.0.0 Queued\r\n")
            elif self.in_message:
                end = data.find(b"\r\n.\r\n")
                if end < 0:
                    # Kept only as far as an end could begin in it.
                    data = data[-4:]
                    break
                data, self.in_message = data[end + 5 :], False
                said.append(b"250 2.0.0 Queued\r\n")
            else:
                line, end_of_line, rest = data.partition(b"\r\n")
                if not end_of_line:
                    break
                data = rest
                verb = line[:4].upper()
                if verb == b"BDAT":
                    self.left = int(line.split()[1])
                    continue
                if verb == b"DATA":
                    self.in_message, data = True, b"\r\n" + data
                said.append(GREETING if verb in {b"EHLO", b"HELO"} else ANSWERS.get(verb, b"500 What?\r\n"))
        self.rest = data
        return b"".join(said)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-p", type=int, required=True)
    parser.add_argument("-d", type=int, default=0)
    parser.add_argument("--tls")
    chosen = parser.parse_args()
    context = None
    if chosen.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chosen.tls)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(chosen.d / 1e6), "127.0.0.1", chosen.p, ssl=context)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
