"""Build `data/lexicon.LANGUAGE.json` out of `knowledge/lexicon/LANGUAGE/*.yaml`, a key per file; `--check` compares."""

import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "communique" / "data"


def booleans(value: object, where: str) -> list[str]:
    """Words that YAML took for true or false (on, off, no, yes): lists of words must quote them."""
    if isinstance(value, dict):
        found = [f"{where}: the key {k!r} is no word; quote it" for k in value if isinstance(k, bool)]
        return found + [x for k, v in value.items() for x in booleans(v, f"{where}.{k}")]
    if isinstance(value, list):
        words = any(isinstance(v, str) for v in value)
        found = [f"{where}: {v!r} among words; quote it" for v in value if isinstance(v, bool) and words]
        return found + [x for v in value for x in booleans(v, where)]
    return []


def built(folder: Path) -> str:
    files = sorted(folder.glob("*.yaml"))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = {f.stem: yaml.load(f.read_text("utf-8"), loader) for f in files}
    wrong = booleans(content, folder.name)
    if wrong:
        raise SystemExit("\n".join(wrong))
    parts = [json.dumps(name) + ": " + json.dumps(value, ensure_ascii=False) for name, value in content.items()]
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
