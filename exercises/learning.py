"""Exercises on learning."""

import numpy as np

from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import learning as solutions

_STEP = np.array(3.0), [np.array(4.0)], 0.1, 0.0

one_step = Exercise(
    "A step by hand",
    solutions.one_step,
    hints=[
        "Find the slope of the loss where the weight is, and go against it.",
        "w - learning_rate * gradient, and the gradient is 2 * (w - 1).",
        "`one_step = 3 - 0.1 * ...`",
    ],
    wrong=[
        Wrong(m.step_uphill, float(m.step_uphill(*_STEP))),
        Wrong(m.learning_rate_left_out, float(m.learning_rate_left_out(*_STEP))),
    ],
    explanation="The gradient is 2 * (3 - 1) = 4, so the step is -0.4.",
)

l2_gradient = Exercise(
    "The gradient of a penalty",
    solutions.l2_gradient,
    [
        (np.array([1.0, -2]), 0.5),
        (integers(3, 2, 2), 0.01),
        (integers(2, 3, 1, 4), 0.1),
    ],
    hints=[
        "The penalty is a sum, and each weight is in one of its terms only.",
        "The derivative of factor * w² is 2 * factor * w.",
        "`return 2 * ...`",
    ],
    wrong=[
        Wrong(m.l2_without_the_two, m.l2_without_the_two),
        Wrong(m.l2_for_l1, m.l2_for_l1),
        Wrong(m.l2_of_the_mean, m.l2_of_the_mean),
    ],
    explanation="Each weight is pulled towards 0, the harder the larger it is.",
)

relu_backward = Exercise(
    "Back through relu",
    solutions.relu_backward,
    [
        (np.array([5.0, -6, 7, -8]), np.array([2.0, 3, -1, 0])),
        (integers(2, 3, 2), integers(3, 2, 2).reshape(2, 3, 2)[::-1].copy()),
        (integers(2, 2, 3, 2), -integers(2, 2, 3, 2)),
    ],
    hints=[
        "Where relu passed x on unchanged, it passes the gradient on unchanged.",
        "The slope of relu is 1 where x > 0, and 0 elsewhere.",
        "`np.where(x > 0, dy, ...)`",
    ],
    wrong=[
        Wrong(m.relu_of_the_gradient, m.relu_of_the_gradient),
        Wrong(m.relu_output_for_slope, m.relu_output_for_slope),
        Wrong(m.relu_slope_at_zero, m.relu_slope_at_zero),
    ],
    explanation="The gradient passes where x is positive, whatever its own sign.",
)

softmax_gradient = Exercise(
    "Softmax and cross-entropy",
    solutions.softmax_gradient,
    [
        (np.array([[0.0, 0]]), np.array([1])),
        (np.log([[1.0, 2, 5], [4, 4, 2]]), np.array([2, 0])),
        (integers(4, 3), np.array([0, 2, 2, 1])),
        (np.array([[1000.0, 999, 0], [-1000, 0, 1]]), np.array([1, 2])),
    ],
    hints=[
        "Compare the predicted probabilities with the right ones: 1 for the label, else 0.",
        "(softmax(logits) - one-hot labels) / N",
        "`np.exp(logits - logits.max(axis=1, keepdims=True))`",
    ],
    wrong=[
        Wrong(m.mean_over_batch_forgotten, m.mean_over_batch_forgotten),
        Wrong(m.softmax_gradient_negated, m.softmax_gradient_negated),
        Wrong(m.softmax_passed_over, m.softmax_passed_over),
        Wrong(m.softmax_overflow, m.softmax_overflow),
    ],
    explanation="The slopes of the logarithm and of softmax cancel to p - 1 for the right class "
    "and p for the others; the mean divides by N.",
)

momentum_steps = Exercise(
    "Steps with momentum",
    solutions.momentum_steps,
    [
        (np.array([0.0]), np.array([[1.0], [1]]), 0.5, 0.5),
        (np.array([1.0, -2]), np.array([[2.0, 4]]), 0.1, 0.9),
        (integers(3), integers(4, 3), 0.1, 0.9),
        (integers(2), integers(5, 2), 0.25, 0.6),
    ],
    hints=[
        "Keep two things from step to step: the weights and the velocity.",
        "velocity = momentum * velocity - learning_rate * gradient; w = w + velocity",
        "`velocity = np.zeros_like(w)`, before the loop",
    ],
    wrong=[
        Wrong(m.momentum_overlooked, m.momentum_overlooked),
        Wrong(m.momentum_averaged, m.momentum_averaged),
        Wrong(m.momentum_of_nesterov, m.momentum_of_nesterov),
        Wrong(m.step_uphill, m.step_uphill),
    ],
    explanation="w = w + velocity makes a new array; w += velocity would change the caller's.",
)

kernel_gradient = Exercise(
    "The gradient of a kernel",
    solutions.kernel_gradient,
    [
        (np.array([[[1.0], [2], [4]]]), np.array([[[10.0], [1]]]), 2, 1),
        (integers(1, 5, 2), integers(1, 3, 3), 3, 1),
        (integers(2, 8, 2), integers(2, 3, 3), 3, 2),
        (integers(3, 9, 1), integers(3, 3, 2), 2, 3),
        (integers(3, 6, 2), integers(3, 2, 3), 5, 1),
    ],
    hints=[
        "In which products does kernel[t, c, f] occur? Each of them sends its factor back.",
        "dkernel[t, c, f] = sum over n, i of x[n, i * strides + t, c] * dy[n, i, f]",
        "`dkernel[t] += x[:, i * strides + t].T @ dy[:, i]`",
    ],
    wrong=[
        Wrong(
            m.gradient_of_places_averaged,
            lambda x, dy, k, s: m.gradient_of_places_averaged(
                solutions.kernel_gradient(x, dy, k, s), dy
            ),
        ),
        Wrong(
            m.gradient_of_batch_averaged,
            lambda x, dy, k, s: m.gradient_of_batch_averaged(
                solutions.kernel_gradient(x, dy, k, s), dy
            ),
        ),
        Wrong(
            m.stride_left_out_of_gradient,
            lambda x, dy, k, s: m.stride_left_out_of_gradient(x, dy, k),
        ),
        Wrong(
            m.taps_backwards,
            lambda x, dy, k, s: m.taps_backwards(solutions.kernel_gradient(x, dy, k, s)),
        ),
    ],
    explanation="A weight is shared by all windows and samples; it adds up what each of them says.",
)

input_gradient = Exercise(
    "The gradient of the input",
    solutions.input_gradient,
    [
        (np.array([[[10.0], [1]]]), np.array([[[1.0]], [[2]]]), 3, 1),
        (integers(1, 3, 2), integers(3, 2, 2), 5, 1),
        (integers(2, 3, 3), integers(3, 2, 3), 8, 2),
        (integers(2, 3, 1), integers(2, 2, 1), 9, 3),
    ],
    hints=[
        "Go through the windows as the layer did, and give back where it took.",
        "dx[n, i * strides + t, c] += sum over f of dy[n, i, f] * kernel[t, c, f]",
        "`dx[:, i * strides + t] += dy[:, i] @ kernel[t].T`",
    ],
    wrong=[
        Wrong(
            m.taps_backwards,
            lambda dy, k, n, s: solutions.input_gradient(dy, m.taps_backwards(k), n, s),
        ),
        Wrong(m.shared_cells_overwritten, m.shared_cells_overwritten),
        Wrong(m.windows_one_apart, m.windows_one_apart),
    ],
    explanation="This is the scatter of a transposed convolution, cut to the length of the input.",
)
