"""Layers put together: Model, traced through symbolic tensors, and Sequential."""

import textwrap

import numpy as np

from convlib import layers as layer_classes
from convlib.layers.base import KerasTensor, Layer, auto_name
from convlib.layers.input import Input, InputLayer
from convlib.training import Trainer

__all__ = ["Input", "Model", "Sequential"]


class Model(Trainer, Layer):
    """The layers between `inputs` and `outputs`, symbolic tensors or lists of them.

    Each layer has one input, so a model is a tree; several outputs are returned as a list. A model
    is a layer too. Keras' page: https://keras.io/api/models/model/

    >>> from convlib.layers import Conv2D, Flatten
    >>> x = Input((28, 28, 1))
    >>> model = Model(x, Flatten()(Conv2D(4, 3)(x)))
    >>> model.output_shape, model.count_params()
    ((None, 2704), 40)
    """

    def __init__(self, inputs, outputs, name=None, trainable=True):
        super().__init__(name=name or auto_name("functional"), trainable=trainable)
        self._wire(_tensors(inputs, "inputs"), _tensors(outputs, "outputs"))
        self._one_output = not isinstance(outputs, (list, tuple))

    def _wire(self, inputs, outputs):
        """Find the tensors from inputs to outputs, each after its source."""
        self.inputs, self.outputs = inputs, outputs
        self._steps = []
        for tensor in outputs:
            path = []
            while not any(tensor is known for known in inputs + self._steps):
                if tensor.source is None:
                    raise ValueError(
                        f"`outputs` must come from `inputs`: {tensor.name!r} does not. "
                        f"Received: inputs={inputs}"
                    )
                path.append(tensor)
                tensor = tensor.source
            self._steps += reversed(path)
        found = [tensor.layer for tensor in inputs + self._steps]
        self.layers = [layer for i, layer in enumerate(found) if layer not in found[:i]]
        self._shares_layers = len(self.layers) < len(found)
        self.built = True

    # -- what Layer asks for

    @property
    def variables(self):
        """All layers' variables, in order."""
        return [v for layer in self.layers for v in layer.variables]

    @variables.setter
    def variables(self, value):
        pass  # a model has none of its own

    @property
    def weights(self):
        return [w for layer in self.layers for w in layer.weights]

    @property
    def trainable_weights(self):
        if not self.trainable:
            return []
        return [w for layer in self.layers for w in layer.trainable_weights]

    @property
    def losses(self):
        """All layers' penalties."""
        return [loss for layer in self.layers for loss in layer.losses]

    @property
    def input(self):
        """The symbolic tensor that goes in, or a list of them."""
        self._require_inputs("input")
        return self.inputs[0] if len(self.inputs) == 1 else self.inputs

    @property
    def output(self):
        """The symbolic tensor that comes out, or a list of them."""
        self._require_inputs("output")
        return self.outputs[0] if self._one_output else self.outputs

    @property
    def input_shape(self):
        """The shape of `input`, or a list of them."""
        return _shapes(self.input)

    @property
    def output_shape(self):
        """The shape of `output`, or a list of them."""
        return _shapes(self.output)

    def _remember(self, inputs, outputs):
        pass  # called as a layer, a model keeps its own

    def _require_inputs(self, name):
        if not self.inputs:
            raise ValueError(
                f"`{name}` of {self.name!r} is known once its input is: begin with Input(shape), "
                f"or call the model. Received: a model without an input"
            )

    def compute_output_shape(self, input_shape):
        """Return the output's shape as a tuple (or a list of them) for such an input shape."""
        shapes = {id(self.inputs[0]): tuple(input_shape)}
        for tensor in self._steps:
            shapes[id(tensor)] = tensor.layer.compute_output_shape(shapes[id(tensor.source)])
        found = [shapes[id(tensor)] for tensor in self.outputs]
        return found[0] if self._one_output else found

    def __call__(self, inputs, training=False):
        """Return the output, or the list of outputs, for an array, or a list of arrays."""
        if isinstance(inputs, KerasTensor):
            return super().__call__(inputs)
        given = inputs if isinstance(inputs, (list, tuple)) and len(self.inputs) > 1 else [inputs]
        if len(given) != len(self.inputs):
            raise ValueError(
                f"`inputs` must be a list of {len(self.inputs)} arrays. Received: {len(given)}"
            )
        values = {id(tensor): tensor.layer(x) for tensor, x in zip(self.inputs, given, strict=True)}
        for tensor in self._steps:
            values[id(tensor)] = tensor.layer(values[id(tensor.source)], training=training)
        found = [values[id(tensor)] for tensor in self.outputs]
        return found[0] if self._one_output else found

    def backward(self, dy):
        """Return dx of the latest call for dy; leave the weights' gradients in `gradients`."""
        if self._shares_layers:
            raise ValueError(
                "`backward` needs a model in which each layer is called once, since a layer "
                "remembers its latest call only. Received: a model that shares layers"
            )
        dys = [dy] if self._one_output else dy
        gradients = {id(t): d for t, d in zip(self.outputs, dys, strict=True)}
        for tensor in reversed(self._steps):
            total = gradients.get(id(tensor), 0) + tensor.layer.activity_gradient()
            dx = tensor.layer.backward(total)
            gradients[id(tensor.source)] = gradients.get(id(tensor.source), 0) + dx
        self.gradients = [g for layer in self.layers for g in layer.gradients]
        if not self.trainable:
            self.gradients = []
        return gradients[id(self.inputs[0])]

    # -- what models have beside

    def get_layer(self, name=None, index=None):
        """Return the layer with that name or at that index."""
        if index is not None:
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = [layer.name for layer in self.layers]
        raise ValueError(f"`name` must be one of {names}. Received: name={name!r}")

    def summary(self, print_fn=print):
        """Print Keras' table: each layer, its output shape and parameters, and the totals."""
        print_fn(_summary(self))

    def save_weights(self, path):
        """Write all weights to `path`, a .npz file."""
        np.savez(_npz(path), **{key: v.value for key, (_, v) in self._stored().items()})

    def load_weights(self, path):
        """Read all weights from `path`; if one does not fit, a `ValueError` and none is changed."""
        stored = self._stored()
        with np.load(_npz(path), allow_pickle=False) as file:
            found = {key: file[key] for key in file.files}
        for key in dict.fromkeys([*stored, *found]):
            layer, variable = stored.get(key, (key.rpartition("/")[0], None))
            has = None if variable is None else variable.shape
            holds = found[key].shape if key in found else None
            if has != holds:
                raise ValueError(
                    f"`path` must hold this model's weights: for {key.rpartition('/')[2]!r} of "
                    f"layer {layer!r} the model has shape {has}, the file {holds}. "
                    f"Received: path={str(path)!r}"
                )
        for key, (_, variable) in stored.items():
            variable.assign(found[key])

    def _stored(self, prefix=""):
        """{key in a file: (layer's name, variable)}; keys count layers, whose names may differ."""
        stored = {}
        with_weights = [layer for layer in self.layers if layer.weights]
        for index, layer in enumerate(with_weights):
            if isinstance(layer, Model):
                stored |= layer._stored(f"{prefix}{index}/")
            else:
                for v in layer.weights:
                    stored[f"{prefix}{index}/{v.name}"] = (layer.name, v)
        return stored

    def get_config(self):
        """Return the layers' configs and what each reads, as a dict of plain values."""
        names = {id(t): t.layer.name for t in self.inputs + self._steps}
        return {
            "name": self.name,
            "trainable": self.trainable,
            "layers": [
                {
                    **_layer_config(t.layer),
                    "inbound": None if t in self.inputs else names[id(t.source)],
                }
                for t in self.inputs + self._steps
            ],
            "inputs": [names[id(t)] for t in self.inputs],
            "outputs": names[id(self.outputs[0])]
            if self._one_output
            else [names[id(t)] for t in self.outputs],
        }

    @classmethod
    def from_config(cls, config):
        """Return a model with new weights, made from what `get_config` returned."""
        tensors = {}
        for entry in config["layers"]:
            layer = _layer_from(entry)
            source = entry["inbound"]
            tensors[layer.name] = layer.output if source is None else layer(tensors[source])
        one = isinstance(config["outputs"], str)
        outputs = [tensors[name] for name in ([config["outputs"]] if one else config["outputs"])]
        inputs = [tensors[name] for name in config["inputs"]]
        return cls(inputs, outputs[0] if one else outputs, config["name"], config["trainable"])


class Sequential(Model):
    """Layers one after the other; `Input` first, or the first array says what goes in.

    Keras' page: https://keras.io/api/models/sequential/

    >>> from convlib.layers import Conv1D
    >>> model = Sequential([Input((10, 32)), Conv1D(64, 3, padding="same")])
    >>> model.add(Conv1D(32, 3, padding="same"))
    >>> model.output_shape, model.count_params()
    ((None, 10, 32), 12384)
    """

    def __init__(self, layers=None, trainable=True, name=None):
        Layer.__init__(self, name=name, trainable=trainable)
        self.layers = []
        self._one_output, self._shares_layers = True, False
        self.inputs = self.outputs = self._steps = ()
        for layer in layers or []:
            self.add(layer)

    def add(self, layer):
        """Put a layer at the end."""
        if isinstance(layer, KerasTensor):
            layer = layer.layer
        if not isinstance(layer, Layer):
            raise ValueError(f"`layer` must be a layer. Received: layer={layer!r}")
        if isinstance(layer, InputLayer):
            if self.layers or self.inputs:
                raise ValueError(
                    f"`layer` must not be an Input, except as the first. Received: layer={layer!r}"
                )
            self._begin(layer.output)
            return
        if any(layer.name == other.name for other in self.layers):
            raise ValueError(
                f"`layer` must have a name of its own. Received: name={layer.name!r} twice"
            )
        if not self.layers and not self.inputs:
            if layer.batch_input_shape is not None:
                self._begin(Input(batch_shape=layer.batch_input_shape))
            elif isinstance(layer, Model) and layer.inputs:
                self._begin(Input(batch_shape=layer.input_shape))
        traced = self._trace([layer], self.outputs) if self.inputs else None
        self.layers = [*self.layers, layer]
        if traced:
            self._extend(traced)

    def build(self, input_shape):
        """Make the weights for inputs of `input_shape`, the batch axis first."""
        if not self.inputs:
            tensor = Input(batch_shape=(None, *input_shape[1:]))
            traced = self._trace(self.layers, [tensor])
            self._begin(tensor)
            self._extend(traced)

    def __call__(self, inputs, training=False):
        """Return the output for an array; the first one builds a model that had no `Input`."""
        if not self.inputs:
            self.build(np.shape(inputs) if not isinstance(inputs, KerasTensor) else inputs.shape)
        return super().__call__(inputs, training)

    def compute_output_shape(self, input_shape):
        """Return the output's shape as a tuple for such an input shape."""
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return tuple(input_shape)

    def _begin(self, tensor):
        self.inputs, self.outputs, self._steps = [tensor], [tensor], []
        self.built = True

    def _trace(self, layers, outputs):
        """The tensors of further layers; nothing of the model changes, should one not fit."""
        traced = list(outputs)
        for layer in layers:
            traced.append(layer(traced[-1]))
        return traced[1:]

    def _extend(self, traced):
        self._steps, self.outputs = [*self._steps, *traced], [traced[-1]]

    def get_config(self):
        """Return the layers' configs, as a dict of plain values."""
        first = [self.inputs[0].layer] if self.inputs else []
        return {
            "name": self.name,
            "trainable": self.trainable,
            "layers": [_layer_config(layer) for layer in first + self.layers],
        }

    @classmethod
    def from_config(cls, config):
        """Return a model with new weights, made from what `get_config` returned."""
        made = [_layer_from(entry) for entry in config["layers"]]
        return cls(made, config["trainable"], config["name"])


def _summary(model):
    """Return Keras' summary table of a model as text."""
    shapes = {id(tensor.layer): tensor.shape for tensor in [*model.inputs, *model._steps]}
    rows = [("Layer (type)", "Output Shape", "Param #")]
    for layer in model.layers:
        shape = shapes.get(id(layer))
        known = layer.built and shape is not None
        rows.append(
            (
                f"{layer.name} ({type(layer).__name__})",
                str(shape) if known else "?",
                f"{layer.count_params():,}" if known else "0 (unbuilt)",
            )
        )
    widths = (36, 27, 15)
    lines = [f'Model: "{model.name}"', _rule("┏━┳┓", widths)]
    for number, row in enumerate(rows):
        cells = [
            textwrap.wrap(text, width) or [""] for text, width in zip(row, widths, strict=True)
        ]
        bar = "│" if number else "┃"
        for i in range(max(map(len, cells))):
            name, shape, count = (cell[i] if i < len(cell) else "" for cell in cells)
            count = count.rjust(widths[2])
            lines.append(
                f"{bar} {name:<{widths[0]}} {bar} {shape:<{widths[1]}} {bar} {count} {bar}"
            )
        if number == 0:
            lines.append(_rule("┡━╇┩", widths))
        elif number < len(rows) - 1:
            lines.append(_rule("├─┼┤", widths))
    lines.append(_rule("└─┴┘", widths))
    counted = {
        "Total": model.weights,
        "Trainable": model.trainable_weights,
        "Non-trainable": model.non_trainable_weights,
    }
    for name, weights in counted.items():
        values = sum(w.value.size for w in weights)
        memory = _memory(sum(w.value.nbytes for w in weights))
        lines.append(f" {name} params: {values:,} ({memory})")
    return "\n".join(lines)


def _rule(corners, widths):
    left, line, between, right = corners
    return left + between.join(line * (width + 2) for width in widths) + right


def _memory(size):
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} GB"


def _tensors(value, name):
    tensors = list(value) if isinstance(value, (list, tuple)) else [value]
    if not tensors or not all(isinstance(tensor, KerasTensor) for tensor in tensors):
        raise ValueError(
            f"`{name}` must be what Input or a layer called on it returned, or a list of such. "
            f"Received: {name}={value!r}"
        )
    return tensors


def _shapes(tensors):
    return [t.shape for t in tensors] if isinstance(tensors, list) else tensors.shape


def _layer_config(layer):
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def _layer_from(entry):
    classes = {"Model": Model, "Sequential": Sequential}
    cls = classes.get(entry["class_name"]) or getattr(layer_classes, entry["class_name"], None)
    if cls is None:
        raise ValueError(
            f"`config` must name layers of convlib. Received: class_name={entry['class_name']!r}"
        )
    return cls.from_config(entry["config"])


def _npz(path):
    if not str(path).endswith(".npz"):
        raise ValueError(f"`path` must end in .npz. Received: path={str(path)!r}")
    return path
