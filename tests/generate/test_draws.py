from __future__ import annotations

import numpy as np

from scheduler.generate.draws import Draws


def test_a_seed_and_a_stream_always_give_the_same_draws():
    assert Draws(7, stream=1).below(1000, 6).tolist() == [770, 111, 189, 159, 431, 501]


def test_streams_of_one_seed_differ():
    assert Draws(7, stream=1).below(1000, 6).tolist() != Draws(7, stream=2).below(1000, 6).tolist()


def test_between_holds_both_ends():
    drawn = Draws(1, stream=1).between(-2, 2, 500)
    assert set(drawn.tolist()) == {-2, -1, 0, 1, 2}


def test_weights_of_zero_are_never_chosen():
    drawn = Draws(1, stream=1).chosen([0, 3, 0, 1], 2000).tolist()
    assert set(drawn) == {1, 3}
    assert 1400 < drawn.count(1) < 1600


def test_dealt_shares_are_exact_and_shuffled():
    dealt = Draws(1, stream=1).dealt([25, 50, 25], 200)
    assert np.bincount(dealt).tolist() == [50, 100, 50]
    assert dealt.tolist() != sorted(dealt.tolist())


def test_nothing_can_be_dealt():
    assert Draws(1, stream=1).dealt([1, 2], 0).tolist() == []


def test_spread_is_even():
    assert sorted(Draws(1, stream=1).spread(100, 5).tolist()) == [0, 20, 40, 60, 80]


def test_an_order_holds_each_position_once():
    assert sorted(Draws(1, stream=1).order(50).tolist()) == list(range(50))


def test_a_set_is_empty_only_where_its_size_is_nought():
    sizes = np.array([0, 1, 2, 3] * 50)
    counts = Draws(1, stream=1).subsets(sizes, [5, 1, 1, 0]).sum(axis=1)
    assert ((counts == 0) == (sizes == 0)).all()
    assert (counts <= sizes).all()
    assert (counts[sizes == 1] == 1).all()


def test_events_happen_as_often_as_their_chance_says():
    assert 550 < Draws(3, stream=1).happens(30, 2000).sum() < 650
