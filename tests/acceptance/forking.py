"""Run `digest …` in a process of its own without paying for its imports each time.

A server process has everything imported; for every command it forks a child, which gets the caller's folder,
environment and files, and runs the real `main`. What a cold start does is tested by `cold_digest`.
"""

import contextlib
import gc
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 110
MOST_BYTES = 1_000_000


class ForkServer:
    """The server as the tests see it: started with the first command, ended with `close`.

    `python` is the interpreter in which `digest` is installed; None: ours, with the checkout.
    """

    def __init__(self, python: Path | None = None) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DIGEST_", "PYTHON"))}
        checkout = {} if python else {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [python or sys.executable, __file__, str(theirs.fileno())],
            cwd=ROOT,
            env={**kept, **checkout, "PYTHONWARNINGS": "default"},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def close(self) -> None:
        """End the server."""
        self._ours.close()
        self._process.wait(timeout=LONGEST_SECONDS)

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        stdin: str | bytes | None,
        seconds: float = LONGEST_SECONDS,
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end.

        Raises:
            TimeoutError: it took too long, and was killed.
        """
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained, _file(stdin) as source:
            asked = json.dumps(
                {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
            )
            files = [source.fileno(), said.fileno(), complained.fileno()]
            socket.send_fds(self._ours, [asked.encode()], files)
            pid = int(self._ours.recv(MOST_BYTES))
            self._ours.settimeout(seconds)
            try:
                code = int(self._ours.recv(MOST_BYTES))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                self._ours.recv(MOST_BYTES)
                raise
            finally:
                self._ours.settimeout(None)
            return subprocess.CompletedProcess(
                ["digest", *arguments], code, stdout=_read(said), stderr=_read(complained)
            )


def _file(stdin: str | bytes | None) -> Any:
    if stdin is None:
        return Path(os.devnull).open("rb")
    held = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    held.write(stdin.encode() if isinstance(stdin, str) else stdin)
    held.seek(0)
    return held


def _read(held: Any) -> str:
    held.seek(0)
    text: str = held.read().decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def serve(descriptor: int) -> None:
    """Fork a child for each command that is asked for, until the other side ends."""
    from digest.__main__ import COMMANDS, main

    for bring_in in COMMANDS.values():
        bring_in()
    import digest.bootstrap  # noqa: F401 - what most commands bring in later

    gc.freeze()
    channel = socket.socket(fileno=descriptor)
    while True:
        asked, files, _flags, _address = socket.recv_fds(channel, MOST_BYTES, 3)
        if not asked:
            channel.close()
            return
        if not (pid := os.fork()):
            channel.close()
            _be_the_command(main, json.loads(asked), files)
        for one in files:
            os.close(one)
        channel.send(str(pid).encode())
        _pid, status = os.waitpid(pid, 0)
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())


def _be_the_command(main: Any, asked: dict[str, Any], files: Sequence[int]) -> None:
    code = 1
    try:
        for number, one in enumerate(files):
            os.dup2(one, number)
            os.close(one)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        random.seed()
        sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")  # type: ignore[assignment]
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8")
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), encoding="utf-8", line_buffering=True)
        sys.argv = ["digest", *asked["arguments"]]
        main(asked["arguments"])
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - a child must end here, whatever happened
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
