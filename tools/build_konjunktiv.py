"""Build `knowledge/lexicon/de/konjunktiv.yaml`: third-person Konjunktiv forms that are no indicative.

`ablaut` conjugates the verbs that `simplemma`'s dictionary knows (both MIT); a form whose own lemma there is another
word is left out ('meine', 'führen'). Verbs with a prefix of `PREFIXES` before a known form are not repeated.
"""

import sys
from pathlib import Path

import ablaut
import yaml
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

TARGET = Path(__file__).resolve().parent.parent / "knowledge" / "lexicon" / "de" / "konjunktiv.yaml"
PREFIXES = """
    ab an auf aus be bei bekannt da dar durch ein empor ent er fehl fern fest fort frei ge gegen gegenüber gleich heim
    her heraus herbei hervor hin hinaus hinein hinter hinzu hoch klar los miss mit nach nieder offen statt teil
    über um unter ver vor voran voraus vorbei wahr weg weiter wider wieder zer zu zurück zusammen zuvor
""".split()
ENDINGS = ("iere",)  # of all verbs in -ieren; not repeated either
NEVER = {"möge", "möchte", "möchten", "danke", "bitte", "siehe", "laute", "weile", "lange"}
VULGAR = ("fick", "kack", "scheiß", "fotz", "piss", "wichs", "furz")
CLOSED_FIRST = "sei seien habe werde könne müsse dürfe solle wolle wisse".split()
CLOSED_SECOND = """
    wäre wären hätte hätten würde würden könnte könnten müsste müssten dürfte dürften wüsste wüssten bräuchte bräuchten
""".split()


def dictionary() -> dict[str, str]:
    raw = DefaultDictionaryFactory().get_dictionary("de")

    def text(value: str | bytes) -> str:
        return value.decode() if isinstance(value, bytes) else value

    return {text(k): text(v) for k, v in raw.items()}


def infinitives(lemmas: dict[str, str]) -> list[str]:
    first = {
        w for w, lemma in lemmas.items() if w.endswith("e") and lemma == w + "n" and w[:1].islower() and w.isalpha()
    }
    first = {w for w in first if not w.endswith(ENDINGS) and not any(v in w for v in VULGAR)}
    simple = (w for w in first if not any(w.startswith(p) and w[len(p) :] in first for p in PREFIXES))
    return sorted(w + "n" for w in simple)


def look_alikes(lemmas: dict[str, str], known: set[str]) -> list[str]:
    """Words that only look like a prefix and a form ('anstelle', 'gewisse')."""
    found = set()
    for word, lemma in lemmas.items():
        if (
            word[:1].islower()
            and lemma != word + "n"
            and any(word.startswith(p) and word[len(p) :] in known for p in PREFIXES)
        ):
            found.add(word)
    return sorted(found)


def forms(lemmas: dict[str, str]) -> tuple[list[str], list[str]]:
    first, second = set(CLOSED_FIRST), set(CLOSED_SECOND)
    for verb in infinitives(lemmas):
        try:
            paradigm = ablaut.conjugate(verb)
        except ValueError:
            continue
        present = paradigm.konjunktiv1[2]
        if present == verb[:-1] and present not in (paradigm.present[2], paradigm.preterite[2]):
            first.add(present)
        for person in (2, 5):
            past = paradigm.konjunktiv2[person]
            if past not in (paradigm.preterite[person], paradigm.present[person]) and lemmas.get(past) == verb:
                second.add(past)
    return sorted(first - NEVER), sorted(second - NEVER - first)


def main() -> int:
    lemmas = dictionary()
    first, second = forms(lemmas)
    never = look_alikes(lemmas, {*first} - set(CLOSED_FIRST))
    head = "# Konjunktiv forms of the third person. Built by tools/build_konjunktiv.py; do not edit.\n"
    content = {"prefixes": PREFIXES, "endings": list(ENDINGS), "first": first, "second": second, "never": never}
    text = head + yaml.safe_dump(content, allow_unicode=True, width=118, default_flow_style=None, sort_keys=False)
    if "--check" in sys.argv:
        return int(TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
