"""Which stretches of tokens are names of persons, and which name other things that no list knows.

In: atoms and the tagger's open names. Out: person names and others, none overlapping.
Must not know who bears a name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from communique.compiling import fold
from communique.knowledge import Row
from communique.reading.mentions.drafts import Findings
from communique.reading.mentions.flags import is_compound, is_ordinary, token_flags
from communique.reading.mentions.names import first_names, open_names
from communique.reading.mentions.people import NameSpan, person_rows
from communique.reading.mentions.scan import Atom, office_suffix, word_set
from communique.reading.mentions.titles import titled_names
from communique.reading.outputs import Outputs

LEAST_MARGIN = {"PER": 0.5, "LOC": 3.0, "ORG": 3.0}  # set on halves of the annotated corpus; F1 is flat around them
LEAST_LONE = 1.5
"""A lone unknown surname needs a clearer margin than a full name."""
SURE = 2.0
START_COST, ALONE, AGREED = 1.0, 2.0, 0.5
"""What beginning another name must be worth; less margin where the tagger sees nothing, more where it sees the same."""
EVEN, STEEP = 2.5, 1.3
"""The model's log-odds as margins: at .6 a place or organisation counts, at .5 a full name of a person."""


@dataclass(frozen=True, slots=True)
class Open:
    """Tokens [first, last) that the tagger takes for a name, with how clearly."""

    first: int
    last: int
    kind: str
    margin: float


def find_names(
    found: Findings, atoms: Sequence[Atom], outputs: Outputs | None = None
) -> tuple[list[NameSpan], list[Open]]:
    """Person names (known and open) and other open names, none overlapping."""
    names: dict[int, NameSpan] = {}
    given = frozenset(found.vocab.traps.get("given") or ())
    states = {i for a in atoms if a.last - a.first > 1 or found.words.plain[a.first] not in given for i in _stately(a)}
    for atom in atoms:
        name = _known_name(found, atom)
        if name is not None:
            names |= dict.fromkeys(range(name.first, name.last), name)
    others: list[Open] = []
    seen = list(_tagged(found))
    if outputs is not None:
        seen = _confirmed(list(_learned(found, outputs)), seen)
    for open_name in _agreed(found, seen):
        if found.covered & set(range(open_name.first, open_name.last)):
            continue  # the noun before it says what it is
        if open_name.margin < LEAST_MARGIN[open_name.kind]:
            continue
        if open_name.kind == "PER" and states & set(range(open_name.first, open_name.last)):
            continue  # 'Süßwaren Deutschland' is nobody
        if open_name.kind == "PER":
            _merge(found, names, open_name)
        elif not any(i in names for i in range(open_name.first, open_name.last)):
            others.append(open_name)
    for name in titled_names(found, atoms, names, states | found.covered):
        name = replace(name, rows=_given_fits(name.rows, name))
        names |= dict.fromkeys(range(name.first, name.last), name)
    _again(found, names, states)
    kept = {id(n): n for n in names.values()}
    others = [o for o in others if not any(i in names for i in range(o.first, o.last))]
    return sorted(kept.values(), key=lambda n: n.first), others


def _again(found: Findings, names: dict[int, NameSpan], states: set[int]) -> None:
    """A full name found once is a name wherever it stands again, and so is its surname, if that is no common word.

    'Joris Vandamme reiste ab. Vandamme sagte …': the second one too, though the tagger may not see it.
    """
    tokens = found.encoded.tokens
    known: dict[str, list[tuple[str, ...]]] = {}
    for name in list({id(n): n for n in names.values() if n.full}.values()):
        words = tuple(t.text for t in tokens[name.first : name.last])
        lone = words[-1]
        runs = [words] + ([(lone,)] if len(lone) > 3 and not is_ordinary(lone, found.encoded.language) else [])
        for run in runs:
            slot = known.setdefault(run[0], [])
            if run not in slot:
                slot.append(run)
    for i, token in enumerate(tokens):
        for run in sorted(known.get(token.text, ()), key=len, reverse=True):
            last = i + len(run)
            free = not any(k in names or k in states or k in found.covered for k in range(i, last))
            if free and tuple(t.text for t in tokens[i:last]) == run:
                span = (token.start, tokens[last - 1].end)
                again = NameSpan(i, last, span, found.encoded.words(span), (), len(run) > 1, True)
                names |= dict.fromkeys(range(i, last), again)
                break


def _stately(atom: Atom) -> range:
    """The tokens of an atom that names a state or body, or is a state's adjective, and nobody."""
    stately = any(s.row.kind in ("state", "igo") and s.form in ("name", "adjective") for s in atom.senses)
    return range(atom.first, atom.last) if stately and not person_rows(atom)[0] else range(0)


def _merge(found: Findings, names: dict[int, NameSpan], open_name: Open) -> None:
    """Lay an open name over known ones: an equal one makes those certain, a longer one swallows surnames."""
    name = _open_person(found, open_name)
    if name is None:
        return
    overlapping = list({id(n): n for i in range(name.first, name.last) if (n := names.get(i))}.values())
    if any(n.full or n.first < name.first or n.last > name.last for n in overlapping):
        if overlapping and (overlapping[0].first, overlapping[0].last) == (name.first, name.last):
            sure = replace(overlapping[0], certain=True)
            names |= dict.fromkeys(range(sure.first, sure.last), sure)
        return
    if overlapping and (overlapping[0].first, overlapping[0].last) == (name.first, name.last):
        name = replace(overlapping[0], certain=True)
    else:
        rows = overlapping[-1].rows if overlapping and overlapping[-1].last == name.last else ()
        name = replace(name, rows=_given_fits(rows, name), certain=True)
    names |= dict.fromkeys(range(name.first, name.last), name)


def _given_fits(rows: tuple[Row, ...], name: NameSpan) -> tuple[Row, ...]:
    """Bearers of a surname whose first name is not another one than the text has ('Paul Merkel' is not Angela)."""
    if not name.full:
        return rows
    first = fold(name.text.split()[0])[:3].lower()
    return tuple(r for r in rows if any(fold(n.split()[0])[:3].lower() == first for n in r.names.values()))


def _known_name(found: Findings, atom: Atom) -> NameSpan | None:
    rows, full = person_rows(atom)
    if not rows or any(s.row.kind in ("state", "igo") for s in atom.senses):
        return None
    text = found.encoded.words(atom.span)
    if text.endswith("s") and not full:
        bare = text.removesuffix("s")
        text = bare if fold(bare) in {fold(s) for r in rows for s in r.surnames} else text
    return NameSpan(atom.first, atom.last, atom.span, text, rows, full, False)


def _confirmed(learned: Sequence[Open], tagged: Sequence[Open]) -> list[Open]:
    """The model's names: surer where the tagger sees the same, less where it sees nothing at all."""
    margins = {(o.first, o.last, o.kind): o.margin for o in tagged}
    out = []
    for one in learned:
        near = any(o.first < one.last and one.first < o.last for o in tagged)
        shift = AGREED * margins.get((one.first, one.last, one.kind), 0.0) - (0.0 if near else ALONE)
        out.append(replace(one, margin=one.margin + shift))
    return out


def _learned(found: Findings, outputs: Outputs) -> Iterator[Open]:
    """The model's names, with how clearly: the log-odds of their mean probability, on the tagger's scale."""
    words = found.words.plain
    for name in outputs.tagged("names", START_COST):
        last = name.last
        while last > name.first and words[last - 1].islower():
            last -= 1
        if name.label in LEAST_MARGIN and last > name.first:
            share = min(name.score, 0.999)
            yield Open(name.first, last, name.label, EVEN + STEEP * math.log(share / (1 - share)))


def _tagged(found: Findings) -> Iterator[Open]:
    language = found.encoded.language
    for sentence in found.encoded.sentences:
        words = found.words.plain[sentence.first : sentence.last]
        flags = token_flags(words, language, found.knowledge)
        for name in open_names(words, flags, language):
            last = words[name.last - 1]
            if name.last - name.first > 1 or last not in word_set(found.vocab, "org_endings"):
                kind = _by_ending(found, last, name.last - name.first > 1) or name.type
                yield Open(sentence.first + name.first, sentence.first + name.last, kind, name.margin)


def _by_ending(found: Findings, last: str, several: bool) -> str | None:
    """What a name's last word says: 'Fleet Square' is a place, 'Bundesausschuss' and 'Kranbau GmbH' organisations."""
    if several and last in word_set(found.vocab, "org_endings"):
        return "ORG"
    if several and last in word_set(found.vocab, "place_endings"):
        return "LOC"
    heads = tuple(word_set(found.vocab, "org_heads"))
    return "ORG" if heads and last[:1].isupper() and last.endswith(heads) and len(last) > 6 else None


def _agreed(found: Findings, names: list[Open]) -> list[Open]:
    """One surface, one type: what the tagger takes for different things in one item is what it mostly takes it for."""
    votes: dict[str, dict[str, float]] = {}
    surfaces = [" ".join(found.words.folded[n.first : n.last]) for n in names]
    for name, key in zip(names, surfaces, strict=True):
        _vote(votes.setdefault(key, {}), name)
        if name.kind == "PER" and name.last - name.first > 1:
            _vote(votes.setdefault(found.words.folded[name.last - 1], {}), name)
    best = {key: max(kinds, key=lambda k: kinds[k]) for key, kinds in votes.items()}
    return [replace(n, kind=best[key]) for n, key in zip(names, surfaces, strict=True)]


def _vote(kinds: dict[str, float], name: Open) -> None:
    kinds[name.kind] = kinds.get(name.kind, 0.0) + name.margin


def _open_person(found: Findings, name: Open) -> NameSpan | None:
    words, vocab = found.words.plain, found.vocab
    first, last = name.first, name.last
    for i in range(last - 1, first - 1, -1):
        if _is_office(found, i):
            first = i + 1
            break
    while first < last and (_no_name(found, first) or not words[first][:1].isalpha()):
        first += 1
    if words[first - 1 : first] == (":",) and words[first - 2] in word_set(vocab, "credits"):
        return None
    first, last = _between_first_names(found, first, last)
    last = _without_noun(found, first, last)
    last = _extended(found, last)
    cut = next((i for i in range(first + 1, last) if words[i] in word_set(vocab, "of") and i - first > 1), last)
    last = cut if words[cut - 1][:1].isupper() and not _noble(found, cut) else last
    if first >= last:
        return None
    if _common_tail(found, first, last):
        return None
    inner = [w for w in words[first:last] if w[:1].isalpha() and w not in word_set(vocab, "particles")]
    if not any(w[:1].isupper() for w in inner):
        return None
    full = len(inner) > 1
    if not full and (name.margin < _least_lone(found, inner[0]) or inner[0].isupper()):
        return None
    span = (found.encoded.tokens[first].start, found.encoded.tokens[last - 1].end)
    return NameSpan(first, last, span, found.encoded.words(span), (), full, name.margin > SURE)


def _no_name(found: Findings, i: int) -> bool:
    """'The', "We're", "I've": words that begin sentences, also contracted."""
    return found.words.plain[i].replace("’", "'").partition("'")[0] in word_set(found.vocab, "not_names")


def _without_noun(found: Findings, first: int, last: int) -> int:
    """'Sarkozy Kandidatur', 'Wolters Vorschlag': the noun behind a lone surname is no part of it."""
    words, language = found.words.plain, found.encoded.language
    if last - first != 2 or not found.vocab.cased or found.words.folded[first] in first_names():
        return last
    tail = words[last - 1]
    known = found.words.folded[last - 1] in first_names() or is_ordinary(words[first], language)
    return last - 1 if not known and is_ordinary(tail, language) and len(tail) > 6 else last


def _least_lone(found: Findings, word: str) -> float:
    """A lone word that is an ordinary noun ('Sohn', 'Uran') must look very much like a person."""
    language = found.encoded.language
    ordinary = found.vocab.cased and (is_compound(word, language) or is_ordinary(word, language))
    return 2 * SURE if ordinary else LEAST_LONE


def _common_tail(found: Findings, first: int, last: int) -> bool:
    """'Hitler-Attentats', 'Mann-Projekt': a compound with a noun as its last part is nobody's name."""
    words, language = found.words.plain, found.encoded.language
    if last - first < 3 or words[last - 2] != "-" or not found.vocab.cased:
        return False
    tail = found.words.folded[last - 1]
    return (
        tail not in first_names()
        and is_ordinary(words[last - 1], language)
        and is_ordinary(words[last - 1].lower(), language)
    )


def _between_first_names(found: Findings, first: int, last: int) -> tuple[int, int]:
    """Begin a name at its first name, and let a lone first name take the unknown capitalised word behind it."""
    words, tokens, language = found.words.plain, found.encoded.tokens, found.encoded.language
    for i in range(first, last - 1):
        if found.words.folded[i] in first_names():
            first = i
            break
        if not is_ordinary(words[i], language) and not (found.vocab.cased and is_compound(words[i], language)):
            break
    if last - first == 1 and found.words.folded[first] in first_names() and last < len(tokens):
        after = tokens[last]
        if after.start == tokens[first].end + 1 and after.text[:1].isupper() and not is_ordinary(after.text, language):
            last += 1
    return first, last


def _extended(found: Findings, last: int) -> int:
    """The end of a name with its glued or linked parts: 'Jae' + '-hun', 'Fattah' + 'el-Sisi'."""
    tokens = found.encoded.tokens
    while last + 1 < len(tokens):
        mark, after = tokens[last], tokens[last + 1]
        glued = (
            mark.text == "-" and mark.start == tokens[last - 1].end and after.start == mark.end and after.text.isalpha()
        )
        linked = (
            _noble(found, last) and after.text == "-" and last + 2 < len(tokens) and tokens[last + 2].text[:1].isupper()
        )
        if not (glued or linked):
            break
        last += 2 if glued else 3
    return last


def _noble(found: Findings, i: int) -> bool:
    """Whether the small word at `i` is a particle of names in this language ('Ursula von der Leyen')."""
    return i < len(found.words.plain) and found.words.plain[i] in word_set(found.vocab, "particles")


def _is_office(found: Findings, i: int) -> bool:
    word = found.words.plain[i]
    if found.vocab.form(word) in found.vocab.counterpart:
        return True
    if found.vocab.form(word) in found.vocab.offices:
        return found.words.folded[i] not in first_names()
    return office_suffix(word, found.encoded.language) is not None
