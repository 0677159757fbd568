"""Condense caniemail's data to what `digest lint` needs.

    python benchmarks/condense_caniemail.py caniemail.json

The file is `data/caniemail.json` of the npm package `caniemail` (MIT). Of each HTML and CSS feature the newest answer of each
client of the five big families is kept.
"""

import json
import sys
from pathlib import Path

FAMILIES = ("gmail", "outlook", "apple-mail", "yahoo", "samsung-email")
TARGET = Path(__file__).parents[1] / "digest" / "render" / "checks" / "clients.json"


def condensed(raw: dict[str, object]) -> dict[str, object]:
    """Return {"date", "features": {name: {client: y | a | n | u}}}."""
    features = {}
    for one in raw["data"]:  # type: ignore[attr-defined]
        if one["category"] in {"html", "css"}:
            features[one["slug"]] = {
                f"{family}.{platform}": list(versions.values())[-1].split()[0]
                for family in FAMILIES
                for platform, versions in one["stats"].get(family, {}).items()
            }
    return {"date": raw["last_update_date"], "features": dict(sorted(features.items()))}


def main() -> None:
    """Read the file that the first argument names, write clients.json."""
    raw = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(json.dumps(condensed(raw), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {TARGET.name}: {len(condensed(raw)['features'])} features")  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
