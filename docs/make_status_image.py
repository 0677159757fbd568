"""Take docs/images/status-sending.png: `digest editions status` while an edition goes to 100,000 readers (needs Chromium).

`make images` runs it in a folder of its own. The send is a real one, of the sample articles, by `digest run` to a server on
this machine; what the command then prints is shown as a terminal would.
"""

import asyncio
import html
import io
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.sending.sink import Sink  # noqa: E402 - found by the line above
from docs.make_images import FLAGS, FOLDER  # noqa: E402

READERS = 100_000
NAME = "status-sending"
SHOWN_AT = 0.3
"""The picture is taken when so much is settled."""
PAGE = """<!doctype html><html dir="ltr"><meta charset="utf-8"><style>
body {{ margin: 0; background: #101418; color: #e6e6e6; }}
pre {{ margin: 0; padding: 20px 24px; font: 15px/1.6 "DejaVu Sans Mono", "Noto Sans Arabic", monospace; display: inline-block; }}
b {{ color: #7fd1ae; font-weight: normal; }}
</style><pre><b>$ {command}</b>
{output}</pre></html>"""
COMMAND = ("editions", "status", "1", "--list", "morning")


def main() -> None:
    """Make the readers, send, look in the middle, take the picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    port = multiprocessing.Value("i", 0)
    sink = multiprocessing.Process(target=_serve, args=(port,), daemon=True)
    sink.start()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        while not port.value:
            time.sleep(0.05)
        _prepare(home)
        shown = _while_sending(home, port.value)
    sink.terminate()
    _take(shown)


def _serve(port: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
    async def go() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Sink(0.0), "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(go())


def _prepare(home: Path) -> None:
    """Make sample articles, a list, one reader by the command, and the others like the first."""
    _digest(home, "run", "--demo", "--dry-run")
    _digest(home, "lists", "add", "morning", "--name", "موجز الصباح")
    _digest(home, "subscribers", "add", "reader0@mujaz.example", "--list", "morning")
    with closing(sqlite3.connect(home / "subscribers.db")) as connection, connection:
        for table, changed in (
            ("subscriber", {"id": "one.id + n", "email": "'reader' || n || '@mujaz.example'", "key": "lower(hex(randomblob(16)))"}),
            ("subscription", {"subscriber_id": "one.subscriber_id + n"}),
        ):  # fmt: skip
            _multiply(connection, table, changed)


def _multiply(connection: sqlite3.Connection, table: str, changed: dict[str, str]) -> None:
    """Write READERS - 1 rows like the last one of a table."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(name, f"one.{name}") for name in names)
    connection.execute(
        f"""
WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < {READERS - 1})
INSERT INTO {table} ({", ".join(names)})
SELECT {values} FROM count, (SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1) AS one
"""
    )


def _while_sending(home: Path, port: int) -> str:
    """Return what the command prints in the middle of the send."""
    server = {
        "DIGEST_MAIL__HOST": "127.0.0.1",
        "DIGEST_MAIL__PORT": str(port),
        "DIGEST_MAIL__TLS": "none",
        "DIGEST_RUN__BATCH_SIZE": "1000",
    }
    command = _command("run", "--list", "morning", "--source", str(home / "out" / "samples"))
    sending = subprocess.Popen(
        command,
        cwd=home,
        env={**_environment(), **server},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            time.sleep(1)
            done = subprocess.run(
                _command(*COMMAND), cwd=home, env=_environment(), capture_output=True, text=True, check=False
            )
            if done.returncode == 0 and _share(done.stdout) >= SHOWN_AT:
                return done.stdout
            if sending.poll() is not None:
                raise SystemExit("The send was over before the picture could be taken.")
    finally:
        sending.kill()
        sending.wait()


def _share(shown: str) -> float:
    line = next((one for one in shown.splitlines() if one.startswith("progress")), "")
    return float(line.split("%")[0].split()[-1]) / 100 if "%" in line else 0.0


def _take(shown: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 900, "height": 400})
        page.set_content(
            PAGE.format(command=f"digest {' '.join(COMMAND)}", output=html.escape(shown.rstrip()))
        )
        content = page.locator("pre").screenshot()
        browser.close()
    file = FOLDER / f"{NAME}.png"
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)
    sys.stdout.write(f"docs/images/{NAME}.png {file.stat().st_size} bytes\n{shown}")


def _digest(home: Path, *arguments: str) -> None:
    subprocess.run(_command(*arguments), cwd=home, env=_environment(), check=True, stdout=subprocess.DEVNULL)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "digest", *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DIGEST_RUN__LOG_LEVEL": "error"}


if __name__ == "__main__":
    main()
