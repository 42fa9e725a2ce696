import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlib import correlation
from convlib.correlation import correlate, correlate_input_grad, correlate_kernel_grad


@st.composite
def problems(draw, rank):
    """x, kernel and where the windows lie; channels on both sides of FEW_CHANNELS."""
    per_axis = lambda low, high: draw(st.tuples(*[st.integers(low, high)] * rank))  # noqa: E731
    kernel_size, strides, dilation_rate = per_axis(1, 3), per_axis(1, 3), per_axis(1, 2)
    pads = [draw(st.tuples(st.integers(0, 2), st.integers(0, 2))) for _ in range(rank)]
    groups = draw(st.sampled_from([1, 2, 3, 9]))
    depth, filters = draw(st.sampled_from([1, 2, 4])), draw(st.sampled_from([1, 2]))
    sizes = [
        (k - 1) * d + draw(st.integers(1, 3))
        for k, d in zip(kernel_size, dilation_rate, strict=True)
    ]
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.normal(size=(2, *sizes, depth * groups))
    kernel = rng.normal(size=(*kernel_size, depth, filters * groups))
    where = {"strides": strides, "pads": pads, "dilation_rate": dilation_rate, "groups": groups}
    return x, kernel, where


@pytest.fixture(params=[5, correlation.TILE], ids=["tiny tiles", "one tile"])
def tile(request, monkeypatch):
    monkeypatch.setattr(correlation, "TILE", request.param)


@pytest.mark.usefixtures("tile")
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_correlate_against_loops(rank):
    @given(problems(rank))
    def check(problem):
        x, kernel, where = problem
        np.testing.assert_allclose(
            correlate(x, kernel, **where), naive.convolve(x, kernel, **where), atol=1e-12
        )

    check()


@pytest.mark.usefixtures("tile")
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_gradients_are_adjoints(rank):
    """correlate is linear in x and in the kernel; its gradients are the transposes of both maps."""

    @given(problems(rank))
    def check(problem):
        x, kernel, where = problem
        y = correlate(x, kernel, **where)
        dy = np.random.default_rng(7).normal(size=y.shape)
        dx = correlate_input_grad(dy, kernel, input_size=x.shape[1:-1], **where)
        dkernel = correlate_kernel_grad(dy, x, kernel_size=kernel.shape[:-2], **where)
        assert dx.shape == x.shape
        assert dkernel.shape == kernel.shape
        np.testing.assert_allclose((dx * x).sum(), (dy * y).sum(), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose((dkernel * kernel).sum(), (dy * y).sum(), rtol=1e-9, atol=1e-9)

    check()


@pytest.mark.usefixtures("tile")
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_input_grad_against_loops(rank):
    @given(problems(rank))
    def check(problem):
        x, kernel, where = problem
        if where["groups"] > 1:
            return
        dy = correlate(x, kernel, **where)
        full = naive.scatter(dy, kernel, where["strides"], where["dilation_rate"])
        padded = np.zeros(
            [
                len(x),
                *(n + sum(p) for n, p in zip(x.shape[1:-1], where["pads"], strict=True)),
                x.shape[-1],
            ]
        )
        padded[tuple(map(slice, full.shape))] = full
        inner = tuple(
            slice(b, b + n) for n, (b, _) in zip(x.shape[1:-1], where["pads"], strict=True)
        )
        dx = correlate_input_grad(dy, kernel, input_size=x.shape[1:-1], **where)
        np.testing.assert_allclose(dx, padded[(slice(None), *inner)], atol=1e-12)

    check()


def test_no_images_and_float32_stay_what_they_are():
    where = {"strides": (1,), "pads": [(0, 0)], "dilation_rate": (1,)}
    y = correlate(np.ones((0, 5, 2), "float32"), np.ones((3, 2, 4), "float32"), **where)
    assert y.shape == (0, 3, 4)
    assert y.dtype == np.float32
