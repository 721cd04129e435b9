import numpy as np

from zstext.adaptation.classes import KAPPA, Classes
from zstext.adaptation.mixture import means, principal_components


def test_the_m_step_by_hand():
    """One dimension, two classes, four documents at -3, -1, 1, 3, split down the middle."""
    Y = np.array([[-3.0], [-1.0], [1.0], [3.0]])
    r = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    mu0 = np.array([[-1.0], [1.0]])
    found = Classes.of(r, Y, mu0, np.array([5.0]))
    mu = (4 + KAPPA) / (2 + KAPPA)
    within = ((3 - mu) ** 2 + (1 - mu) ** 2) / 2  # the same on both sides
    np.testing.assert_allclose(found.log_pi, np.log([0.5, 0.5]))
    # in one dimension shrinking to the mean variance changes nothing
    np.testing.assert_allclose(found.A, [[-mu / within, mu / within]])
    np.testing.assert_allclose(found.b, [-0.5 * mu**2 / within] * 2)
    np.testing.assert_allclose(found.nearer, [0.5 * 2 / (2 + KAPPA) ** 2] * 2)


def test_the_m_step_is_the_textbook_covariance_shrunk():
    draw = np.random.default_rng(0)
    r = draw.dirichlet(np.ones(3), size=50)
    X = draw.standard_normal((50, 4)) * [3, 2, 1, 0.5]
    V, variances = principal_components(X - X.mean(axis=0), np.ones(50), 4)
    Y = (X - X.mean(axis=0)) @ V
    mu = means(r, Y)  # both the evidence and what it is drawn to
    found = Classes.of(r, Y, mu, variances)
    within = np.zeros((4, 4))
    for i in range(50):
        for c in range(3):
            within += r[i, c] * np.outer(Y[i] - mu[c], Y[i] - mu[c]) / 50
    inverse = np.linalg.inv(50 / 58 * within + 8 / 58 * np.trace(within) / 4 * np.eye(4))
    np.testing.assert_allclose(found.A, inverse @ mu.T, atol=1e-8)
    noise = (r**2).sum(axis=0) / (r.sum(axis=0) + KAPPA) ** 2
    np.testing.assert_allclose(found.nearer, np.trace(inverse @ within) * noise / 2)


def test_a_class_known_from_few_documents_is_no_further_from_new_ones():
    """Two equal classes, 200 documents of one and 10 of the other: new ones are split evenly."""
    draw, p, counts = np.random.default_rng(0), 20, (200, 10)
    corrected, plain = [], []
    for _ in range(200):
        Y = draw.standard_normal((sum(counts), p))
        r = np.repeat(np.eye(2), counts, axis=0)
        variances = np.ones(p)
        found = Classes.of(r, Y, np.zeros((2, p)), variances)
        new = draw.standard_normal((50, p)) @ found.A + found.b
        plain.append(np.diff(new).mean())
        corrected.append(np.diff(new + found.nearer).mean())
    assert np.mean(plain) < -0.5
    assert abs(np.mean(corrected)) < 0.15


def test_a_document_that_counts_thrice_is_one_that_occurs_thrice():
    """But for the noise of the mean, of which three copies are no more free than one."""
    draw = np.random.default_rng(0)
    r, Y = draw.dirichlet(np.ones(3), size=40), draw.standard_normal((40, 2))
    counts = np.r_[np.full(10, 3), np.ones(30, dtype=int)]
    rows = np.arange(40).repeat(counts)
    mu0, variances = means(r, Y), np.array([1.0, 0.5])
    once = Classes.of(r * counts[:, None], Y, mu0, variances)
    thrice = Classes.of(r[rows], Y[rows], mu0, variances)
    for name in ("log_pi", "A", "b"):
        np.testing.assert_allclose(getattr(once, name), getattr(thrice, name))
    assert (once.nearer > thrice.nearer).all()
