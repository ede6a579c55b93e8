from __future__ import annotations

import numpy as np
import pytest
from imblearn.combine import SMOTEENN
from imblearn.over_sampling import ADASYN, SMOTE, SMOTEN, SMOTENC, SVMSMOTE, BorderlineSMOTE

from dataaudit.errors import ConfigError, InputError
from dataaudit.rebalance import making
from dataaudit.rebalance.matrix import Matrix, matrix_of
from dataaudit.rebalance.plan import Target
from dataaudit.rebalance.samplers import resample
from dataaudit.rebalance.strategies import STRATEGIES

SAMPLERS = [name for name in STRATEGIES if name != "weights"]
NEED_A_BORDER = ("borderline-smote", "svm-smote", "kmeans-smote", "adasyn")
NEAR_THE_COUNTS = (*NEED_A_BORDER, "smote-enn", "smote-tomek", "cluster-centroids", "instance-hardness")
EXACT = [name for name in SAMPLERS if STRATEGIES[name].takes_target and name not in NEAR_THE_COUNTS]
N = 260


@pytest.fixture
def labels():
    return np.repeat([0, 1, 2], [200, 40, 20])


@pytest.fixture
def numbers(labels):
    rng = np.random.default_rng(1)
    points = rng.normal(size=(N, 3)) + 0.8 * labels[:, None]
    points[rng.random((N, 3)) < 0.05] = np.nan
    return points


@pytest.fixture
def codes(labels):
    rng = np.random.default_rng(2)
    return np.column_stack([(rng.integers(0, 3, N) + labels) % 4, rng.integers(-1, 2, N)])


@pytest.fixture(params=["numbers", "mixed", "categories"])
def matrix(request, numbers, codes):
    if request.param == "numbers":
        return matrix_of(numbers)
    return matrix_of(numbers if request.param == "mixed" else numbers[:, :0], codes)


def sampled(matrix, labels, strategy, **named):
    try:
        return resample(matrix, labels, strategy, Target(), 0, **named)
    except InputError as error:
        if strategy not in NEED_A_BORDER:
            raise
        # Border rows and support vectors need not be there; then it is said.
        pytest.skip(f"{error.message} ({error.hint})")


@pytest.mark.parametrize("strategy", SAMPLERS)
def test_rows_are_kept_once_and_parents_are_of_the_class(matrix, labels, strategy):
    found = sampled(matrix, labels, strategy)
    assert (np.diff(found.kept) > 0).all()
    assert set(found.repeated) <= set(found.kept)
    made = found.synthetic
    for parents in (made.first, made.second, *made.voters.T, *made.others.T):
        assert (labels[parents[parents >= 0]] == made.labels[parents >= 0]).all()
    assert set(np.unique(found.labels(labels))) == {0, 1, 2}


@pytest.mark.parametrize("strategy", SAMPLERS)
def test_the_seed_decides(matrix, labels, strategy):
    first, second = sampled(matrix, labels, strategy), sampled(matrix, labels, strategy)
    assert np.array_equal(first.kept, second.kept)
    assert np.array_equal(first.repeated, second.repeated)
    assert np.array_equal(first.synthetic.first, second.synthetic.first)
    assert np.array_equal(first.synthetic.steps, second.synthetic.steps)


@pytest.mark.parametrize("strategy", EXACT)
def test_classes_are_as_large_as_asked_for(matrix, labels, strategy):
    counts = np.bincount(sampled(matrix, labels, strategy).labels(labels))
    wanted = {"random-under": 20, "near-miss": 20, "random-both": 87}.get(strategy, 200)
    assert counts.tolist() == [wanted] * 3


@pytest.mark.parametrize("strategy", [name for name in SAMPLERS if STRATEGIES[name].grows])
def test_rows_that_are_not_eligible_are_nobodys_parents(matrix, labels, strategy):
    eligible = np.arange(N) % 2 == 0
    found = sampled(matrix, labels, strategy, eligible=eligible)
    made = found.synthetic
    for parents in (found.repeated, made.first, made.second, *made.voters.T, *made.others.T):
        assert eligible[parents[parents >= 0]].all()


@pytest.mark.parametrize("strategy", SAMPLERS)
def test_rows_without_a_label_stay(numbers, labels, strategy):
    labels = np.where(np.arange(N) % 10 == 3, -1, labels)
    found = sampled(matrix_of(numbers), labels, strategy)
    assert set(np.flatnonzero(labels == -1)) <= set(found.kept)
    assert not set(np.flatnonzero(labels == -1)) & {*found.repeated, *found.synthetic.first, *found.synthetic.second}


def stacked(found, matrix):
    made = found.synthetic
    numbers = made.interpolate(matrix.numbers)
    return numbers, matrix.codes[made.voters, np.arange(len(matrix.sizes))]


def test_smote_gives_the_rows_that_the_library_gives(numbers, labels):
    matrix = matrix_of(numbers)
    theirs = {
        "smote": SMOTE(random_state=0),
        "borderline-smote": BorderlineSMOTE(random_state=0),
        "svm-smote": SVMSMOTE(random_state=0),
        "adasyn": ADASYN(random_state=0),
    }
    for strategy, sampler in theirs.items():
        expected = sampler.fit_resample(matrix.flat(), labels)[0][N:]
        numbers_made, _ = stacked(resample(matrix, labels, strategy, Target(), 0), matrix)
        assert np.allclose(numbers_made, expected[: len(numbers_made)]), strategy
        assert len(expected) - len(numbers_made) <= 3


def test_votes_give_the_rows_that_the_library_gives(numbers, codes, labels):
    matrix = matrix_of(numbers, codes)
    cells = np.hstack([matrix.numbers, matrix.codes.astype(float)])
    expected = SMOTENC([3, 4], random_state=0).fit_resample(cells, labels)[0][N:]
    numbers_made, codes_made = stacked(resample(matrix, labels, "smote", Target(), 0), matrix)
    assert np.allclose(np.hstack([numbers_made, codes_made]), expected)
    matrix = matrix_of(numbers[:, :0], codes)
    expected = SMOTEN(random_state=np.random.RandomState(0)).fit_resample(matrix.codes.astype(float), labels)[0][N:]
    assert np.array_equal(stacked(resample(matrix, labels, "smote", Target(), 0), matrix)[1], expected)


def test_smote_enn_gives_the_rows_that_the_library_gives(numbers, labels):
    # Between a missing cell, filled, and a number the library makes another: such a cell is not what is written.
    matrix = matrix_of(np.nan_to_num(numbers))
    expected, _ = SMOTEENN(random_state=0).fit_resample(matrix.flat(), labels)
    found = resample(matrix, labels, "smote-enn", Target(), 0)
    assert sorted(map(tuple, found.matrix(matrix).numbers.round(9))) == sorted(map(tuple, expected.round(9)))


def test_a_library_that_makes_rows_otherwise_is_noticed(numbers, labels, monkeypatch):
    def other(self, X, nn_data, nn_num, rows, cols, steps, y_type=None, y=None):  # noqa: N803
        return X[rows] + 2 * steps * (nn_data[nn_num[rows, cols]] - X[rows])

    monkeypatch.setattr(SMOTE, "_generate_samples", other)
    with pytest.raises(InputError, match="not known"):
        resample(matrix_of(numbers), labels, "smote", Target(), 0)


def test_other_draws_of_adasyn_are_noticed(numbers, labels, monkeypatch):
    from dataaudit.rebalance.noting import NotingADASYN

    told = NotingADASYN.pairs
    monkeypatch.setattr(NotingADASYN, "pairs", lambda self, points, codes: told(self, points, codes)[::-1])
    with pytest.raises(InputError, match="not known"):
        resample(matrix_of(numbers), labels, "adasyn", Target(), 0)


def test_small_classes_are_interpolated_between_fewer_neighbours(numbers):
    labels = np.repeat([0, 1, 2, 3], [250, 7, 2, 1])
    found = resample(matrix_of(numbers), labels, "smote", Target(), 0)
    assert np.bincount(found.labels(labels)).tolist() == [250] * 4
    assert set(found.synthetic.first[found.synthetic.labels == 2]) == {257, 258}
    assert set(found.repeated) == {259}
    assert [code for code, _ in found.notes] == [3]


def test_columns_that_never_vary_and_huge_numbers_are_taken(labels):
    rng = np.random.default_rng(3)
    numbers = np.column_stack([np.zeros(N), np.full(N, np.nan), rng.normal(size=N) * 1e300, rng.normal(size=N)])
    matrix = matrix_of(numbers)
    assert np.isfinite(matrix.numbers).all()
    found = resample(matrix, labels, "smote", Target(), 0)
    assert np.bincount(found.labels(labels)).tolist() == [200] * 3


def test_of_equal_rows_each_may_be_a_parent(labels):
    numbers = np.tile([[0.0], [1.0]], (N // 2, 1))
    found = resample(matrix_of(numbers), labels, "smote", Target(), 0)
    assert len(set(found.synthetic.first)) > 4


def test_weights_resample_nothing(numbers, labels):
    with pytest.raises(ConfigError, match="weights resample nothing"):
        resample(matrix_of(numbers), labels, "weights", Target(), 0)


def test_what_is_interpolated_carries_over_to_other_columns(numbers, labels):
    found = resample(matrix_of(numbers), labels, "smote", Target(), 0)
    raw = found.interpolate(numbers)
    made = raw[len(found.kept) :]
    first, second = numbers[found.synthetic.first], numbers[found.synthetic.second]
    both = ~np.isnan(first) & ~np.isnan(second)
    assert (made >= np.minimum(first, second) - 1e-9)[both].all()
    assert (made <= np.maximum(first, second) + 1e-9)[both].all()
    nearer = numbers[found.synthetic.nearer]
    assert np.array_equal(made[~both], nearer[~both], equal_nan=True)


def test_rare_rows_are_not_all_parents_in_one_corner():
    rng = np.random.default_rng(4)
    corners = rng.normal(size=(30, 2)) + np.repeat([[0, 0], [20, 20], [40, 0]], 10, axis=0)
    points = np.vstack([rng.normal(size=(300, 2)) * 20, corners])
    labels = np.repeat([0, 1], [300, 30])
    found = resample(matrix_of(points), labels, "kmeans-smote", Target(), 0)
    parents = np.union1d(found.synthetic.first, found.synthetic.second)
    assert len(parents) >= making.LEAST_SHARE_OF_PARENTS * 30


def test_near_misses_of_repeated_rows_are_different_rows():
    rng = np.random.default_rng(5)
    points = np.vstack([np.zeros((200, 2)), rng.normal(size=(200, 2)) * 3, rng.normal(size=(20, 2)) + 1])
    labels = np.repeat([0, 1], [400, 20])
    found = resample(matrix_of(points), labels, "near-miss", Target(), 0)
    kept = points[found.kept][labels[found.kept] == 0]
    assert len(kept) == 20
    assert len(np.unique(kept, axis=0)) > 10


def test_a_matrix_is_made_of_its_own_rows_alone():
    scale = Matrix(np.zeros((2, 0)), np.array([[0], [5]]), (3,))
    assert scale.flat()[1].tolist() == [0, 0, 0]
