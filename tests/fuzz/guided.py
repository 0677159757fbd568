"""One target under atheris: libFuzzer chooses inputs by what the code did with the last ones."""

import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path

import atheris

WATCHED = ("digest", "htmldate", "trafilatura", "readability")
"""Packages whose branches count as news to the fuzzer."""
SLOWER = 3
"""How much slower code may be for being watched; what takes longer is measured again by itself."""
HANGS = 120
"""Seconds on the clock after which libFuzzer calls an input a hang: measuring one again is among them, on a busy machine."""
MOST_MEGABYTES = 1500
FAILED = 70
"""The exit code of a target that could not be fuzzed, as when an honest input breaks a promise."""

with atheris.instrument_imports(include=list(WATCHED)):
    from tests.fuzz.target import SECONDS, Target, TooMuchError, measured
    from tests.fuzz.targets import TARGETS


def fuzz(name: str, *, seconds: int, seed: int, kept: Path, corpus: Path, log: Path) -> int:
    """Fuzz one target for so long, in a process of its own; returns its exit code, 0 when no promise was broken.

    An input that breaks one is written to `kept`, what is interesting to `corpus`, libFuzzer's words to `log`.
    """
    # A fork, because loading everything to be watched takes longer than many a target's share of the time.
    child = os.fork()
    if child == 0:
        try:
            with log.open("wb") as words:
                os.dup2(words.fileno(), 1)
                os.dup2(words.fileno(), 2)
            _fuzz(name, seconds, seed, kept, corpus)
        except SystemExit:
            # With the interpreter's end libFuzzer writes the input down.
            raise
        except BaseException:  # noqa: BLE001 - the child's last words
            traceback.print_exc()
        # The child must never go on as its parent.
        os._exit(FAILED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _fuzz(name: str, seconds: int, seed: int, kept: Path, corpus: Path) -> None:
    target: Target = TARGETS[name]
    folder = Path(tempfile.mkdtemp())
    seeds, words = folder / "seeds", folder / "words"
    _write(seeds, {f"{place:03}": body for place, body in enumerate(target.seeds())})
    # What is loaded with the first inputs counts for none.
    for body in target.seeds():
        target.check(body)

    def once(data: bytes) -> None:
        try:
            measured(target.check, data, seconds=SECONDS * SLOWER)
        except TooMuchError:
            _again(name, data)

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={target.longest}",
        f"-timeout={HANGS}",
        f"-seed={seed}",
    ]
    options += [f"-rss_limit_mb={MOST_MEGABYTES}", f"-artifact_prefix={kept}/", "-print_final_stats=1"]
    if target.words:
        words.write_text("".join(f"{_quoted(word)}\n" for word in target.words), encoding="ascii")
        options.append(f"-dict={words}")
    atheris.Setup([name, *options, str(corpus), str(seeds), str(kept)], once)
    atheris.Fuzz()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, body in files.items():
        (folder / name).write_bytes(body)


def _again(name: str, data: bytes) -> None:
    """Measure an input in a process that nobody watches, as the collector runs.

    Raises:
        TooMuchError: it takes too much there as well.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.once", name], input=data, capture_output=True, check=False
    )
    if done.returncode:
        raise TooMuchError(done.stderr.decode(errors="replace").strip().splitlines()[-1])


def _quoted(word: bytes) -> str:
    """A word as libFuzzer's dictionaries write it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word) + '"'
