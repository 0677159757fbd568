"""What is compiled once for all workers: tests, and templates."""

import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from _pytest.assertion import rewrite
from jinja2 import BaseLoader, Environment, FileSystemBytecodeCache

TESTS = Path(__file__).parent


def compile_share(config: pytest.Config) -> None:
    """Compile every so manieth test file that is not compiled yet; without workers, none.

    pytest keeps a compiled file for the next run. In a fresh clone each worker would compile each, and that is half of what collecting takes.
    """
    worker = getattr(config, "workerinput", None)
    if worker is None or sys.dont_write_bytecode:
        return
    first, workers = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    for file in islice(sorted(TESTS.rglob("test_*.py")), first, None, workers):
        folder = rewrite.get_cache_dir(file)
        kept = folder / f"{file.stem}{rewrite.PYC_TAIL}"
        if rewrite._read_pyc(file, kept) is None and rewrite.try_makedirs(folder):
            source, code = rewrite._rewrite_test(file, config)
            rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source, kept)


def keep_templates(folder: Path) -> None:
    """Let workers, and the commands that they run, take templates that one of them has compiled."""
    kept, load = FileSystemBytecodeCache(str(folder)), BaseLoader.load

    def loaded(self: BaseLoader, environment: Environment, name: str, *given: Any) -> Any:
        # In a sandbox other code is made of a template: it is compiled there each time.
        if not environment.sandboxed and environment.bytecode_cache is None:
            environment.bytecode_cache = kept
        return load(self, environment, name, *given)

    BaseLoader.load = loaded  # type: ignore[method-assign]
