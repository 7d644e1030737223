"""Build `data/lexicon.LANGUAGE.json` out of `knowledge/lexicon/LANGUAGE/*.yaml` (a key per file); `--check` only compares."""

import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "communique" / "data"


def built(folder: Path) -> str:
    files = sorted(folder.glob("*.yaml"))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    parts = [
        json.dumps(f.stem) + ": " + json.dumps(yaml.load(f.read_text("utf-8"), loader), ensure_ascii=False) for f in files
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> int:
    stale = []
    for folder in sorted(p for p in (ROOT / "knowledge" / "lexicon").iterdir() if p.is_dir()):
        target = DATA / f"lexicon.{folder.name}.json"
        text = built(folder)
        if target.exists() and target.read_text("utf-8") == text:
            continue
        stale.append(target.name)
        if "--check" not in sys.argv:
            target.write_text(text, "utf-8")
    if stale and "--check" in sys.argv:
        print("stale, run tools/build_lexicon.py:", *stale)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
