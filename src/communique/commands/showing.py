"""Answers for people: cells and lines, readable in 80 columns.

In: answers. Out: styled text. Must not ask the ledger, nor print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from communique import notation
from communique.commands.printing import counted, quoted, short, styled
from communique.records import Event, Figure
from communique.summary import human

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from communique.ask.brief import Brief
    from communique.ask.dossier import Dossier
    from communique.ask.figures import Period, Series, Value
    from communique.ask.persons import Person, Said
    from communique.ask.promises import Promise, Turn
    from communique.ask.stories import Report, Story
    from communique.ask.told import Told
    from communique.ask.why import Why
    from communique.follow.origins import Origin
    from communique.follow.series import Dispute

Cells = Sequence["Text"]
STATUS = {
    "open": "blue", "due": "yellow", "fulfilled": "green", "partly": "green", "broken": "red", "withdrawn": "red",
    "lapsed": "red",
}  # fmt: skip
KINDS = {"event": "magenta", "statement": "green", "commitment": "yellow", "figure": "blue"}
MOST_NAMES, UNKNOWN = 3, "?"

_LONG_NUMBER = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?")


def told(one: Told) -> Cells:
    """When; the record, its words; outlet, origins, id."""
    verdict = f"  {one.verdict}!" if one.verdict else ""
    body = styled((headline(one), f"bold {KINDS[one.kind]}"), (verdict, "red"), (f"\n{quoted(one.evidence.words)}", ""))
    tail = source(one.evidence.where, one.origins, one.id)
    return styled((when(one), "")), body, tail


def when(one: Told) -> str:
    """The day, month or year of a record, as far as it is known; of a stretch its beginning."""
    record = one.stored.record
    period = notation.period(record) if isinstance(record, Event | Figure) else ""
    return period.partition("..")[0] if period and not period.startswith("until") else one.day or UNKNOWN


def headline(one: Told) -> str:
    """A record on one line without what goes without saying: that it happened, and when, which stands beside it."""
    if one.kind == "statement":
        codes = "+".join(one.source)
        named = f"{' and '.join(one.people)}{f' ({codes})' if codes else ''}" if one.people else codes
        return f"{named or 'unknown speaker'}, {one.type}"
    line = one.what.replace(" actual", "", 1) if one.kind == "event" else one.what
    line = line.replace(f" {when(one)}", "", 1) if when(one) != UNKNOWN else line
    line = _words(line.replace(" ? → ", " unknown → ").replace(" → ?", ""))
    return _LONG_NUMBER.sub(lambda match: human(float(match[0].replace(",", ""))), line)


def source(outlet: str, origins: Sequence[Origin], id: str) -> Text:
    """Outlet, number of independent origins, id."""
    count = f"\n{counted(len(origins), 'origin')}" if len(origins) > 1 else ""
    return styled((_cut(outlet, 20), ""), (count, "bold"), (f"\n{short(id)}", "dim"))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def named(origins: Sequence[Origin]) -> str:
    """Origins by name, with the number of the rest."""
    names = [f"{one.name}{f' ({one.state} voice)' if one.state else ''}" for one in origins[:MOST_NAMES]]
    rest = len(origins) - MOST_NAMES
    return ", ".join(names) + (f" and {rest} more" if rest > 0 else "")


# ---- promises


def promise_row(one: Promise) -> Cells:
    """Day; who promised what, the last that is known; status, deadline, id."""
    who = "+".join(one.parties) or "?"
    target = f" [{one.target}]" if one.target else ""
    turns = [each for each in one.history if each.entry != "announced"]
    last = turns[-1] if turns else one.last
    turned = f"\n{last.day or '?'} {_words(last.entry)} ({last.evidence.where})"
    body = styled(
        (f"{who}: ", "bold"), (f"«{one.action}»{target}", ""),
        (turned if turns else "", "dim"),
    )  # fmt: skip
    due = f"\ndue {one.due}" if one.due else ""
    state = styled((one.status, f"bold {STATUS[one.status]}"), (due, ""), (f"\n{short(one.id)}", "dim"))
    return styled((one.since or "?", "")), body, state


def _words(name: str) -> str:
    return name.replace("_", " ")


def promise(one: Promise) -> Iterator[Text]:
    """A promise with its head; its history follows as rows."""
    yield styled((f"{one.id}  ", "bold underline"), (one.status, f"bold {STATUS[one.status]}"), (f" on {one.on}", ""))
    yield styled((f"{'+'.join(one.parties) or '?'}: ", "bold"), (f"«{one.action}»", ""))
    about = [one.kind]
    about += [f"for {'+'.join(one.beneficiaries)}"] if one.beneficiaries else []
    about += [f"target {one.target}"] if one.target else []
    about += [f"due {one.due}"] if one.due else ["without a date"]
    about += [f"if «{one.condition}»"] if one.condition else []
    yield styled((", ".join(about), ""))
    if one.note:
        yield styled((one.note, "italic"))
    yield styled((f"{counted(len(one.origins), 'independent origin')}: {named(one.origins)}", "dim"))
    yield styled(("", ""))


def turn(one: Turn) -> Cells:
    """Day; what the entry is and its words; outlet, rule, record."""
    due = f" until {one.due}" if one.due else ""
    body = styled((_words(one.entry) + due, "bold"), (f"\n«{one.evidence.words}»", ""))
    outlet = _cut(one.evidence.where, 20)
    own = "\nspeaks for a party" if one.own else ""
    tail = f"\n{one.rule}\n{short(one.evidence.record) or one.evidence.document}"
    return styled((one.day or "?", "")), body, styled((outlet, ""), (own, "yellow"), (tail, "dim"))


# ---- figures


def series(one: Series) -> tuple[Text, list[Cells]]:
    """The head of a series, and its rows: each claim with its origin, what agrees, what contradicts."""
    about = "+".join(one.subjects) + (f" → {'+'.join(one.counterparts)}" if one.counterparts else "")
    return styled((f"{_words(one.indicator)} {about}", "bold blue")), [c for p in one.periods for c in _period(p)]


def _period(period: Period) -> Iterator[Cells]:
    nothing = styled(("", ""))
    groups: dict[tuple[str, str], list[Value]] = {}
    for claim in period.claims:
        groups.setdefault((amount(claim), claim.origin), []).append(claim)
    for at, ((value, origin), claims) in enumerate(groups.items()):
        label = styled((span(period.start, period.end) if at == 0 else "", ""))
        where = "  " + " ".join(filter(None, (claims[0].evidence.day, _by(origin, claims))))
        yield label, styled((value, "bold"), (where, "")), styled((short(claims[0].record), "dim"))
    if period.agreed:
        names = {claim.record: claim.origin for claim in period.claims}
        agreeing = list(dict.fromkeys(names[id] for id in period.agreed[0]))
        yield nothing, styled((f"agree: {', '.join(agreeing)}", "green")), nothing
    for sentence in period.conflicts:
        yield nothing, styled((f"conflict: {sentence}", "red")), nothing


def _by(origin: str, claims: Sequence[Value]) -> str:
    """An origin, and in which outlets it is read where these are others."""
    outlets = list(dict.fromkeys(claim.evidence.where for claim in claims))
    if origin == claims[0].evidence.document:
        return claims[0].evidence.where
    return origin if outlets == [origin] else f"{origin} in {', '.join(_few(outlets))}"


def span(start: str | None, end: str | None) -> str:
    """A period as people write it.

    >>> span("2023-01-01", "2023-12-31"), span("2023-05-01", "2023-05-31"), span(None, None)
    ('2023', '2023-05', 'no period')
    """
    if start and end:
        if start[:4] == end[:4] and start[5:] == "01-01" and end[5:] == "12-31":
            return start[:4]
        if start[:7] == end[:7] and start != end and start.endswith("-01"):
            return start[:7]
        return start if start == end else f"{start}..{end}"
    return start or end or "no period"


def amount(claim: Value) -> str:
    """A claim's value, unit, change and status in one phrase."""
    sign = {"about": "~", "at_least": "≥", "at_most": "≤"}.get(claim.bound, "")
    parts = []
    if claim.value is not None:
        upper = f"–{human(claim.value_max)}" if claim.value_max is not None else ""
        parts.append(f"{sign}{human(claim.value)}{upper} {claim.unit or ''}".strip())
    if claim.percent is not None:
        parts.append(f"{claim.percent:+g} %")
    status = "" if claim.status == "reported" else f" ({claim.status})"
    return ", ".join(parts) + status


def dispute(one: Dispute) -> Iterator[RenderableType]:
    """A conflict: what it is about and a sentence for each contradiction."""
    about = "+".join(one.subjects) + (f" → {'+'.join(one.counterparts)}" if one.counterparts else "")
    yield hanging(2, (f"{_words(one.indicator)} {about} {span(one.start, one.end)}", "bold"))
    for reason in one.reasons:
        yield hanging(4, (reason, ""))


def hanging(indent: int, *parts: tuple[str, str]) -> RenderableType:
    """A line that goes on below its own beginning where it is too long."""
    from rich.padding import Padding

    return Padding(styled(*parts), (0, 0, 0, indent))


# ---- persons, stories, why


def person(one: Person) -> Iterator[Text]:
    """The head of a person; what was said follows as rows."""
    yield styled((one.name, "bold underline"), (f"  {one.id}" if one.id else "", "dim"))
    for office in one.offices:
        yield styled((f"  {office}", ""))
    if one.offices:
        yield styled(("", ""))


def said(one: Said) -> Cells:
    """The same as a record, with the office."""
    day, body, tail = told(one.told)
    office = f"{one.office} of {one.state}" if one.office and one.state else one.office or one.state or ""
    return day, body, styled((f"{office}\n" if office else "", "cyan")).append_text(tail)


def story(one: Story) -> Iterator[Text]:
    """The head of a story and where its reports differ; the reports follow as rows."""
    when = one.since if one.since == one.until else f"{one.since} to {one.until}"
    yield styled((one.id, "bold underline"), (f"  reported {when or 'on an unknown day'}", ""))
    yield styled((f"{counted(len(one.origins), 'independent origin')}: {named(one.origins)}", "bold"))
    for difference in one.differences:
        values = "; ".join(f"{value} ({', '.join(_few(who))})" for value, who in difference.values)
        yield styled((f"differ in {difference.field}: ", "yellow"), (values, ""))
    for sentence in one.conflicts:
        yield styled((f"conflict: {sentence}", "red"))
    yield styled(("", ""))


def _few(names: Sequence[str]) -> Iterable[str]:
    return [*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])]


def report(one: Report) -> Cells:
    """Day; what an item says; outlet, origin, whose text it is."""
    parts: list[tuple[str, str]] = [(one.name or one.document, "bold")]
    for each in one.told:
        parts += [
            (f"\n{headline(each)}  ", KINDS[each.kind]),
            (quoted(each.evidence.words, 110), ""),
            (f" {short(each.id)}", "dim"),
        ]
    origin = f"\norigin {one.origin}" if one.origin and one.origin != one.outlet else ""
    same = f"\nsame text as {', '.join(_few(one.same_text))}" if one.same_text else ""
    tail = styled((one.outlet or one.document, ""), (origin, ""), (same, "dim"))
    return styled((one.day or "?", "")), styled(*parts), tail


def why(one: Why) -> Iterator[RenderableType]:
    """Everything about one record, a line or two for each sort of thing."""
    evidence = one.told.evidence
    yield styled((one.told.id, "bold underline"), (f"  {one.told.kind}, {one.told.confidence:.0%}", ""))
    yield styled((headline(one.told), f"bold {KINDS[one.told.kind]}"))
    yield _marked(evidence.sentence, evidence.words)
    where = ", ".join(f"{start}:{end}" for start, end in evidence.spans)
    yield _line("in", f"{evidence.name or evidence.document}, {evidence.outlet or '?'}, {evidence.day or '?'} @{where}")
    yield _line("document", f"{evidence.document}, {counted(one.versions, 'version')}, recorded {one.recorded}")
    yield _line("rule", one.rule)
    if one.reader:
        yield _line("reader", ", ".join(f"{name} {value}" for name, value in one.reader.items()))
    if not one.stands:
        why_not = "judged wrong" if one.told.verdict == "wrong" else "superseded by a newer text or reader"
        yield hanging(2, (f"no longer stands: {why_not}", "red"))
    if one.attributed_to:
        yield _line("said by", f"«{one.attributed_to}»")
    yield _line("origins", named(one.told.origins))
    for kind, id in one.clusters.items():
        yield _line(kind, id)
    for link in one.links:
        lead = f"{link.kind} {link.score:.2f} {short(link.record)} in {link.document}"
        yield _line("linked", f"{lead}: {link.reason}", quoted(link.words, 100))
    for judged in one.judgements:
        field = f", {judged.field} is {judged.value}" if judged.field else ""
        other = f" as {judged.other}" if judged.other else ""
        note = f" ({judged.note})" if judged.note else ""
        yield _line("judged", f"{judged.verdict}{other}{field} by {judged.author} {judged.time}{note}")
    if one.elsewhere:
        yield _line("also in", ", ".join(one.elsewhere))


def _line(label: str, text: str, more: str = "") -> RenderableType:
    return hanging(2, (f"{label:<9}", "dim"), (text, ""), (f"  {more}" if more else "", "dim"))


def _marked(sentence: str, words: str) -> RenderableType:
    """The sentence with its evidence marked, where it is one stretch."""
    before, found, after = sentence.partition(words)
    if not found:
        return hanging(2, (sentence, ""))
    return hanging(2, (before, ""), (found, "bold reverse"), (after, ""))


# ---- dossier, brief


def dossier(found: Dossier) -> Iterator[RenderableType]:
    """The dossier by its sections."""
    yield styled((f"Dossier of {found.on}: {counted(len(found.documents), 'document')}", "bold underline"))
    yield styled((f"COPIES ({len(found.copies)})", "bold cyan"))
    for group in found.copies:
        yield hanging(2, (", ".join(group), ""))
    yield styled((f"STORIES ({len(found.stories)})", "bold magenta"))
    for one in found.stories:
        yield hanging(2, (f"{short(one.id)}  ", "dim"), (", ".join(one.documents), ""))
    yield styled((f"PROMISES ({len(found.promises)})", "bold yellow"))
    for each in found.promises:
        due = f", due {each.due}" if each.due else ""
        yield hanging(2, (f"{short(each.id)}  ", "dim"), (each.status, f"bold {STATUS[each.status]}"), (due, ""))
        for mention in each.mentions:
            lead = f"{mention.day or '?'}  {_words(mention.entry)}  {mention.document}  "
            yield hanging(4, (lead, ""), (quoted(mention.words, 100), "dim"))
    yield styled((f"CONFLICTS ({len(found.conflicts)})", "bold blue"))
    for conflict in found.conflicts:
        yield from dispute(conflict)


def brief_sections(one: Brief) -> Iterator[tuple[str, Sequence[Cells]]]:
    """The sections of a brief that are tables, each with its rows."""
    yield "NEW PROMISES", [promise_row(each) for each in one.made]
    yield "DUE", [promise_row(each) for each in one.due]
    yield "KEPT", [promise_row(each) for each in one.kept]
    yield "BROKEN, WITHDRAWN, DENIED, DELAYED", [promise_row(each) for each in one.failed]
    yield "FOR THE FIRST TIME", [told(each) for each in one.firsts]
