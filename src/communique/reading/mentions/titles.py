"""Names behind titles: 'President Dorj Sukhnaran', 'the minister, Ana Quill,', 'Präsident Juan Perez'.

In: tokens, offices and the names found so far. Out: person names that only their place behind a title shows.
Must not know who bears a name; what stands here keeps an office from going to its known holder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from communique.reading.mentions.drafts import Findings
from communique.reading.mentions.flags import is_compound, is_ordinary
from communique.reading.mentions.names import first_names
from communique.reading.mentions.people import NameSpan
from communique.reading.mentions.scan import Atom, Vocabulary, Words, word_set

LONGEST = 5
SHORTEST = 2
HEADLINE = 0.6
"""From this share of words with a capital on, a title's capitals say nothing, in a language with small nouns."""


def titled_names(
    found: Findings, atoms: Sequence[Atom], names: Mapping[int, NameSpan], taken: Collection[int]
) -> Iterator[NameSpan]:
    """Names right behind an office, or set off by commas behind it; none that a longer known name already covers.

    example: "Mongolian President Dorj Sukhnaran", "the president, Juan Perez, said"; counter: "the President Monday"
    """
    owners = {a.first: a for a in atoms if a.office is None}
    for atom in atoms:
        if atom.office is None:
            continue
        first, apart = _behind(found, atom, owners)
        last = _run_end(found, first, owners, taken, names)
        if last - first < (2 if apart else 1) or (apart and not _closed(found.words, last)):
            continue
        name = _name(found, first, last, names)
        if name is not None:
            yield name


def _behind(found: Findings, atom: Atom, owners: Mapping[int, Atom]) -> tuple[int, bool]:
    """The token behind an office, its 'of Ecuador' and a comma; whether a comma stands between."""
    plain, i = found.words.plain, atom.last
    step = i + bool(set(plain[i : i + 1]) & word_set(found.vocab, "of"))
    owner = owners.get(step)
    genitive = step > i or (owner is not None and plain[owner.last - 1].endswith("s") and found.vocab.cased)
    if owner is not None and genitive and any(s.row.kind == "state" for s in owner.senses):
        i = owner.last
    comma = plain[i : i + 1] == (",",)
    return i + comma, comma


def _closed(words: Words, last: int) -> bool:
    return words.plain[last : last + 1] in ((",",), (".",), (")",))


def _run_end(
    found: Findings, first: int, owners: Mapping[int, Atom], taken: Collection[int], names: Mapping[int, NameSpan]
) -> int:
    """The end of the words from a token that can be a name: capitals, perhaps a particle or hyphen between."""
    plain, tokens = found.words.plain, found.encoded.tokens
    if first >= len(plain) or not _same_sentence(found, first - 1, first) or _shouted_headline(found, first):
        return first
    last = first
    small = not found.vocab.cased and first not in names and not _in_title(found, first)
    while last < min(first + LONGEST, len(plain)) and _same_sentence(found, first, last) and last not in taken:
        glued = last > first and tokens[last].start == tokens[last - 1].end
        over = _linked(found, last) if last > first else 0
        if over:
            last += over
            continue
        if glued and plain[last - 1] != "-":
            break
        if _stops(found, owners.get(last)) or not _may_be_name(
            found, last, lone=last == first, ordinary=small and last < first + 2
        ):
            break
        last += 1
    return last


def _linked(found: Findings, i: int) -> int:
    """How many tokens of a name a hyphen or particles at a token begin: 'von der Leyen'; not 'den Umstieg'."""
    plain, particles = found.words.plain, word_set(found.vocab, "particles")
    glued = found.encoded.tokens[i].start == found.encoded.tokens[i - 1].end
    if plain[i] == "-" and glued:
        return 2 if i + 1 < len(plain) and plain[i + 1][:1].isupper() else 0
    to = i
    while to < min(i + 2, len(plain)) and plain[to] in particles and plain[to].islower():
        to += 1
    return to + 1 - i if to > i and to < len(plain) and name_like(plain[to], found.vocab) else 0


def _stops(found: Findings, atom: Atom | None) -> bool:
    """Whether the knowledge takes a token for something else than a person."""
    return atom is not None and any(s.form not in ("surname", "person") for s in atom.senses)


def _may_be_name(found: Findings, i: int, *, lone: bool, ordinary: bool) -> bool:
    """A capitalised word that is no office and no word of the language, unless it is a first name or follows one.

    Where nouns are written small, the first two words of a run may be words of the language too ('Hope Winter').
    """
    if ordinary and not _listed(found, i):
        return name_like(found.words.plain[i], found.vocab, ordinary=True)
    word, folded = found.words.plain[i], found.words.folded[i]
    if folded in first_names() and word[:1].isupper() and not _listed(found, i):
        return True
    if not lone and found.words.folded[i - 1] in first_names() and not _listed(found, i):
        return name_like(word, found.vocab, ordinary=True)
    return not _listed(found, i) and name_like(word, found.vocab)


def _listed(found: Findings, i: int) -> bool:
    form, vocab = found.words.forms[i], found.vocab
    return form in vocab.offices or form in vocab.organs or found.words.folded[i] in vocab.listed


def name_like(word: str, vocab: Vocabulary, *, ordinary: bool = False) -> bool:
    """Whether a word looks like a name: a capital and small letters, no word of the language unless `ordinary`."""
    if len(word) < SHORTEST or not word[0].isupper() or not word[1:].islower() or not word.isalpha():
        return len(word) > SHORTEST and word[0].isupper() and not word.isupper() and word.replace("'", "").isalpha()
    if word in word_set(vocab, "not_names") or word in vocab.modifiers:
        return False
    common = is_ordinary(word, vocab.language) or (vocab.cased and is_compound(word, vocab.language))
    return ordinary or not common


def _same_sentence(found: Findings, i: int, j: int) -> bool:
    tokens, index = found.encoded.tokens, found.encoded.sentence_index
    return index(tokens[i].start) == index(tokens[j].start)


def _in_title(found: Findings, i: int) -> bool:
    sentence = found.encoded.sentence_at(found.encoded.tokens[i].start)
    return sentence is not None and sentence.title


def _shouted_headline(found: Findings, i: int) -> bool:
    """Whether a token stands in a headline that writes nearly all words with a capital."""
    sentence = found.encoded.sentence_at(found.encoded.tokens[i].start)
    if sentence is None or found.vocab.cased:
        return False
    words = [w for w in found.words.plain[sentence.first : sentence.last] if w.isalpha() and len(w) > 3]
    return sentence.title and sum(w[0].isupper() for w in words) >= HEADLINE * len(words)


def _name(found: Findings, first: int, last: int, names: Mapping[int, NameSpan]) -> NameSpan | None:
    """The run as a name, with the bearers of its surname that its first name allows; None where a name covers it."""
    inside = list({id(n): n for i in range(first, last) if (n := names.get(i))}.values())
    if any((n.full and n.rows) or n.first < first or n.last > last or n.last - n.first == last - first for n in inside):
        return None
    inner = [w for w in found.words.plain[first:last] if w[:1].isupper()]
    if (
        len(inner) == 1
        and is_ordinary(inner[0], found.vocab.language)
        and found.words.folded[first] not in first_names()
    ):
        return None  # 'President Winter' may be a season
    span = (found.encoded.tokens[first].start, found.encoded.tokens[last - 1].end)
    rows = inside[-1].rows if inside and inside[-1].last == last else ()
    return NameSpan(first, last, span, found.encoded.words(span), rows, len(inner) > 1, True)
