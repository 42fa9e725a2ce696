import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlib.windows import overlap_add, pad, windows


@st.composite
def settings(draw, rank):
    kernel_size = draw(st.tuples(*[st.integers(1, 3)] * rank))
    strides = draw(st.tuples(*[st.integers(1, 3)] * rank))
    dilation_rate = draw(st.tuples(*[st.integers(1, 3)] * rank))
    sizes = tuple(
        (k - 1) * d + draw(st.integers(1, 5))
        for k, d in zip(kernel_size, dilation_rate, strict=True)
    )
    return sizes, kernel_size, strides, dilation_rate


@pytest.mark.parametrize("rank", [1, 2, 3])
@given(data=st.data())
def test_windows_read_the_cells_they_should(rank, data):
    sizes, kernel_size, strides, dilation_rate = data.draw(settings(rank))
    x = np.arange(2.0 * np.prod(sizes) * 2).reshape(2, *sizes, 2)
    view = windows(x, kernel_size, strides, dilation_rate)
    for output in np.ndindex(view.shape[1 : rank + 1]):
        for tap in np.ndindex(kernel_size):
            cell = tuple(
                o * s + t * d
                for o, s, t, d in zip(output, strides, tap, dilation_rate, strict=True)
            )
            assert (view[(slice(None), *output, *tap)] == x[(slice(None), *cell)]).all()


@pytest.mark.parametrize("rank", [1, 2, 3])
@given(data=st.data())
def test_overlap_add_is_the_adjoint(rank, data):
    sizes, kernel_size, strides, dilation_rate = data.draw(settings(rank))
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, *sizes, 3))
    view = windows(x, kernel_size, strides, dilation_rate)
    w = rng.normal(size=view.shape)
    y = np.zeros_like(x)
    overlap_add(w, y, strides, dilation_rate)
    np.testing.assert_allclose((view * w).sum(), (x * y).sum(), rtol=1e-12)


def test_pad_keeps_values_in_either_memory_order():
    x = np.arange(12.0).reshape(1, 2, 3, 2)
    wanted = np.pad(x, [(0, 0), (1, 0), (0, 2), (0, 0)])
    for planar in (False, True):
        np.testing.assert_array_equal(pad(x, [(1, 0), (0, 2)], planar=planar), wanted)
    assert pad(x, [(0, 0), (0, 0)]) is x
