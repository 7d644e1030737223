"""Build `data/first_names.json` (first name → m, f or u) from Faker's name lists (MIT), for many languages.

Names that are ordinary words of German or English are left out.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import faker.providers.person as person
from anyascii import anyascii

from communique.compiling import fold

TARGET = Path(__file__).resolve().parent.parent / "src" / "communique" / "data" / "first_names.json"

ORDINARY = set(
    ["Mark", "Will", "Grace", "Rose", "Hope", "Faith", "Joy", "May", "June", "April", "August", "Mai", "Juli", "Art", "Christian", "Summer", "Autumn", "Dawn", "Star", "Melody", "Harmony", "Patience", "Precious", "Prince", "Princess", "King", "Earl", "Duke", "General", "Major", "Justice", "Price", "Rich", "Guy", "Van", "Gay", "Chance", "Royal", "Cash", "Land", "Heide", "Wolf", "Rosen", "Mercy", "Gift", "Blessing", "Sunday", "Monday", "Friday", "Success", "Victory", "Peace", "Love", "Honour", "Honor", "Unity", "Wisdom", "Glory", "Roman", "Norman", "German", "Britt", "Ireland", "India", "China", "Kenya", "Asia", "Georgia", "Jordan", "Chad", "Israel", "Paris", "Austin", "Dallas", "Sydney", "London", "Berlin", "Florence", "Charlotte", "Madison", "Lincoln", "Savannah", "Houston", "Washington", "Virginia", "Carolina", "Dakota", "Milan", "Essen", "Ulm", "Rom", "Der", "Die", "Das", "Den", "Dem", "Des", "Ein", "Eine", "Ist", "War", "Nur", "Fast", "Erst", "Alle", "Bald", "Wien", "Sam", "Sun", "Sky", "Storm", "Rain", "River", "Lake", "Ocean", "Forest", "Nice", "Fair", "True", "Early", "Long", "Young", "Little", "Moon", "Light", "Day", "Sea", "Miles", "Pace", "Stone", "Temple", "Free", "Major", "Captain", "Page", "Paige", "Banks", "Union", "Nation", "Nations", "East", "West", "North", "South", "Asia", "Europe", "Europa", "Amerika", "America", "Africa", "Afrika", "Tag", "Nacht", "Zeit"]
)


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
    keep = {}
    for name, found in sorted(sexes.items()):
        if name in ORDINARY:
            continue
        keep[name] = next(iter(found)) if len(found) == 1 else "u"
    TARGET.write_text(json.dumps(keep, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    print(f"{TARGET.name}: {len(keep)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
