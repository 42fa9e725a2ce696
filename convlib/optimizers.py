"""Keras' optimizers: how gradients change weights. Definitions: https://keras.io/api/optimizers/

After each change a weight's constraint, if it has one, puts it back to where it may be.
"""

import numpy as np

from convlib.arguments import Configured, is_number, lookup


def get(identifier):
    """Return the optimizer for a name, a class, a dict or an optimizer.

    >>> get("sgd").learning_rate
    0.01
    """
    return lookup(identifier, _BY_NAME, "optimizer")


class Optimizer(Configured):
    """What the optimizers share. A subclass gives `_change(gradient, slots)` for one weight."""

    def __init__(self, learning_rate):
        _in_range(learning_rate, "learning_rate", 0, np.inf)
        self.learning_rate = learning_rate
        self.iterations = 0
        self._slots = {}  # what is remembered of each weight, by its identity

    def apply(self, gradients, variables):
        """Change each of `variables` in place by its gradient, then apply its constraint."""
        self.iterations += 1
        for gradient, variable in zip(gradients, variables, strict=True):
            _, slots = self._slots.setdefault(id(variable), (variable, {}))
            variable.value = variable.value + self._change(gradient, slots)
            if variable.constraint:
                variable.value = variable.constraint(variable.value)

    def _change(self, gradient, slots):
        raise NotImplementedError


class SGD(Optimizer):
    """`w -= learning_rate * g`; with momentum `v = momentum * v - learning_rate * g`, `w += v`.

    With `nesterov`, `w += momentum * v - learning_rate * g`.

    >>> from convlib.layers.base import Variable
    >>> w = Variable("w", np.array([1.0]))
    >>> SGD(0.1).apply([np.array([2.0])], [w])
    >>> w.value.round(4).tolist()
    [0.8]
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        _in_range(momentum, "momentum", 0, 1)
        self.momentum, self.nesterov = momentum, bool(nesterov)

    def _change(self, gradient, slots):
        step = -self.learning_rate * gradient
        if not self.momentum:
            return step
        slots["v"] = self.momentum * slots.get("v", 0) + step
        return self.momentum * slots["v"] + step if self.nesterov else slots["v"]


class RMSprop(Optimizer):
    """`s = rho * s + (1 - rho) * g^2`, `w -= learning_rate * g / sqrt(s + epsilon)`.

    `centered` subtracts the square of the mean gradient from s; with momentum the steps add up.

    >>> from convlib.layers.base import Variable
    >>> w = Variable("w", np.array([1.0]))
    >>> RMSprop(0.1).apply([np.array([2.0])], [w])
    >>> w.value.round(4).tolist()
    [0.6838]
    """

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
        super().__init__(learning_rate)
        _in_range(rho, "rho", 0, 1)
        _in_range(momentum, "momentum", 0, 1)
        self.rho, self.momentum, self.epsilon = rho, momentum, epsilon
        self.centered = bool(centered)

    def _change(self, gradient, slots):
        slots["s"] = self.rho * slots.get("s", 0) + (1 - self.rho) * np.square(gradient)
        spread = slots["s"] + self.epsilon
        if self.centered:
            slots["mean"] = self.rho * slots.get("mean", 0) + (1 - self.rho) * gradient
            spread = spread - np.square(slots["mean"])
        step = -self.learning_rate * gradient / np.sqrt(spread)
        if not self.momentum:
            return step
        slots["v"] = self.momentum * slots.get("v", 0) + step
        return slots["v"]


class Adam(Optimizer):
    """Kingma and Ba 2014, https://arxiv.org/abs/1412.6980, with the bias corrections in the step.

    `m += (1 - beta_1) * (g - m)`, `s += (1 - beta_2) * (g^2 - s)`,
    `w -= learning_rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(s) + epsilon)`.

    >>> from convlib.layers.base import Variable
    >>> w = Variable("w", np.array([1.0]))
    >>> Adam(0.1).apply([np.array([2.0])], [w])
    >>> w.value.round(4).tolist()
    [0.9]
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
        super().__init__(learning_rate)
        _in_range(beta_1, "beta_1", 0, 1)
        _in_range(beta_2, "beta_2", 0, 1)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.amsgrad = bool(amsgrad)

    def _change(self, gradient, slots):
        for name, beta, value in (
            ("m", self.beta_1, gradient),
            ("s", self.beta_2, np.square(gradient)),
        ):
            before = slots.get(name, 0)
            slots[name] = before + (1 - beta) * (value - before)
        spread = slots["s"]
        if self.amsgrad:
            spread = slots["largest"] = np.maximum(slots.get("largest", 0), spread)
        corrected = np.sqrt(1 - self.beta_2**self.iterations) / (1 - self.beta_1**self.iterations)
        rate = gradient.dtype.type(self.learning_rate * corrected)
        return -rate * slots["m"] / (np.sqrt(spread) + self.epsilon)


def _in_range(value, name, low, high):
    if not is_number(value) or not low <= value < high:
        raise ValueError(
            f"`{name}` must be a number of at least {low} and less than {high}. "
            f"Received: {name}={value!r}"
        )


_BY_NAME = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam}
_BY_NAME |= {cls.__name__: cls for cls in _BY_NAME.values()}
