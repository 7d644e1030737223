"""Clusters of links: no chaining, people's judgements first, the same whatever comes first."""

from itertools import permutations

from communique.follow.clusters import cluster, components
from communique.ledger.rows import Link


def link(a: int, b: int, score: float) -> Link:
    return Link("story", min(a, b), max(a, b), score, "")


def test_a_chain_is_cut_where_the_ends_have_nothing_in_common() -> None:
    chain = [link(1, 2, 0.9), link(2, 3, 0.8), link(3, 4, 0.9), link(4, 5, 0.8)]
    assert cluster([1, 2, 3, 4, 5], chain, least=0.5) == [(1, 2), (3, 4), (5,)]


def test_one_weak_pair_does_not_split_what_hangs_together() -> None:
    links = [link(a, b, 0.8) for a in (1, 2, 3) for b in (4, 5)] + [link(1, 2, 0.8), link(1, 3, 0.8)]
    assert cluster([1, 2, 3, 4, 5], links, least=0.5) == [(1, 2, 3, 4, 5)]


def test_same_joins_without_a_link_and_different_parts_with_one() -> None:
    links = [link(1, 2, 0.9)]
    assert cluster([1, 2, 3], links, same=[(3, 1)], different=[(2, 1)]) == [(1, 3), (2,)]


def test_different_holds_for_the_whole_cluster() -> None:
    links = [link(1, 2, 0.9), link(2, 3, 0.9), link(1, 3, 0.9)]
    assert cluster([1, 2, 3], links, different=[(1, 3)]) == [(1, 2), (3,)]


def test_of_same_and_different_about_one_pair_different_wins() -> None:
    assert cluster([1, 2], [], same=[(1, 2)], different=[(1, 2)]) == [(1,), (2,)]


def test_keys_may_be_renamed_and_links_come_in_any_order() -> None:
    scores = [(0, 1, 0.7), (1, 2, 0.7), (0, 2, 0.2), (2, 3, 0.7), (1, 3, 0.6)]
    expected = [(0, 1), (2, 3)]
    for names in permutations((11, 12, 13, 14)):
        links = [link(names[a], names[b], score) for a, b, score in reversed(scores)]
        found = cluster(names, links, least=0.6)
        assert [tuple(names.index(key) for key in members) for members in found] == expected


def test_a_link_to_a_stranger_is_left_out() -> None:
    assert cluster([1, 2], [link(2, 9, 1.0)]) == [(1,), (2,)]


def test_components_are_what_pairs_reach() -> None:
    assert components([1, 2, 3, 4, 5], [(4, 2), (2, 5), (1, 9)]) == [(1,), (2, 4, 5), (3,)]
