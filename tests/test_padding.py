"""The rules of sizes and pads: by hand, against every recorded row, and as properties."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive import same_pads

from convlib.padding import (
    output_length,
    padding_name,
    pads,
    span,
    transposed_length,
    transposed_pads,
)

TABLES = json.loads((Path(__file__).parent / "golden" / "shape_tables.json").read_text())

lengths, kernels, strides = st.integers(1, 60), st.integers(1, 12), st.integers(1, 8)
dilations = st.integers(1, 5)


def outcome(rule, *args, **kwargs):
    try:
        return rule(*args, **kwargs)
    except ValueError:
        return "ValueError"


def test_by_hand():
    assert span(1, 9) == 1
    assert span(4, 3) == 10
    assert output_length(28, 3) == 26
    assert output_length(28, 3, 2) == 13  # windows at 0, 2, ..., 24
    assert output_length(28, 3, 2, "same") == 14
    assert output_length(10, 3, 1, "valid", 4) == 2  # the span is 9
    assert pads(28, 3, 1, "same") == (1, 1)
    assert pads(28, 3, 2, "same") == (0, 1)  # 13 * 2 + 3 = 29 cells are needed
    assert pads(28, 4, 1, "same") == (1, 2)
    assert pads(5, 1, 3, "same") == (0, 0)  # 1 * 3 + 1 = 4 cells are enough
    assert pads(5, 3, 2, "causal", 2) == (4, 0)
    assert transposed_length(12, 3, 2, "same") == 24
    assert transposed_pads(5, 5, 2, "same") == (1, 2)  # 13 cells of scatter, 10 of output


def test_defaults_are_a_stride_and_a_dilation_of_1_under_valid():
    assert output_length(7, 3) == 5
    assert pads(7, 3) == (0, 0)
    assert pads(5, 2, padding="same") == (0, 1)
    assert pads(5, 3, padding="same") == (1, 1)
    assert transposed_length(5, 3) == 7
    assert transposed_length(5, 3, padding="same") == 5
    assert transposed_pads(5, 3) == (0, 0)
    assert transposed_pads(5, 3, padding="same") == (1, 1)


def test_unknown_length_stays_unknown():
    assert output_length(None, 3) is None
    assert output_length(None, 3, 2, "same") is None
    assert transposed_length(None, 3, 2, "same", output_padding=1) is None


@pytest.mark.parametrize("row", [*TABLES["conv"]["rows"], *TABLES["depthwise"]["rows"]], ids=str)
def test_recorded_lengths(row):
    n, k, s, d, padding, out = row
    assert outcome(output_length, n, k, s, padding, d) == out


@pytest.mark.parametrize("row", TABLES["pool"]["rows"], ids=str)
def test_recorded_pool_lengths(row):
    n, k, s, padding, out = row
    assert outcome(output_length, n, k, s or k, padding) == out


@pytest.mark.parametrize("row", TABLES["transpose"]["rows"], ids=str)
def test_recorded_transposed_lengths(row):
    n, k, s, d, padding, p, out = row
    assert transposed_length(n, k, s, padding, d, p) == out


@pytest.mark.parametrize("row", TABLES["same_padding_measured"]["rows"], ids=str)
def test_recorded_pads(row):
    n, k, s, d, out, left, right = row
    before, after = pads(n, k, s, "same", d)
    assert output_length(n, k, s, "same", d) == out
    assert before == left
    assert after == max(right, 0)  # a negative one means cells that are never read


@pytest.mark.parametrize("row", TABLES["transpose_crop_measured"]["rows"], ids=str)
def test_recorded_crops(row):
    n, k, s, padding, p, out, left = row
    assert transposed_length(n, k, s, padding, 1, p) == out
    assert transposed_pads(n, k, s, padding, 1, p)[0] == left


def test_the_tables_are_whole():
    rows = [len(table["rows"]) for name, table in TABLES.items() if name != "meta"]
    assert sum(rows) == 1281


@given(lengths, kernels, strides, dilations)
def test_same_pads_are_the_fewest_that_do(n, k, s, d):
    assert pads(n, k, s, "same", d) == same_pads(n, k, s, d)


@given(lengths, kernels, strides, dilations)
def test_same_is_valid_on_the_padded_input(n, k, s, d):
    before, after = pads(n, k, s, "same", d)
    assert 0 <= after - before <= 1
    if before + after:
        assert output_length(n + before + after, k, s, "valid", d) == output_length(n, k, s, "same")


@given(lengths, kernels, strides, dilations)
def test_causal_is_valid_on_the_padded_input(n, k, s, d):
    before, after = pads(n, k, s, "causal", d)
    assert after == 0
    assert output_length(n + before, k, s, "valid", d) == output_length(n, k, s, "causal", d)


@given(lengths, kernels, strides, dilations)
def test_valid_windows_fit_and_one_more_would_not(n, k, s, d):
    out = outcome(output_length, n, k, s, "valid", d)
    if span(k, d) > n:
        assert out == "ValueError"
    else:
        assert (out - 1) * s + span(k, d) <= n < out * s + span(k, d)


@given(lengths, kernels, strides, dilations, st.sampled_from(["valid", "same"]))
def test_a_transposed_layer_undoes_the_length_of_its_convolution(n, k, s, d, padding):
    """The convolution of the output with the crop as its pads has the input's length."""
    for p in (None, *range(s)):
        out = transposed_length(n, k, s, padding, d, p)
        if out:
            before, after = transposed_pads(n, k, s, padding, d, p)
            assert output_length(out + before + after, k, s, "valid", d) == n


@given(lengths, kernels, strides, dilations)
def test_same_and_its_transposed_share_their_pads(n, k, s, d):
    out = transposed_length(n, k, s, "same", d)
    assert transposed_pads(n, k, s, "same", d) == pads(out, k, s, "same", d)


def test_without_strides_and_dilation_both_are_one():
    assert output_length(7, 3) == 5
    assert output_length(7, 3, padding="same") == 7
    assert pads(4, 3, padding="same") == (1, 1)
    assert pads(4, 3, padding="causal") == (2, 0)
    assert transposed_length(4, 2) == 5
    assert transposed_pads(4, 3, padding="same") == (1, 1)


def test_errors_say_what_to_change():
    with pytest.raises(
        ValueError, match=r"along the height the window spans 7 cells, the input"
    ) as e:
        output_length(5, 7, axis="height")
    assert "Use a smaller `kernel_size`, a longer input, or padding='same'." in str(e.value)
    with pytest.raises(
        ValueError, match=r"spans \(3 - 1\) \* 2 \+ 1 = 5 cells.* or `dilation_rate`"
    ):
        output_length(4, 3, dilation_rate=2)
    with pytest.raises(ValueError, match="`pool_size` must fit"):
        output_length(1, 2, window="pool_size")
    with pytest.raises(ValueError, match=r"Received: padding='smae'. Did you mean 'same'\?"):
        padding_name("smae")
    with pytest.raises(ValueError, match=r"must be one of 'valid', 'same'. Received: padding=None"):
        padding_name(None)
    assert padding_name("Causal", causal=True) == "causal"
    with pytest.raises(ValueError, match=r"Received: padding='SAME'. Did you mean 'same'"):
        padding_name("SAME", any_case=False)
