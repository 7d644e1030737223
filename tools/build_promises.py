"""Lint `knowledge/promises.yaml` and build `src/communique/data/promises.json`; `--check` only compares."""

import json
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "knowledge" / "promises.yaml"
TARGET = ROOT / "src" / "communique" / "data" / "promises.json"
LANGUAGES = ("de", "en")
ABOUT = ("promise", "topic")
FLAGS = {
    "id",
    "entry",
    "about",
    "guards",
    "anywhere",
    "unless",
    "actions",
    "needs",
    "deed",
    "events",
    "family",
    "recurs",
    "measured",
}


def wrong_words(words: dict, wanted: tuple[str, ...], where: str) -> list[str]:
    """What is wrong with the words of one row in one language."""
    found = [f"{where}: no {key}" for key in (*wanted, "example", "counter") if not words.get(key)]
    allowed = (*wanted, "example", "counter", "without")
    found += [f"{where}: unknown key {key!r}" for key in words if key not in allowed]
    lists = [(key, value) for key, value in words.items() if isinstance(value, list)]
    for key, value in lists:
        found += [f"{where}.{key}: {v!r} is no phrase; quote it" for v in value if not isinstance(v, str)]
        found += [
            f"{where}.{key}: {v!r} is not in small letters" for v in value if isinstance(v, str) and v != v.lower()
        ]
    return found


def wrong(content: dict) -> list[str]:
    """All that is wrong with the file."""
    found = []
    for kind, wanted in (("outcomes", ("phrases",)), ("actions", ("promise", "done"))):
        for number, row in enumerate(content[kind]):
            where = f"{kind}[{number}] {row.get('id')}"
            found += [f"{where}: unknown key {k!r}" for k in row if k not in FLAGS and k not in LANGUAGES]
            if kind == "outcomes" and row.get("about") not in ABOUT:
                found.append(f"{where}: about must be one of {ABOUT}")
            for language in LANGUAGES:
                found += wrong_words(row.get(language) or {}, wanted, f"{where}.{language}")
            names = {*row.get("guards", ()), *row.get("anywhere", ())}
            found += [
                f"{where}: no guard {g!r}" for g in names if any(g not in content["guards"][x] for x in LANGUAGES)
            ]
    known = set(json.loads((TARGET.parent / "concepts.json").read_text("utf-8"))["ids"])
    for key in ("deeds", "minor"):
        found += [f"{key}: {c!r} is no concept" for c in content[key] if c not in known]
    for language in LANGUAGES:
        for key, value in content["guards"][language].items():
            found += [f"guards.{language}.{key}: {v!r} is no word; quote it" for v in value if not isinstance(v, str)]
    return found


def main() -> int:
    content = yaml.safe_load(SOURCE.read_text("utf-8"))
    problems = wrong(content)
    if problems:
        print("\n".join(problems))
        return 1
    rows = {kind: [json.dumps(row, ensure_ascii=False) for row in content[kind]] for kind in ("outcomes", "actions")}
    lists = ",\n".join(f'"{kind}": [\n' + ",\n".join(lines) + "\n]" for kind, lines in rows.items())
    plain = ",\n".join(f'"{k}": ' + json.dumps(content[k], ensure_ascii=False) for k in ("deeds", "minor", "guards"))
    text = "{" + plain + ",\n" + lists + "\n}\n"
    if TARGET.exists() and TARGET.read_text("utf-8") == text:
        return 0
    if "--check" in sys.argv:
        print("stale, run tools/build_promises.py:", TARGET.name)
        return 1
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
