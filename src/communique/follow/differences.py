"""In what two claims about one thing contradict each other, as a sentence with the numbers.

In: claims of one series. Out: a sentence, or None where rounding and bounds can explain it. Must not know the
ledger, nor which claims are worth comparing.
"""

from __future__ import annotations

from communique.follow.claims import Claim, Span, most_times
from communique.follow.rounding import Interval, before_change


def values_differ(one: Claim, other: Claim) -> str | None:
    """Two values of one period that differ beyond rounding; of mirror statistics it is said that they are."""
    if not one.limits or not other.limits or not one.limits.apart(other.limits) or _too_far(one, other):
        return None
    first, second = one.record.value or 0.0, other.record.value or 0.0
    if one.mirrored != other.mirrored:
        head = f"{_about(one)}: the two partners count differently"
    else:
        head = f"{_about(one)}: two origins differ"
    share = abs(first - second) / max(min(abs(first), abs(second)), 1e-300) * 100
    return f"{head}, {_told(one)} and {_told(other)}; that is {share:.3g} % apart, more than rounding explains."


def implied_differs(later: Claim, earlier: Claim) -> str | None:
    """The value before a change, as the later claim implies it, against the one that was stated for then."""
    if not later.implied or not earlier.limits or not _is_before(later, earlier):
        return None
    if later.mirrored != earlier.mirrored or not later.implied.apart(earlier.limits):
        return None
    implied = f"{_about(later)}: {_told(later)} with {_change(later)} imply {_range(later.implied, later.unit)}"
    stated = f"{_told(earlier)} is stated"
    if later.item.key == earlier.item.key:
        return f"{implied} before, but the same item states {_number(earlier)}; the change contradicts the values."
    return f"{implied} for {_when(earlier.period)}, but {stated}."


def _is_before(later: Claim, earlier: Claim) -> bool:
    """Whether a claim is about the time that a change counts from, by its period or as the item's own value before."""
    if later.key == earlier.key:
        return False
    derived = (later.record.derived or {}).get("earlier")
    if later.item.key == earlier.item.key and derived is not None:
        return bool(derived == earlier.record.value)
    return later.before.known and later.before == earlier.period


def changes_differ(one: Claim, other: Claim) -> str | None:
    """Two changes over the same time that differ beyond rounding."""
    if not one.percent or not other.percent or not one.before.known or one.mirrored != other.mirrored:
        return None
    if (one.period, one.before) != (other.period, other.before) or not one.percent.apart(other.percent):
        return None
    head = f"{_about(one)}: two origins state different changes"
    return f"{head}, {_change(one)} ({_source(one)}) and {_change(other)} ({_source(other)})."


def lone_change_differs(lone: Claim, later: Claim, earlier: Claim) -> str | None:
    """A change that stands alone against two values of one origin."""
    if not later.limits or not earlier.limits or lone.mirrored != later.mirrored:
        return None
    implied = before_change(later.limits, lone.percent, None)
    if implied is None or not implied.apart(earlier.limits):
        return None
    real = ((later.record.value or 0.0) / (earlier.record.value or 1e-300) - 1) * 100
    head = f"{_about(lone)}: {_source(lone)} states {_change(lone)}"
    return f"{head}, but {_told(later)} after {_told(earlier)} is {real:+.3g} %; the change contradicts the values."


def _too_far(one: Claim, other: Claim) -> bool:
    first, second = abs(one.record.value or 0.0), abs(other.record.value or 0.0)
    return max(first, second) > most_times() * min(first, second)


# ---- words


def _about(claim: Claim) -> str:
    indicator, parts, subjects, counterparts = claim.series.split("|")
    who = " and ".join(subjects.split("+")) + (f" to {counterparts.replace('+', ', ')}" if counterparts else "")
    name = indicator.replace("_", " ") + (f" ({parts.replace('+', ', ')})" if parts else "")
    return f"{name[:1].upper()}{name[1:]} of {who}{_in(claim.period)}"


def _in(period: Span) -> str:
    return f" in {_when(period)}" if period.known else ""


def _when(period: Span) -> str:
    """A period for people: the year where it is one.

    >>> _when(Span("2023-01-01", "2023-12-31")), _when(Span("2023-01-01", "2023-06-30"))
    ('2023', '2023-01-01 to 2023-06-30')
    """
    start, end = period.start or "?", period.end or "?"
    if start[4:] == "-01-01" and end[4:] == "-12-31" and start[:4] == end[:4]:
        return start[:4]
    return start if start == end else f"{start} to {end}"


def _told(claim: Claim) -> str:
    return f"{_number(claim)} ({_source(claim)})"


def _source(claim: Claim) -> str:
    side = f"{claim.record.indicator} by " if claim.mirrored else ""
    return f"{side}{claim.origin}, {claim.item.day or 'undated'}"


def _number(claim: Claim) -> str:
    bound = {"about": "about ", "at_least": "at least ", "at_most": "at most "}.get(claim.record.bound, "")
    upper = "" if claim.record.value_max is None else f" to {plain(claim.record.value_max)}"
    return f"{bound}{plain(claim.record.value or 0.0)}{upper} {claim.record.unit}"


def _change(claim: Claim) -> str:
    change = claim.record.change
    if change is None:
        return "no change"
    if change.percent is not None:
        return f"a change of {change.percent:+g} %"
    return f"a change of {'+' if (change.absolute or 0) > 0 else ''}{plain(change.absolute or 0.0)} {claim.record.unit}"


def _range(limits: Interval, unit: str | None) -> str:
    return f"{plain(_rounded(limits.low))} to {plain(_rounded(limits.high))} {unit}"


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def plain(value: float) -> str:
    """A number for people.

    >>> plain(478600000.0), plain(2.4), plain(float("inf"))
    ('478,600,000', '2.4', 'any more')
    """
    if value in (float("inf"), float("-inf")):
        return "any more" if value > 0 else "any less"
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"
