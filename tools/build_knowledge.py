"""Lint `knowledge/` and build `src/communique/data/knowledge.json`; `--check` only compares.

Coverage against reference data: `tools/knowledge_coverage.py`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from communique.compiling import Compiled, overlaps
from communique.errors import KnowledgeError
from communique.naming import person_keys

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "communique" / "data" / "knowledge.json"
FILES = {
    "states": "states/*.yaml",
    "organisations": "organisations/*.yaml",
    "initiatives": "initiatives.yaml",
    "outlets": "outlets.yaml",
    "regions": "regions.yaml",
    "contested": "contested.yaml",
    "people": "people/*.yaml",
}


def sources_of(row: dict) -> set[str]:
    named = row.get("source") or []
    named = [named] if isinstance(named, str) else list(named)
    return set(named) | {t[6] for t in row.get("terms") or [] if t[6]}


def unsourced(out: Compiled, known: set[str]) -> Iterator[str]:
    """Rows and terms that name no source or one that `sources.yaml` does not have."""
    for row in [*out.rows, *({"id": f"contested/{r['name']}", **r} for r in out.contested)]:
        yield from (f"{row['id']}: unknown source {s}" for s in sorted(sources_of(row) - known))
        if row.get("kind") != "city" and not sources_of(row):
            yield f"{row['id']}: names no source"
        yield from (
            f"{row['id']}: the term from {t[2]} as {t[0]} names no source" for t in row.get("terms") or [] if not t[6]
        )


def unknown_codes(out: Compiled) -> Iterator[str]:
    """Codes of members, owners and offices that no state or organisation of the knowledge has."""
    states = {r["code"] for r in out.rows if r["kind"] == "state"}
    bodies = {r["own_code"] for r in out.rows if r["kind"] == "igo"}
    for row in out.rows:
        used = [(m[0], "member") for m in row.get("members") or []]
        used += [(t[1], "office of") for t in row.get("terms") or []]
        used += [(row[k], k) for k in ("part_of", "members_as", "state") if row.get(k)]
        yield from (
            f"{row['id']}: {role} {code} is not in the knowledge" for code, role in used if code not in states | bodies
        )


def linted(out: Compiled, sources: set[str]) -> list[str]:
    """Sentences about all that is wrong across files."""
    twice = Counter(row["id"] for row in out.rows)
    return [
        *overlaps(out.rows),
        *unsourced(out, sources),
        *unknown_codes(out),
        *(f"{id} is there {n} times" for id, n in twice.items() if n > 1),
    ]


def compiled(folder: Path = ROOT / "knowledge") -> Compiled:
    """All files of a knowledge folder; KnowledgeError with every finding of the linter."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    known = set(yaml.safe_load((folder / "sources.yaml").read_text("utf-8")))
    out = Compiled()
    for kind, pattern in FILES.items():
        for path in sorted(folder.glob(pattern)):
            content = yaml.load(path.read_text("utf-8"), loader)
            out.add(kind, content, str(path.relative_to(folder.parent)))
    problems = linted(out, known)
    if problems:
        raise KnowledgeError("\n".join(problems))
    return out


def as_json(out: Compiled) -> str:
    dump = lambda x: json.dumps(x, ensure_ascii=False, separators=(",", ":"))  # noqa: E731
    rows = ",\n".join(dump(r) for r in out.rows)
    surfaces = ",\n".join(f"{dump(k)}:{dump(v)}" for k, v in sorted(out.surfaces.items()))
    contested = dump(out.contested)
    keys = ",\n".join(f"{dump(k)}:{dump(v)}" for k, v in sorted(person_keys(out.surfaces).items()))
    return (
        f'{{"rows":[\n{rows}\n],\n"contested":{contested},\n"surfaces":{{\n{surfaces}\n}},\n"keys":{{\n{keys}\n}}}}\n'
    )


def main() -> int:
    try:
        text = as_json(compiled())
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    if TARGET.exists() and TARGET.read_text("utf-8") == text:
        return 0
    if "--check" in sys.argv:
        print("knowledge.json is stale, run tools/build_knowledge.py", file=sys.stderr)
        return 1
    TARGET.write_text(text, "utf-8")
    print(f"{TARGET.name}: {len(text) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
