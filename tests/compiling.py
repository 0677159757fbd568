"""Workers compile the tests together, a share each, before each of them reads them all."""

import sys
from itertools import islice
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

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
