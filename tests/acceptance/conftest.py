"""The real command, in a folder of its own, as a person would run it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.acceptance.forking import ForkServer

ROOT = Path(__file__).resolve().parents[2]

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def _environment(added: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **added}


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """The process that commands are forked from."""
    server = ForkServer()
    yield server
    server.close()


@pytest.fixture
def digest(tmp_path: Path, fork_server: ForkServer) -> Command:
    """Run `digest …` in an empty folder; returns what it printed and its exit code."""

    def run(
        *arguments: str, stdin: str | None = None, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        return fork_server.run(arguments, tmp_path, _environment(environment), stdin)

    return run


@pytest.fixture
def cold_digest(tmp_path: Path) -> Command:
    """Run `digest …` from a cold start, as a person's shell does."""

    def run(
        *arguments: str, stdin: str | None = None, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "digest", *arguments],
            cwd=tmp_path,
            env=_environment(environment),
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=110,
            check=False,
        )

    return run


@pytest.fixture
def drop_box(tmp_path: Path) -> Path:
    """A folder with two articles about two things."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "bridge.txt").write_text(
        "اخبار الاقتصاد افتتاح جسر المرفأ الجديد أمام الشاحنات\n\nافتتاح جسر المرفأ الجديد أمام الشاحنات\n\n"
        "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ١٢٠٠ متر بعد ثلاث سنوات من العمل، وقالت إنه سيخفف "
        "الزحام عن وسط المدينة.\n\nوبلغت كلفة الجسر ٤٥ مليون دينار، مولت الحكومة نصفها، وأسهم صندوق التنمية "
        "بالنصف الآخر.\n\nجميع الحقوق محفوظة لمصدر الخبر صحيفة المرفأ\n",
        encoding="utf-8",
    )
    (folder / "match.txt").write_text(
        "اخبار الرياضة نسور الواحة يفوز بكأس الشتاء للمرة الرابعة\n\n"
        "فاز فريق نسور الواحة بكأس الشتاء لكرة السلة بعد تغلبه على فريق الميناء في المباراة النهائية بنتيجة ٨٨ مقابل "
        "٧٩ مساء أمس.\n\nوسجل قائد الفريق ٣١ نقطة، ونال جائزة أفضل لاعب في البطولة التي استمرت أسبوعين.\n",
        encoding="utf-8",
    )
    return folder
