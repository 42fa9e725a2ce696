"""Training: what `compile`, `fit`, `evaluate` and `predict` do to a model.

Definitions: https://keras.io/api/models/model_training_apis/
"""

import math
import warnings

import numpy as np

from convlib import losses, optimizers
from convlib.arguments import choice, integer
from convlib.initializers import seed_or_draw

METRICS = ("accuracy",)


class History:
    """What `fit` returns: `history` maps each name to its values, one for each of `epoch`."""

    def __init__(self):
        self.history, self.epoch = {}, []

    def add(self, epoch, values):
        """Note the values, {name: number}, of an epoch."""
        self.epoch.append(epoch)
        for name, value in values.items():
            self.history.setdefault(name, []).append(value)


class Trainer:
    """The part of a model that learns; a model gives `__call__`, `backward`, `gradients`, …"""

    optimizer = loss = None
    metrics = ()

    def compile(self, optimizer="rmsprop", loss=None, metrics=None):
        """Choose how to learn: an optimizer, a loss, and `metrics`, ["accuracy"] or none."""
        self.optimizer, self.loss = optimizers.get(optimizer), losses.get(loss)
        names = {"acc": "accuracy"}
        self.metrics = [choice(names.get(m, m), METRICS, "metrics") for m in metrics or []]

    def fit(
        self,
        x,
        y,
        batch_size=32,
        epochs=1,
        verbose="auto",
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        seed=None,
    ):
        """Train for `epochs` passes over x `(samples, ...)` and y, and return the `History`.

        `validation_data` (x, y), or the last `validation_split` of the samples, are evaluated after
        each epoch. `shuffle` draws a new order for each epoch from `seed`. `verbose` 0 is silent, 1
        ("auto") shows a progress bar with tqdm, 2 prints a line for each epoch. If the loss becomes
        infinite or not a number, training stops with a warning, before the weights are spoilt.
        """
        self._require_compiled()
        x, y = self._samples(x, y)
        batch_size = 32 if batch_size is None else integer(batch_size, "batch_size")
        epochs = integer(epochs, "epochs")
        if not 0 <= validation_split < 1:
            raise ValueError(
                f"`validation_split` must be at least 0 and less than 1. "
                f"Received: validation_split={validation_split}"
            )
        if validation_split and validation_data is None:
            kept = len(x) - math.floor(len(x) * validation_split)
            validation_data = x[kept:], y[kept:]
            x, y = x[:kept], y[:kept]
        random = np.random.default_rng(seed_or_draw(seed))
        history = History()
        for epoch in range(epochs):
            order = random.permutation(len(x)) if shuffle else np.arange(len(x))
            values = self._run_epoch(x, y, order, batch_size, verbose, f"{epoch + 1}/{epochs}")
            if values is None:
                break
            if validation_data is not None:
                found = self._evaluated(*validation_data[:2], batch_size)
                values |= {f"val_{name}": value for name, value in found.items()}
            history.add(epoch, values)
            if verbose == 2:
                shown = " - ".join(f"{name}: {value:.4f}" for name, value in values.items())
                print(f"Epoch {epoch + 1}/{epochs} - {shown}")
        return history

    def _run_epoch(self, x, y, order, batch_size, verbose, name):
        """Train on every batch once; return the means, or None if the loss is not finite."""
        totals = {}
        starts = range(0, len(order), batch_size)
        for start in _progress(starts, verbose, f"Epoch {name}"):
            batch = order[start : start + batch_size]
            y_pred = self(x[batch], training=True)
            values = self._values(y[batch], y_pred)
            if not math.isfinite(values["loss"]):
                warnings.warn(
                    f"`loss` became {values['loss']} in epoch {name}: training stops, the weights "
                    f"are those before. Try a smaller `learning_rate` or smaller inputs.",
                    RuntimeWarning,
                    stacklevel=3,
                )
                return None
            self.backward(self.loss.gradient(y[batch], y_pred))
            gradients = [
                gradient + (v.regularizer.gradient(v.value) if v.regularizer else 0)
                for gradient, v in zip(self.gradients, self.trainable_weights, strict=True)
            ]
            self.optimizer.apply(gradients, self.trainable_weights)
            for key, value in values.items():
                totals[key] = totals.get(key, 0) + value * len(batch)
        return {key: total / len(order) for key, total in totals.items()}

    def evaluate(self, x, y, batch_size=32, verbose="auto", return_dict=False):
        """Return the mean loss, or a list of it and the metrics, or with `return_dict` a dict."""
        self._require_compiled()
        x, y = self._samples(x, y)
        values = self._evaluated(x, y, 32 if batch_size is None else batch_size)
        if verbose not in (0, "auto"):
            print(" - ".join(f"{name}: {value:.4f}" for name, value in values.items()))
        if return_dict:
            return values
        return list(values.values()) if len(values) > 1 else values["loss"]

    def _evaluated(self, x, y, batch_size):
        x, y = self._samples(x, y)
        totals = {}
        for start in range(0, len(x), batch_size):
            target = y[start : start + batch_size]
            for key, value in self._values(target, self(x[start : start + batch_size])).items():
                totals[key] = totals.get(key, 0) + value * len(target)
        return {key: total / len(x) for key, total in totals.items()}

    def predict(self, x=None, batch_size=32, verbose="auto"):
        """Return the outputs for x, computed `batch_size` samples at a time."""
        if x is None:
            x = self.inputs[0].layer.tensor
            if x is None:
                raise ValueError(
                    "`x` must be given, because the model's Input has no `tensor`. Received: x=None"
                )
        batches = [self(x[i : i + batch_size]) for i in range(0, len(x), batch_size)]
        if isinstance(batches[0], list):
            return [np.concatenate(parts) for parts in zip(*batches, strict=True)]
        return np.concatenate(batches)

    def _values(self, y_true, y_pred):
        values = {"loss": self.loss(y_true, y_pred) + sum(self.losses)}
        if "accuracy" in self.metrics:
            values["accuracy"] = accuracy(y_true, y_pred)
        return values

    def _require_compiled(self):
        if self.loss is None:
            raise ValueError(
                "`loss` must be chosen before training or evaluating: call "
                "`compile(optimizer=..., loss=...)`. Received: loss=None"
            )

    def _samples(self, x, y):
        x, y = np.asarray(x), np.asarray(y)
        if len(x) != len(y) or not len(x):
            raise ValueError(
                f"`x` and `y` must have as many samples, at least one. "
                f"Received: x.shape={x.shape}, y.shape={y.shape}"
            )
        return x, y


def accuracy(y_true, y_pred):
    """Return how often y_pred is right, from 0 to 1.

    With one output, right is on the same side of 0.5; with several, the largest is compared with
    the largest of y_true (one-hot) or with y_true itself (class numbers).

    >>> accuracy(np.array([1, 0]), np.array([[0.2, 0.8], [0.4, 0.6]]))
    0.5
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_pred.shape[-1] == 1:
        right = (y_pred > 0.5) == y_true.reshape(y_pred.shape)
    elif y_true.shape == y_pred.shape:
        right = y_true.argmax(-1) == y_pred.argmax(-1)
    else:
        right = y_true.reshape(y_pred.shape[:-1]) == y_pred.argmax(-1)
    return float(right.mean())


def _progress(steps, verbose, name):
    """`steps`, with a progress bar if that is wanted and tqdm is there."""
    if verbose not in (1, "auto"):
        return steps
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return steps
    return tqdm(steps, desc=name, unit="batch", leave=False)
