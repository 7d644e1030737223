"""Whose compatriot somebody is: "Bulgaria's Boyko Stranev", 'die Bulgarin Elena Stranewa', and later 'the Bulgarian'.

In: atoms, names and placed persons. Out: states of persons, and references of inhabitants that mean one of them.
Must not know offices or statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from communique.reading.mentions.drafts import Findings, refer_person
from communique.reading.mentions.offices import Surroundings
from communique.reading.mentions.people import NameSpan
from communique.reading.mentions.scan import Atom, word_set
from communique.reading.named import Reference

FORMS = frozenset({"adjective", "inhabitant"})


def origins(found: Findings, around: Surroundings, names: Sequence[NameSpan]) -> None:
    """Give a person without a state the one that stands right before the name.

    example: "Bulgaria's Boyko Stranev", "die Bulgarin Elena Stranewa"; counter: "in Bulgaria Boyko Stranev said"
    """
    for name in names:
        person = found.persons_at.get(name.span)
        if person is None or person.row is not None or person.state is not None:
            continue
        owned = around.word(name.first - 1) in ("'s", "’s")
        atom = around.ends.get(name.first - owned)
        form = _form(atom)
        if atom is None or form is None or not around.together(atom.first, name.first):
            continue
        if owned or form in FORMS:
            row = atom.state()
            person.state = row.code if row else None
            if form == "inhabitant":
                person.gender = person.gender or _sex(around, atom)


def compatriots(found: Findings, around: Surroundings, atoms: Sequence[Atom]) -> tuple[list[Reference], frozenset[int]]:
    """References of 'the Bulgarian', 'die Bulgarin' to the last person of that state, and the tokens they take.

    example: "sagte die Bulgarin", "the Bulgarian said"; counter: "the Bulgarian side", "die Bulgaren"
    """
    references, taken = [], set()
    for atom in atoms:
        row = atom.state()
        if row is None or _form(atom) not in FORMS or not _one(around, atom) or atom.last in around.name_begins:
            continue
        sex = _sex(around, atom)
        person = found.people.compatriot(atom.span[0], row.code, sex)
        if person is None:
            continue
        found.people.titled(person, atom.span)
        span = (around.tokens[atom.first - 1].start, atom.span[1])
        references.append(refer_person(person, span, atom.span, "title"))
        taken |= set(range(atom.first, atom.last))
    return references, frozenset(taken)


def _form(atom: Atom | None) -> str | None:
    row = atom.state() if atom is not None else None
    return atom.form_of(row) if atom is not None and row is not None else None


def _one(around: Surroundings, atom: Atom) -> bool:
    """Whether an inhabitant with an article is one person who acts: a verb of the list stands beside."""
    rule: Mapping[str, Sequence[str]] = around.vocab.words.get("compatriot") or {}
    word, article = around.word(atom.last - 1), around.word(atom.first - 1)
    sex = _sex(around, atom)
    several = sex != "f" and word.endswith(tuple(rule.get("plurals") or ()))
    if several or article.lower() not in (rule.get(sex or "any") or ()):
        return False
    acts = word_set(around.vocab, "acts")
    return around.word(atom.last) in acts or around.word(atom.first - 2) in acts


def _sex(around: Surroundings, atom: Atom) -> str | None:
    """The sex that a noun for an inhabitant tells by its ending, where the language has one for women."""
    ending = (around.vocab.words.get("compatriot") or {}).get("feminine")
    if not ending:
        return None
    return "f" if around.word(atom.last - 1).endswith(ending) else "m"
