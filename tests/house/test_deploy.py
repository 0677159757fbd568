"""The files of deploy/: read as their own programs would, and held to what docs/howto/deploy.md promises."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from digest.settings import Settings
from digest.settings.loading import variable

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
INSTRUCTIONS = "FROM RUN COPY WORKDIR ENV VOLUME USER EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD".split()  # noqa: SIM905


def read_yaml(text: str) -> Any:
    """Read the plain part of YAML that our compose file keeps to: blocks, flow lists of words, anchors and merges.

    Raises:
        ValueError: a line is none of these, stands at no column of a block, or gives a key twice.
    """
    lines = []
    for number, raw in enumerate(text.splitlines(), 1):
        if "\t" in raw:
            raise ValueError(f"line {number}: a tab")
        bare = re.sub(r"(^|\s)#.*", "", raw).rstrip()
        if bare:
            lines.append((number, len(bare) - len(bare.lstrip()), bare.strip()))
    anchors: dict[str, Any] = {}
    found, rest = _block(lines, 0, anchors)
    if rest:
        raise ValueError(f"line {rest[0][0]} stands at no column of a block")
    return found


Lines = list[tuple[int, int, str]]


def _block(lines: Lines, column: int, anchors: dict[str, Any]) -> tuple[dict[str, Any], Lines]:
    found: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    while lines and lines[0][1] == column:
        number, _, line = lines.pop(0)
        match = re.fullmatch(r"([\w.<-]+):(?: (.*))?", line)
        if match is None:
            raise ValueError(f"line {number} is no key: {line}")
        key, value = match[1], match[2] or ""
        if key in found:
            raise ValueError(f"line {number} gives {key} twice")
        anchor = re.match(r"&(\w+)\s*", value)
        value = value[anchor.end() :] if anchor else value
        made: Any
        if value.startswith("*"):
            made = anchors[value[1:]]
        elif value:
            made = _scalar(value)
        else:
            made, lines = (
                _block(lines, lines[0][1], anchors) if lines and lines[0][1] > column else ("", lines)
            )
        if anchor:
            anchors[anchor[1]] = made
        if key == "<<":
            merged = made
        else:
            found[key] = made
    # What a block says itself wins over what is merged into it.
    return {**merged, **found}, lines


def _scalar(value: str) -> Any:
    if value.startswith("["):
        if not value.endswith("]"):
            raise ValueError(f"an open list: {value}")
        return [part.strip().strip("\"'") for part in value[1:-1].split(", ")]
    if value == "{}":
        return {}
    return value[1:-1] if value[:1] in {"'", '"'} and value[-1] == value[0] else value


def compose() -> dict[str, Any]:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = read_yaml(text)
    return found


def ours() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in compose()["services"].items() if one.get("image") == "mujaz:latest"}


def unit(path: Path) -> list[tuple[str, str, str]]:
    """Return a unit's lines as (section, name, value)."""
    found, section = [], ""
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            continue
        name, sign, value = line.partition("=")
        assert sign, f"{path.name}: {line}"
        assert section, f"{path.name}: {line} stands before any section"
        found.append((section, name, value))
    return found


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", text))
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in joined.splitlines() if line.strip()]


def test_the_image_holds_the_installed_package_alone_and_runs_without_rights():
    found = instructions()
    assert {name for name, _ in found} <= set(INSTRUCTIONS)
    stages = [place for place, (name, _) in enumerate(found) if name == "FROM"]
    assert len(stages) == 2
    last = found[stages[1] :]
    assert [value for name, value in last if name == "COPY"] == ["--from=build /opt/mujaz /opt/mujaz"]
    users = [value for name, value in last if name == "USER"]
    assert users[-1].split(":")[0].isdigit()
    assert users[-1].split(":")[0] != "0"
    health = next(value for name, value in last if name == "HEALTHCHECK")
    assert "/healthz" in health
    assert json.loads(next(value for name, value in last if name == "ENTRYPOINT")) == ["digest"]
    installs = [value for name, value in found if name == "RUN" and "requirements.txt" in value]
    assert installs
    assert all("--no-deps" in value and "--require-hashes" in value for value in installs)


def test_what_the_image_copies_is_there_and_what_is_not_needed_stays_out():
    asked = [value.split()[:-1] for name, value in instructions() if name == "COPY" and "--from" not in value]
    names = [name for group in asked for name in group]
    assert all((ROOT / name).exists() for name in names)
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert sent[0] == "*"
    assert {line[1:] for line in sent if line.startswith("!")} == set(names)


def test_every_container_of_ours_has_a_read_only_root_and_no_rights():
    assert set(ours()) == {"upgrade", "serve", "worker"}
    for name, one in ours().items():
        assert one["read_only"] == "true", name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert "ports" not in one, name


def test_the_containers_start_in_their_order_and_name_what_there_is():
    whole = compose()
    for name, one in whole["services"].items():
        assert set(one.get("depends_on", {})) <= set(whole["services"]), name
        assert set(one.get("networks", [])) <= set(whole["networks"]), name
        assert set(one.get("secrets", [])) <= set(whole["secrets"]), name
        volumes = [volume.partition(":")[0] for volume in one.get("volumes", [])]
        assert all(volume in whole["volumes"] or (DEPLOY / volume).exists() for volume in volumes), name
    for name in ("serve", "worker"):
        assert (
            whole["services"][name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"
        )
    assert whole["networks"]["inside"] == {"internal": "true"}


def _names(group: Any, prefix: str = "") -> set[str]:
    names = set()
    for name, field in group.model_fields.items():
        kind = field.annotation
        names |= (
            _names(kind, f"{prefix}{name}.")
            if isinstance(kind, type) and hasattr(kind, "model_fields")
            else {prefix + name}
        )
    return names


def test_every_setting_that_the_files_name_exists():
    known = {variable(name) for name in _names(Settings)}
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*UNITS, DEPLOY / "compose.yaml", DEPLOY / "Dockerfile", ROOT / "docs/howto/deploy.md"]
    )
    named = set(re.findall(r"DIGEST_[A-Z_]*[A-Z]", text))
    assert named
    assert {name for name in named if name not in known and name.removesuffix("_FILE") not in known} == set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_every_unit_is_hardened_and_stops_with_time_for_what_is_on_the_wire(path: Path):
    lines = unit(path)
    assert {section for section, _, _ in lines} <= {"Unit", "Service", "Install"}
    service = {name: value for section, name, value in lines if section == "Service"}
    assert service["User"] == "mujaz"
    assert service["ExecStart"].startswith("/opt/mujaz/bin/digest ")
    for name in ("NoNewPrivileges", "PrivateUsers", "PrivateDevices", "RestrictNamespaces"):
        assert service[name] == "true", name
    assert service["ProtectSystem"] == "strict"
    if service["Type"] != "oneshot":
        assert int(service["TimeoutStopSec"]) >= 60
        assert ("Unit", "Requires", "mujaz-upgrade.service") in lines


def test_the_dashboard_asks_for_figures_that_there_are():
    board = json.loads((DEPLOY / "grafana" / "mujaz.json").read_text(encoding="utf-8"))
    shown = (ROOT / "digest/entrypoints/api/metrics.py").read_text(encoding="utf-8")
    there = set(re.findall(r'"(mujaz_\w+)"', shown))
    asked = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in re.findall(r"mujaz_\w+", target["expr"])
    }
    assert asked == there
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_the_proxies_hand_on_the_visitors_address_and_nothing_that_a_visitor_wrote():
    nginx = (DEPLOY / "nginx/mujaz.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert nginx.count("{") == nginx.count("}")
    assert "reverse_proxy" in (DEPLOY / "caddy/Caddyfile").read_text(encoding="utf-8")
