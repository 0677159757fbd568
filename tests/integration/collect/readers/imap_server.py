"""A small IMAP server on this machine: one mailbox, as much of RFC 3501 as reading needs."""

import asyncio
import re
import ssl
from typing import Self


class ImapServer:
    """Holds messages in INBOX; whoever knows the password may read them.

    `tls`: encrypted from the first byte. `upgrade`: when asked (STARTTLS), and nobody is let in before.
    """

    def __init__(
        self,
        password: str = "right",
        *,
        tls: ssl.SSLContext | None = None,
        upgrade: ssl.SSLContext | None = None,
    ) -> None:
        self.password = password
        self._tls = tls
        self._upgrade = upgrade
        self.validity = 1
        self.messages: dict[int, bytes] = {}
        self.commands: list[str] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    def receives(self, message: bytes) -> None:
        self.messages[max(self.messages, default=0) + 1] = message

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_until = self._upgrade
        writer.write(b"* OK ready\r\n")
        try:
            while line := await reader.readline():
                tag, _, rest = line.decode().strip().partition(" ")
                self.commands.append(rest.split(" ")[0].upper())
                if open_until and self.commands[-1] == "STARTTLS":
                    writer.write(f"{tag} OK begin\r\n".encode())
                    await writer.start_tls(open_until)
                    open_until = None
                    continue
                answer, ending = self._answer(rest, "STARTTLS LOGINDISABLED" if open_until else "")
                writer.write(b"".join(answer) + f"{tag} {ending} done\r\n".encode())
                await writer.drain()
                if rest.upper().startswith("LOGOUT"):
                    break
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _answer(self, command: str, offered: str) -> tuple[list[bytes], str]:
        name, _, rest = command.partition(" ")
        match name.upper():
            case "CAPABILITY":
                return [f"* CAPABILITY IMAP4REV1 {offered}\r\n".encode()], "OK"
            case "LOGIN" if offered:
                return [], "NO [PRIVACYREQUIRED] not in the open"
            case "LOGIN":
                return [], "OK in" if rest.endswith(
                    f'"{self.password}"'
                ) else "NO [AUTHENTICATIONFAILED] wrong"
            case "SELECT" | "EXAMINE":
                return [f"* {len(self.messages)} EXISTS\r\n".encode()], "OK [READ-ONLY] selected"
            case "STATUS":
                return [f"* STATUS INBOX (UIDVALIDITY {self.validity})\r\n".encode()], "OK"
            case "UID":
                return self._uid(rest)
            case "LOGOUT":
                return [b"* BYE\r\n"], "OK"
        return [], "OK"

    def _uid(self, rest: str) -> tuple[list[bytes], str]:
        if rest.upper().startswith("SEARCH"):
            found = re.search(r"UID (\d+):\*", rest)
            start = int(found[1]) if found else 1
            uids = [uid for uid in self.messages if uid >= start]
            # RFC 3501: "n:*" always holds the last message, even when its number is lower.
            uids = uids or sorted(self.messages)[-1:]
            if listed := re.search(r"UID ([\d,]+)\)", rest):
                uids = [uid for uid in map(int, listed[1].split(",")) if uid in self.messages]
            return [f"* SEARCH {' '.join(map(str, uids))}\r\n".encode()], "OK"
        numbers = re.search(r"FETCH ([\d,]+) ", rest, re.IGNORECASE)
        answer = []
        for place, uid in enumerate(map(int, numbers[1].split(",")) if numbers else (), 1):
            body = self.messages[uid]
            head = f"* {place} FETCH (UID {uid} FLAGS () RFC822.SIZE {len(body)} BODY[] {{{len(body)}}}\r\n"
            answer.append(head.encode() + body + b")\r\n")
        return answer, "OK"
