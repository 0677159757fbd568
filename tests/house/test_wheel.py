"""The wheel carries all that the program reads, and runs without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("mujaz-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_every_data_file_of_the_checkout_is_in_the_wheel(unpacked: Path):
    wanted = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "digest").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    wanted |= {
        f"digest/_templates/{path.relative_to(ROOT / 'templates')}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    carried = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    assert wanted - carried == set()


def test_a_digest_is_made_from_the_wheel_alone(unpacked: Path, tmp_path: Path):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    code = (
        "import sys; sys.path = [p for p in sys.path if p]; import digest; "
        f"assert digest.__file__.startswith({str(unpacked)!r}), digest.__file__; "
        "from digest.__main__ import main; main(['run', '--demo'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "3 sent" in done.stdout
    assert (tmp_path / "subscribers.db").exists()
