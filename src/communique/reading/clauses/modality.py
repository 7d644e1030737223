"""Voice and modality of a trigger: done, planned, possible, denied or only alleged, by the words around it.

In: Clauses, a Trigger, the lexicon `clauses`. Out: Usage, or None where the words state no event at all.
Must not know actors or records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from communique.reading.clauses import Clauses, Grammar
from communique.reading.clauses.scope import found, part_of, scope_of
from communique.reading.clauses.triggers import Trigger

NEAR = 4  # words between an auxiliary and its verb, where the verb does not end the clause


@dataclass(frozen=True, slots=True)
class Usage:
    """How a trigger is used: active or passive, its modality, and whether it takes its subject from another clause."""

    passive: bool
    modality: str
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """The words a trigger is judged by: those before it (nearest first) and all of its clause."""

    grammar: Grammar
    before: tuple[str, ...]
    clause: tuple[str, ...]
    opener: str
    next: str
    subject: str = ""
    word: str = ""
    outer: tuple[str, ...] = ()

    def near(self, key: str) -> bool:
        """Whether an auxiliary governs the trigger: anywhere in the clause where verbs come last, else close before."""
        words = self.clause if self.grammar.flags.get("verb_last") else self.before[:NEAR]
        return any(self.grammar.has(key, w) for w in words)

    def anywhere(self, key: str) -> bool:
        """Whether the clause has a word of a list."""
        return any(self.grammar.has(key, w) for w in self.clause)


def usage(grammar: Grammar, clauses: Clauses, trigger: Trigger) -> Usage | None:
    """How a trigger is used; None where it is none, like a bare infinitive or a noun that looks like a verb."""
    around = _around(grammar, clauses, trigger)
    scope = scope_of(grammar, clauses, trigger)
    if trigger.noun:
        return None if _only_spoken_of(around) else Usage(False, _scoped(_noun_modality(around), scope))
    form = None if _governed_by_preposition(around, trigger) else _form(around, trigger)
    if form is None:
        return None
    passive = form == "participle" and _passive(around, trigger)
    if form == "gerund" and not _gerund(around):
        return None
    borrowed = form == "gerund" or "marked" in trigger.slots
    return Usage(passive, _scoped(_verb_modality(around, form, passive), scope), borrowed)


def _scoped(modality: str, scope: str) -> str:
    """What the words of a clause and those outside it make together: denied wins, rumours of plans are plans."""
    if not scope or modality == "denied" or (scope == "alleged" and modality != "actual"):
        return modality
    return scope


def modality_around(grammar: Grammar, clauses: Clauses, trigger: Trigger) -> str:
    """What the words around a trigger of unknown form make of it: denied, possible, alleged, or '' for a plain fact."""
    scope = scope_of(grammar, clauses, trigger)
    if scope:
        return scope
    around = _around(grammar, clauses, trigger)
    if _negated(around) or _no_subject(around):
        return "denied"
    return "possible" if around.opener == "condition" else ""


def _only_spoken_of(around: _Around) -> bool:
    """Whether a noun is a topic or is kept from happening: 'reports on protests are banned', 'to prevent a coup'."""
    g = around.grammar
    if any(g.has("preventing", w) for w in around.clause):
        return True
    at = next((i for i, w in enumerate(around.before[:2]) if g.has("about", w)), None)
    return at is not None and len(around.before) > at + 1 and g.has("speaking", around.before[at + 1])


def _governed_by_preposition(around: _Around, trigger: Trigger) -> bool:
    """Where verbs come last, none stands right behind a preposition: 'von einigen Ländern' is no 'sie einigen sich'."""
    g = around.grammar
    if not g.flags.get("verb_last") or not around.before or trigger.slots & {"participle", "phrase"}:
        return False
    word = around.before[0]
    if found(g, "rumour", around.before[::-1]) is not None:
        return False  # 'dem Vernehmen nach griff Peru an'
    return g.has("prepositions", word) and word not in g.openers and not g.has("infinitive_mark", word)


def _around(grammar: Grammar, clauses: Clauses, trigger: Trigger) -> _Around:
    number = clauses.segment_at(trigger.first)
    segment = clauses.segments[number]
    first, last = part_of(grammar, clauses, trigger, segment)
    before = tuple(clauses.word(i) for i in range(trigger.first - 1, first - 1, -1))
    clause = [clauses.word(i) for i in range(first, last) if not trigger.first <= i < trigger.last]
    if trigger.particle:
        end = clauses.segments[clauses.segment_at(trigger.particle[0])]
        clause += [clauses.word(i) for i in range(end.first, end.last)] if end is not segment else []
    governor = clauses.segments[number - 1] if number else segment
    outer = tuple(clauses.word(i) for i in range(governor.first, governor.last)) if number else ()
    subject, ending = _subject(grammar, clauses, trigger), clauses.word(trigger.last - 1)
    return _Around(
        grammar, before, tuple(clause), segment.opener, clauses.word(trigger.last), subject, ending, outer
    )  # fmt: skip


def _subject(grammar: Grammar, clauses: Clauses, trigger: Trigger) -> str:
    """Whether a name right before the trigger may be its subject: 'one', 'several' or ''."""
    i = trigger.first
    while i > clauses.sentence.first and grammar.has("skip", clauses.word(i - 1)):
        i -= 1
    if grammar.has("persons", clauses.word(i - 1)):
        return "several"
    segment = clauses.segments[clauses.segment_at(trigger.first)]
    if grammar.has("relatives", clauses.word(i - 1)) or (i == segment.first and segment.opener == "plain"):
        return "one"
    for phrase in clauses.phrases:
        if phrase.last == i and not phrase.possessor and phrase.form != "adjective":
            plural = len(phrase.actors) > 1 or (phrase.form in ("bare", "group") and clauses.word(i - 1).endswith("s"))
            return "several" if plural else "one"
    return ""


def _form(around: _Around, trigger: Trigger) -> str | None:
    """Which of the forms a word may have it has here."""
    slots, g = trigger.slots, around.grammar
    determined = bool(around.before) and g.has("determiners", around.before[0]) and "phrase" not in slots
    if determined and (len(around.before) > 1 or around.opener != "relative"):
        return None  # 'the accused', 'den vereinbarten Abzug'
    if "phrase" in slots:
        return "infinitive" if around.near("future") else "finite"
    if "marked" in slots:
        return "planned" if _announced(around) else None
    marked = bool(around.before) and g.has("infinitive_mark", around.before[0])
    if "infinitive" in slots and marked:
        intended = any(g.has("intending", w) or g.has("be", w) for w in around.before[1:4])
        return "planned" if intended or _announced(around) else None
    if "participle" in slots and (around.near("passive") or around.near("having")):
        return "participle"
    if "infinitive" in slots and _governed(around):
        return "infinitive"
    if "finite" in slots:
        return _finite(around, trigger)
    if "participle" in slots:
        return "participle"
    if "infinitive" in slots and around.subject == "several" and not g.flags.get("verb_last"):
        return "finite"
    return "gerund" if "gerund" in slots else None


def _announced(around: _Around) -> bool:
    """Where the clause before announces what this one names: 'kündigte an, Truppen abzuziehen'."""
    g = around.grammar
    told = any(g.has("announcing", w) for w in around.outer)
    return (
        told
        and around.opener in ("plain", "relative", "oblique")
        and not any(g.has("negation", w) for w in around.outer)
    )


def _finite(around: _Around, trigger: Trigger) -> str | None:
    """A finite form; one that may as well be a noun ('demands') needs its subject before it."""
    if "participle" in trigger.slots and _reduced(around, trigger):
        return "participle"
    ambiguous = (
        "participle" not in trigger.slots and around.word.endswith(around.grammar.noun_verbs)
        if around.grammar.noun_verbs
        else False
    )
    return "finite" if around.subject or not ambiguous else None


def _governed(around: _Around) -> bool:
    """Whether a modal governs an infinitive: anywhere where verbs come last, else right before it."""
    keys = ("future", "intending", "hearsay", "possible")
    if around.grammar.flags.get("verb_last"):
        return any(around.near(k) for k in keys)
    for word in around.before[:NEAR]:
        if around.grammar.has("future", word) or around.grammar.has("possible", word):
            return True
        if not around.grammar.has("skip", word) and not around.grammar.has("negation", word):
            return False
    return False


def _reduced(around: _Around, trigger: Trigger) -> bool:
    """A bare participle behind a noun: what follows shows that the object it needs does not."""
    targets = trigger.group.frame.target
    return bool(targets) and targets[0] in ("object", "about") and around.grammar.has("reduced", around.next)


def _passive(around: _Around, trigger: Trigger) -> bool:
    if (
        not any(t in ("object", "about") for t in trigger.group.frame.target)
        and "subject" not in trigger.group.frame.target
    ):
        return False
    if around.grammar.flags.get("verb_last"):
        return around.near("passive") and not around.near("having")
    for word in around.before[:NEAR]:
        if around.grammar.has("passive", word):
            return True
        if around.grammar.has("having", word):
            return False
    return _reduced(around, trigger)


def _gerund(around: _Around) -> bool:
    """A gerund states an event behind a comma, a preposition or a form of 'to be'."""
    if not around.before:
        return around.opener == "plain"
    return around.grammar.has("passive", around.before[0]) or around.grammar.has("prepositions", around.before[0])


def _negated(around: _Around) -> bool:
    if around.grammar.flags.get("verb_last"):
        pairs = list(pairwise([*around.clause, ""]))
    else:
        near = takewhile(lambda w: not around.grammar.has("denying", w), around.before[:NEAR])
        pairs = [(w, after) for after, w in pairwise(["", *near])]
    negated = any(around.grammar.has("negation", w) and not around.grammar.has("negation_but", a) for w, a in pairs)
    return negated or _negated_object(around)


def _negated_object(around: _Around) -> bool:
    """'arrested nobody', 'granted Chile no loan', but 'arrested ten men with no warning'."""
    g, behind = around.grammar, ["", *around.clause[len(around.before) :][:NEAR], ""]
    return any(
        g.has("negated_object", w)
        and not g.has("prepositions", behind[i - 1])
        and not g.has("negation_but", behind[i + 1])
        for i, w in enumerate(behind[:-1])
    )


def _verb_modality(around: _Around, form: str, passive: bool) -> str:
    if _negated(around):
        return "denied"
    if around.opener == "condition":
        return "possible"
    if form == "planned" or (passive and _will_be(around)):
        return "planned"
    if around.anywhere("alleged") or (form == "participle" and around.near("hearsay")):
        return "alleged"
    if form == "infinitive":
        return "possible" if around.near("possible") and not around.near("future") else "planned"
    return "possible" if form == "participle" and around.near("possible") else "actual"


def _will_be(around: _Around) -> bool:
    """'wird … unterzeichnet werden', 'will be signed', 'is to be signed': a passive infinitive under a modal."""
    g = around.grammar
    words = around.clause if g.flags.get("verb_last") else around.before[:NEAR]
    if not any(g.has("to_be", w) for w in words):
        return False
    others = [w for w in words if not g.has("to_be", w)]
    return any(g.has(k, w) for k in ("future", "infinitive_mark", "hearsay", "intending") for w in others)


def _noun_modality(around: _Around) -> str:
    g, close = around.grammar, around.before[:3]
    followed = zip(close, ("", *close), strict=False)
    if any(g.has("negation", w) and not g.has("negation_but", after) for w, after in followed) or _no_subject(around):
        return "denied"
    if around.opener == "condition":
        return "possible"
    if any(g.has("alleged", w) for w in close):
        return "alleged"
    if any(g.has("planned", w) for w in close) or _noun_future(around):
        return "planned"
    return "possible" if around.anywhere("possible") else "actual"


def _no_subject(around: _Around) -> bool:
    """A noun whose clause nobody carries out: 'Weder Peru noch Chile hielt ein Manöver ab'."""
    g = around.grammar
    governed = any(g.has("prepositions", w) for w in around.before[:3])
    light = any(g.has("light", w) for w in around.clause)
    return light and not governed and any(g.has("negated_subject", w) for w in around.clause)


def _noun_future(around: _Around) -> bool:
    """A noun in a clause with a future verb: 'will hold talks', 'wird Gespräche führen'."""
    futures: Sequence[str] = ("future", "intending")
    if not around.grammar.flags.get("verb_last"):
        return any(around.grammar.has(k, w) for k in futures for w in around.before)
    ends = any(w.endswith("en") for w in around.clause[-2:])
    return ends and any(around.grammar.has(k, w) for k in futures for w in around.clause)
