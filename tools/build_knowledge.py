"""Lint `knowledge/` and build `src/communique/data/knowledge.json`; `--check` only compares, `--report` shows coverage.

Coverage against reference data: `tools/knowledge_coverage.py`.
"""

import json
import sys
from pathlib import Path

import yaml

from communique.compiling import Compiled, overlaps
from communique.errors import KnowledgeError

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


def compiled() -> Compiled:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    known = set(yaml.safe_load((ROOT / "knowledge" / "sources.yaml").read_text("utf-8")))
    out = Compiled()
    for kind, pattern in FILES.items():
        for path in sorted((ROOT / "knowledge").glob(pattern)):
            out.add(kind, yaml.load(path.read_text("utf-8"), loader), str(path.relative_to(ROOT)))
    problems = overlaps(out.rows)
    ids: dict[str, int] = {}
    for row in out.rows:
        ids[row["id"]] = ids.get(row["id"], 0) + 1
        problems += [f"{row['id']}: unknown source {s}" for s in sources_of(row) - known]
        if row["kind"] != "city" and not sources_of(row):
            problems.append(f"{row['id']}: names no source")
    problems += [f"{i} is there {n} times" for i, n in ids.items() if n > 1]
    if problems:
        raise KnowledgeError("\n".join(problems))
    return out


def as_json(out: Compiled) -> str:
    dump = lambda x: json.dumps(x, ensure_ascii=False, separators=(",", ":"))  # noqa: E731
    rows = ",\n".join(dump(r) for r in out.rows)
    surfaces = ",\n".join(f"{dump(k)}:{dump(v)}" for k, v in sorted(out.surfaces.items()))
    contested = dump(out.contested)
    return f'{{"rows":[\n{rows}\n],\n"contested":{contested},\n"surfaces":{{\n{surfaces}\n}}}}\n'


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
