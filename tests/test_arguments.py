import numpy as np
import pytest

from convlib import activations, initializers
from convlib.arguments import (
    argument_names,
    choice,
    data_format,
    fraction,
    integer,
    integers,
    lookup,
)


@pytest.mark.parametrize("value", [1, 7, np.int64(3)])
def test_integer_takes_whole_numbers(value):
    assert integer(value, "filters") == int(value)
    assert type(integer(value, "filters")) is int


@pytest.mark.parametrize("value", [0, -1, 2.0, 2.5, True, None, "3", (3,), np.float32(1)])
def test_integer_refuses_the_rest(value):
    with pytest.raises(
        ValueError, match=r"`filters` must be a positive integer. Received: filters="
    ):
        integer(value, "filters")


def test_integer_without_a_least_one_may_be_negative():
    assert integer(-1, "axis", minimum=None) == -1
    with pytest.raises(ValueError, match=r"`axis` must be an integer. Received: axis=\(1, 2\)"):
        integer((1, 2), "axis", minimum=None)


@pytest.mark.parametrize("value", [-0.1, 1.1, True, None, "0.5", np.nan])
def test_fraction_refuses_what_is_none(value):
    assert fraction(np.float32(0.5), "rate") == 0.5
    assert [fraction(0, "rate"), fraction(1, "rate")] == [0, 1]
    with pytest.raises(ValueError, match=r"`rate` must be a number from 0 to 1. Received: rate="):
        fraction(value, "rate")


def test_integers_repeat_one_number_for_every_axis():
    assert integers(3, 2, "strides") == (3, 3)
    assert integers([3, 4], 2, "strides") == (3, 4)
    assert integers((np.int32(3),), 1, "strides") == (3,)
    assert integers(0, 3, "output_padding", minimum=0) == (0, 0, 0)


@pytest.mark.parametrize(
    "value", [(3,), (3, 3, 3), (), (3, 0), (3, 1.0), "33", None, True, [[3, 3]]]
)
def test_integers_refuse_the_rest(value):
    with pytest.raises(
        ValueError, match=r"`strides` must be .* or a tuple of 2 of them. Received: str"
    ):
        integers(value, 2, "strides")


def test_choice_ignores_case_and_suggests():
    assert choice("Valid", ("valid", "same"), "padding") == "valid"
    with pytest.raises(ValueError, match=r"Did you mean 'channels_last'\?"):
        data_format("channel_last")
    with pytest.raises(ValueError, match=r"Received: data_format='NHWC'$"):
        data_format("NHWC")


def test_lookup_takes_names_classes_dicts_and_objects():
    ones = initializers.get("ones")
    assert isinstance(ones, initializers.Ones)
    assert initializers.get(ones) is ones
    assert isinstance(initializers.get(initializers.Ones), initializers.Ones)
    made = initializers.get({"class_name": "Constant", "config": {"value": 2.5}})
    assert made.value == 2.5
    assert lookup(None, {}, "regularizer") is None


def test_lookup_names_what_it_does_not_know():
    with pytest.raises(ValueError, match=r"`activation` must be .*'relux'. Did you mean 'relu'\?"):
        activations.get("relux")
    with pytest.raises(ValueError, match=r"`initializer` must be .* Received: initializer=3"):
        initializers.get(3)


def test_configs_make_the_same_object_again():
    scaling = initializers.VarianceScaling(2.0, "fan_out", "uniform", seed=4)
    assert argument_names(type(scaling)) == ("scale", "mode", "distribution", "seed")
    again = initializers.VarianceScaling.from_config(scaling.get_config())
    np.testing.assert_array_equal(again((3, 4)), scaling((3, 4)))
