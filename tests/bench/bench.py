"""convlib against PyTorch and Keras: forward, backward and a training step, as ratios.

Every workload is run by every library in turn, again and again in one run, so that a busy moment
hits all of them; a ratio is the median of the rounds' times, convlib's over the peer's. Below 1
convlib is faster. Of PyTorch the faster of its two memory layouts counts, of Keras with TensorFlow
both the eager call and one compiled with XLA.

    python bench.py [--rounds 15] [--only W2,W6]
"""

import argparse
import datetime
import os
import platform
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np

import convlib

try:
    import torch
except ImportError:
    torch = None
try:
    import keras
    import tensorflow as tf
except ImportError:
    keras = None

CNN = [
    ("Conv2D", {"filters": 32, "kernel_size": 3, "activation": "relu"}),
    ("MaxPooling2D", {"pool_size": 2}),
    ("Conv2D", {"filters": 64, "kernel_size": 3, "activation": "relu"}),
    ("MaxPooling2D", {"pool_size": 2}),
    ("Flatten", {}),
    ("Dense", {"units": 1024, "activation": "relu"}),
    ("Dense", {"units": 10, "activation": "softmax"}),
]


def conv(filters, kernel=3, padding="same", name="Conv2D", **more):
    return [(name, {"filters": filters, "kernel_size": kernel, "padding": padding, **more})]


def pool(kind, size, strides, padding="valid"):
    return [(f"{kind}Pooling2D", {"pool_size": size, "strides": strides, "padding": padding})]


# name: (input shape, layers)
WORKLOADS = {
    "W1 call overhead, 5x5": ((1, 5, 5, 1), conv(1, padding="valid")),
    "W2 Conv2D(2, 3) valid": ((50, 64, 64, 3), conv(2, padding="valid")),
    "W2 Conv2D(2, 3) same": ((50, 64, 64, 3), conv(2)),
    "W3a Conv2D(64, 3)": ((1, 256, 256, 3), conv(64)),
    "W3b Conv2D(32, 3)": ((1, 256, 256, 64), conv(32)),
    "W4 Conv1D(64, 3)": ((32, 10, 32), conv(64, name="Conv1D")),
    "W5 Conv2D(64, 3)": ((64, 28, 28, 1), conv(64)),
    "W6 ten-class network": ((32, 32, 32, 3), CNN),
    "W7 Conv2D(64, 3)": ((1, 1600, 200, 1), conv(64)),
    "W8 Conv2DTranspose(32, 3, 2)": ((8, 32, 32, 64), conv(32, name="Conv2DTranspose", strides=2)),
    "W8 Conv2DTranspose(32, 4, 2)": (
        (8, 32, 32, 64),
        conv(32, 4, name="Conv2DTranspose", strides=2),
    ),
    "W9 DepthwiseConv2D(3)": (
        (8, 112, 112, 32),
        [("DepthwiseConv2D", {"kernel_size": 3, "padding": "same"})],
    ),
    "W9 DepthwiseConv2D(3, 2)": (
        (8, 112, 112, 32),
        [("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "padding": "same"})],
    ),
    "W9 SeparableConv2D(64, 3)": ((8, 112, 112, 32), conv(64, name="SeparableConv2D")),
    "W10 Conv2D(64, 3)": ((8, 56, 56, 64), conv(64)),
    "W10 Conv2D(256, 1)": ((8, 56, 56, 64), conv(256, 1)),
    "W11 MaxPooling 2x2": ((32, 64, 64, 64), pool("Max", 2, 2)),
    "W11 AveragePooling 2x2": ((32, 64, 64, 64), pool("Average", 2, 2)),
    "W11 MaxPooling 3x3 s2 same": ((32, 64, 64, 64), pool("Max", 3, 2, "same")),
    "W11 AveragePooling 3x3": ((32, 64, 64, 64), pool("Average", 3, 1)),
    "W12 Conv2D(32, 3) dilated": ((4, 64, 64, 32), conv(32, dilation_rate=2)),
}


class Ours:
    """convlib."""

    def __init__(self, shape, layers):
        self.model = convlib.Sequential(
            [convlib.Input(shape[1:]), *(getattr(convlib, name)(**kw) for name, kw in layers)]
        )
        rng = np.random.default_rng(0)
        self.x = rng.normal(size=shape).astype(np.float32)
        self.dy = rng.normal(size=self.model(self.x).shape).astype(np.float32)
        self.labels = rng.integers(0, self.dy.shape[-1], len(self.x))
        self.one = self.model.layers[0] if len(layers) == 1 else self.model
        self.model.compile(convlib.optimizers.SGD(1e-4), "sparse_categorical_crossentropy")

    def forward(self):
        self.one(self.x)

    def both(self):
        self.one(self.x)
        self.one.backward(self.dy)

    def step(self):
        self.model.fit(self.x, self.labels, batch_size=len(self.x), verbose=0, shuffle=False)


class Keras:
    """Keras with TensorFlow."""

    def __init__(self, shape, layers, ours, compiled):
        self.layers = [getattr(keras.layers, name)(**kw) for name, kw in layers]
        self.x, self.dy = tf.constant(ours.x), tf.constant(ours.dy)
        self.labels = tf.constant(ours.labels)
        self._call(self.x)
        self.weights = [w.value for layer in self.layers for w in layer.trainable_variables]
        wrap = tf.function(jit_compile=True) if compiled else (lambda function: function)
        self._forward, self._both, self._step = map(wrap, (self._call, self._grad, self._train))

    def _call(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def _grad(self, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(self._call(x) * self.dy)
        return tape.gradient(total, [x, *self.weights])

    def _train(self, x):
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(self.labels, self._call(x))
            total = tf.reduce_mean(losses)
        for w, g in zip(self.weights, tape.gradient(total, self.weights), strict=True):
            w.assign_sub(1e-4 * g)
        return total

    def forward(self):
        self._forward(self.x).numpy()

    def both(self):
        self._both(self.x)[0].numpy()

    def step(self):
        self._step(self.x).numpy()


class Torch:
    """PyTorch, channels first in memory or, with `last`, channels last."""

    def __init__(self, shape, layers, ours, last):
        rank = len(shape) - 2
        modules, channels = [], shape[-1]
        for name, kw in layers:
            new, channels = _torch_modules(name, kw, channels, rank)
            modules += new
        self.model = torch.nn.Sequential(*modules)
        x = torch.from_numpy(np.ascontiguousarray(np.moveaxis(ours.x, -1, 1)))
        if last and rank == 2:
            x = x.contiguous(memory_format=torch.channels_last)
            self.model = self.model.to(memory_format=torch.channels_last)
        self.x = x.requires_grad_()
        self.labels = torch.from_numpy(ours.labels)
        self.dy = torch.randn_like(self.model(self.x))

    def forward(self):
        with torch.no_grad():
            self.model(self.x)

    def both(self):
        self.x.grad = None
        self.model.zero_grad()
        self.model(self.x).backward(self.dy)

    def step(self):
        self.model.zero_grad()
        torch.nn.functional.nll_loss(torch.log(self.model(self.x)), self.labels).backward()
        with torch.no_grad():
            for w in self.model.parameters():
                w -= 1e-4 * w.grad


def _torch_modules(name, kw, channels, rank):
    """PyTorch's modules for a layer: equal work, padded by what comes nearest to Keras' same."""
    nn = torch.nn
    k, s, d = kw.get("kernel_size", 0), kw.get("strides", 1), kw.get("dilation_rate", 1)
    p = (k - 1) * d // 2 if kw.get("padding") == "same" else 0
    if name.endswith("Transpose"):
        filters = kw["filters"]
        conv = nn.ConvTranspose2d(channels, filters, k, s, (k - 1) // 2, output_padding=k % 2)
        return [conv], filters
    if name.startswith("Depthwise"):
        return [nn.Conv2d(channels, channels, k, s, p, groups=channels)], channels
    if name.startswith("Separable"):
        depthwise = nn.Conv2d(channels, channels, k, s, p, groups=channels, bias=False)
        return [depthwise, nn.Conv2d(channels, kw["filters"], 1)], kw["filters"]
    if name.startswith("Conv"):
        cls = nn.Conv1d if rank == 1 else nn.Conv2d
        made = [cls(channels, kw["filters"], k, s, p, d)]
        return made + ([nn.ReLU()] if kw.get("activation") else []), kw["filters"]
    if "Pooling" in name:
        size, stride = kw["pool_size"], kw.get("strides") or kw["pool_size"]
        p = size // 2 if kw.get("padding") == "same" else 0
        cls = nn.MaxPool2d if name.startswith("Max") else nn.AvgPool2d
        return [cls(size, stride, p)], channels
    if name == "Flatten":
        return [nn.Flatten()], channels * 6 * 6
    act = {"relu": nn.ReLU(), "softmax": nn.Softmax(-1)}[kw["activation"]]
    return [nn.Linear(channels, kw["units"]), act], kw["units"]


def peers(shape, layers, ours):
    found = {}
    if torch:
        found["torch first"] = Torch(shape, layers, ours, last=False)
        found["torch last"] = Torch(shape, layers, ours, last=True)
    if keras:
        found["keras eager"] = Keras(shape, layers, ours, compiled=False)
        found["keras jitted"] = Keras(shape, layers, ours, compiled=True)
    return found


def measure(contestants, kind, rounds):
    """Medians, in seconds, of rounds in which each contestant runs for about 20 ms."""
    repeats = {}
    for name, contestant in contestants.items():
        run = getattr(contestant, kind)
        run()  # warms up, compiles
        started = time.perf_counter()
        run()
        repeats[name] = max(1, int(0.02 / max(time.perf_counter() - started, 1e-7)))
    times = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            run = getattr(contestant, kind)
            started = time.perf_counter()
            for _ in range(repeats[name]):
                run()
            times[name].append((time.perf_counter() - started) / repeats[name])
    return {name: statistics.median(found) for name, found in times.items()}


def row(name, shape, layers, kind, rounds):
    ours = Ours(shape, layers)
    found = measure({"convlib": ours, **peers(shape, layers, ours)}, kind, rounds)
    mine = found.pop("convlib")
    torch_best = min((t for n, t in found.items() if n.startswith("torch")), default=None)
    cells = [
        "missing" if t is None else f"{mine / t:.2f}"
        for t in (torch_best, found.get("keras eager"), found.get("keras jitted"))
    ]
    print(f"| {name} | {kind} | {mine * 1e3:.2f} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="workloads, by the beginnings of their names")
    arguments = parser.parse_args()
    versions = [f"NumPy {np.__version__}"]
    versions.append(f"PyTorch {torch.__version__}" if torch else "PyTorch missing")
    versions.append(
        f"Keras {keras.__version__}, TensorFlow {tf.__version__}" if keras else "Keras missing"
    )
    blas = {k: v for k, v in os.environ.items() if k.startswith(("OPENBLAS", "OMP", "MKL"))}
    print(f"{datetime.date.today()}, Python {platform.python_version()}, {', '.join(versions)}")
    print(f"{platform.machine()}, {os.cpu_count()} cores; environment: {blas or 'nothing set'}\n")
    print("| workload | | convlib, ms | / PyTorch | / Keras eager | / Keras jitted |")
    print("|---|---|---|---|---|---|")
    wanted = tuple(arguments.only.split(",")) if arguments.only else ("W",)
    for name, (shape, layers) in WORKLOADS.items():
        if name.startswith(wanted):
            kinds = ["forward", "both"] + (["step"] if layers is CNN else [])
            for kind in kinds:
                row(name, shape, layers, kind, arguments.rounds)


if __name__ == "__main__":
    main()
