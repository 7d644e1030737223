"""Build `data/first_names.json` (first name → m, f or u) from Faker's name lists (MIT), for many languages.

Names that are ordinary words of German or English are left out.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import faker.providers.person as person
import yaml
from anyascii import anyascii

from communique.compiling import fold

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "communique" / "data" / "first_names.json"

TRAPS = ROOT / "knowledge" / "lexicon" / "any" / "traps.yaml"


def names_of(provider: type, attribute: str) -> set[str]:
    found = getattr(provider, attribute, ()) or ()
    return {str(n) for n in found if str(n)[:1].isupper()}


def main() -> int:
    sexes: dict[str, set[str]] = {}
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute, sex in (("first_names_male", "m"), ("first_names_female", "f"), ("first_romanized_names", "u")):
            for name in names_of(provider, attribute):
                plain = fold(name) if name.isascii() or not anyascii(name).isspace() else name
                if plain.isascii() and plain.isalpha() and len(plain) > 2:
                    sexes.setdefault(plain, set()).add(sex)
    ordinary = set(yaml.safe_load(TRAPS.read_text("utf-8"))["no_first_names"])
    keep = {}
    for name, found in sorted(sexes.items()):
        if name in ordinary:
            continue
        keep[name] = next(iter(found)) if len(found) == 1 else "u"
    TARGET.write_text(json.dumps(keep, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    print(f"{TARGET.name}: {len(keep)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
