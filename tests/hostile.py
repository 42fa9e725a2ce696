"""Answers that do everything an answer should not, for `conv1d_conv2d.sliding_mean`.

Each is the source of a cell that defines `answer`, with the outcome and a pattern of the message
that its check has to give.
"""

import re
from textwrap import dedent, indent
from typing import NamedTuple

RIGHT = "np.convolve(x, np.ones(size) / size, 'valid')"
TRIPLE = r"at index 0, you gave 9, expected 3\."


class Hostile(NamedTuple):
    """An answer; `threaded` says that only where there are threads it comes to this."""

    name: str
    source: str
    outcome: str
    message: str
    threaded: bool = False


def function(body):
    return "def answer(x, size):\n" + indent(dedent(body).strip(), "    ")


def returning(expression, before=""):
    return function(f"{dedent(before).strip()}\nreturn {expression}")


def three_times(how, imports=""):
    """A function that gives three times the right answer, after what it does."""
    return returning("3 * y", f"{imports}\ny = {RIGHT}\n{dedent(how).strip()}")


def endless():
    bodies = {
        "a loop": "while True:\n    x = x + 1",
        "a loop on one line": "while True: pass",
        "a loop in a nested function": """
            def inner():
                while True:
                    pass
            inner()""",
        "an endless for": "for _ in iter(int, 1):\n    pass",
        "an endless generator": "return sum(1 for _ in iter(int, 1))",
        "an endless method": """
            class Odd:
                def __iter__(self):
                    return self
                def __next__(self):
                    return 1
            return list(zip(Odd(), (i for i in iter(int, 1) if i)))""",
        "NumPy in a loop": "while True:\n    x = np.sort(np.sin(np.ones(1000)))",
        "a loop that prints": "while True:\n    print('water')",
        "a loop that replaces abs": """
            import builtins
            builtins.abs = None
            while True:
                pass""",
        "a loop that catches errors": """
            while True:
                try:
                    size += 1
                except Exception:
                    pass""",
        "a loop that catches everything": """
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass""",
        "a bare except": """
            while True:
                try:
                    while True: pass
                except:
                    print("no")
                    continue""",
        "a finally that goes on": """
            while True:
                try:
                    size += 1
                finally:
                    continue""",
        "a with that swallows": """
            import contextlib
            while True:
                with contextlib.suppress(BaseException):
                    while True: pass""",
        "a generator that swallows": """
            def numbers():
                while True:
                    try:
                        yield 1
                    except BaseException:
                        pass
            while True:
                try:
                    for number in numbers():
                        size += number
                except BaseException:
                    pass""",
        "a comparison": """
            class Odd:
                def __lt__(self, other):
                    while True:
                        pass
            return sorted([Odd(), Odd()])""",
    }
    for name, body in bodies.items():
        yield Hostile(name, function(body), "ERROR", "still running after .* seconds")
    blocking = {
        "a long sum in C": "import itertools\nreturn sum(itertools.repeat(0, 2 * 10**8))",
        "a slow pattern": "import re\nreturn re.match(r'(a+)+$', 'a' * 25 + 'b')",
        "sleep": "import time\ntime.sleep(30)",
        "a lock": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "a queue": "import queue\nreturn queue.Queue().get()",
    }
    for name, body in blocking.items():
        yield Hostile(name, function(body), "ERROR", "still running after", threaded=True)


def raising():
    names = """ArithmeticError AssertionError AttributeError BaseException BufferError EOFError
        Exception FloatingPointError GeneratorExit ImportError IndexError KeyError
        KeyboardInterrupt LookupError MemoryError NameError OSError OverflowError
        ReferenceError RuntimeError StopAsyncIteration StopIteration SyntaxError SystemError
        TimeoutError TypeError UserWarning ValueError ZeroDivisionError"""
    for name in names.split():
        yield Hostile(f"raises {name}", function(f"raise {name}('no')"), "ERROR", f"raised {name}")
    for name, body, message in [
        ("an error with a long text", "raise ValueError('no' * 10**6)", "raised ValueError: nono"),
        ("a group", "raise ExceptionGroup('two', [ValueError(1), KeyError(2)])", "two"),
        ("its own cause", "error = ValueError('no')\nraise error from error", "ValueError: no"),
        ("an exit", "import sys\nsys.exit()", "asked Python to exit"),
        ("an exit with a word", "import sys\nsys.exit('bye')", "asked Python to exit"),
        ("an exit, raised", "raise SystemExit(3)", "asked Python to exit"),
        ("recursion", "return answer(x, size)", "called itself without end"),
        ("wrong code", "return eval('1 +')", "raised SyntaxError"),
        ("no such name", "return nowhere", "raised NameError"),
        ("no memory", "return np.zeros(10**15)", "Unable to allocate"),
    ]:
        yield Hostile(name, function(body), "ERROR", message)
    for limit in (60, 9000):
        body = f"import sys\nsys.setrecursionlimit({limit})\nreturn answer(x, size)"
        yield Hostile(f"recursion {limit}", function(body), "ERROR", "called itself without end")
    for name, source, message in [
        ("mutual recursion", "def other(*a): return answer(*a)\ndef answer(*a): return other(*a)",
         "called itself without end"),
        ("recursion by attributes", "class Odd:\n    def __getattr__(self, name):\n"
         "        return getattr(self, name + 'x')\ndef answer(x, size):\n    return Odd().a",
         "called itself without end"),
        ("no argument", "def answer():\n    return 1", "raised TypeError"),
        ("one argument", "def answer(x):\n    return x", "raised TypeError"),
        ("keywords only", "def answer(*, x, size):\n    return x", "raised TypeError"),
        ("a class", "class answer: pass", "raised TypeError"),
        ("a builtin", "answer = len", "raised TypeError"),
    ]:  # fmt: skip
        yield Hostile(name, source, "ERROR", message)
    for name, text, message in [
        ("text that fails", "return 1 / 0", "raised Odd: its own text could not be had"),
        ("text that exits", "raise SystemExit", "raised Odd: its own text could not be had"),
        ("text that is a number", "return 3", "raised Odd: its own text could not be had"),
        ("text without end", "while True: pass", "still running after"),
        ("plain text", "return 'plain'", "raised Odd: plain"),
    ]:
        define = f"class Odd(BaseException):\n    def __str__(self):\n        {text}\n"
        yield Hostile(name, define + function("raise Odd"), "ERROR", message)
    source = function("raise NotImplementedError")
    yield Hostile("not written", source, "UNATTEMPTED", "Not attempted yet")


def of_a_wrong_type():
    for value, message in {
        "'two'": "'two'", "b'two'": "b'two'", "'x' * 10**7": "'xxx", "{1, 2}": r"\{1, 2\}",
        "frozenset()": "frozenset", "{'a': 1}": r"\{'a': 1\}", "int": "<class 'int'>",
        "print": "<built-in function print>", "np": "<module 'numpy'",
        "object()": "<object object>",
        "NotImplemented": "NotImplemented", "slice(3)": "slice", "3 + 4j": r"\(3\+4j\)",
        "True": "True, expected", "10**5000": "<int whose repr raised ValueError>",
        "memoryview(b'a')": "<memory>", "np.dtype(int)": "dtype", "lambda: 3": "<function",
        "np.random.default_rng()": "Generator", "ValueError('no')": r"ValueError\('no'\)",
        "[1, 'two']": r"\[1, 'two'\]", "[[1], [2, 3]]": r"\[\[1\], \[2, 3\]\]",
        "['3.0', '6.5']": r"\['3.0', '6.5'\]", "[None, None]": r"\[None, None\]",
        "[True, False]": r"\[True, False\]", "[x, x]": r"the shape \(2, 3\), expected \(2,\)",
        "__import__('decimal').Decimal(3)": r"Decimal\('3'\)",
        "__import__('fractions').Fraction(1, 2)": r"Fraction\(1, 2\)",
        "__import__('pathlib').Path()": "Path", "__import__('re').compile('a')": "re.compile",
        "__import__('collections').deque([3.0, 6.5])": r"deque\(\[3.0, 6.5\]\)",
        "__import__('datetime').date(2000, 1, 1)": "datetime.date",
        "__import__('types').SimpleNamespace(a=1)": r"namespace\(a=1\)",
        "__import__('io').StringIO()": "a StringIO, which has no values",
        "np.array(None)": r"the shape \(\)", "3": r"the shape \(\), expected \(2,\)",
        "[]": r"the shape \(0,\), expected \(2,\)", "()": r"the shape \(0,\)",
        "[[[[[]]]]]": r"the shape \(1, 1, 1, 1, 0\)", "np.nan": r"the shape \(\)",
        "x[:2] * np.nan": "nan, expected 3", "x[:2] / 0": "inf, expected 3",
    }.items():  # fmt: skip
        yield Hostile(f"gives {value}", returning(value), "FAILED", f"you gave .*{message}")
    yield Hostile("gives None", function("print(x)"), "FAILED", "returned None")
    for value in ("3", "'name'", "[1, 2]", "np.ones(3)", "{}", "object()"):
        message = "wants your function itself"
        yield Hostile(f"is {value}", f"answer = {value}", "FAILED", message)
    for value in ("None", "..."):
        yield Hostile(f"is {value}", f"answer = {value}", "UNATTEMPTED", "Not attempted yet")


def of_a_wrong_dtype():
    for dtype in ("float16", "complex64", "complex128", "object", "bool"):
        message = f"you gave the dtype {dtype}, expected float64"
        yield Hostile(dtype, returning(f"({RIGHT}).astype('{dtype}')"), "FAILED", message)
    for dtype in ("str", "bytes", "M8[s]", "m8[s]", "V8", "i4, f4"):
        source = returning(f"np.zeros(len(x) - size + 1, '{dtype}')")
        yield Hostile(dtype, source, "FAILED", "you gave the dtype .*, expected float64")
    for dtype in ("float32", "longdouble", ">f8"):
        yield Hostile(dtype, returning(f"({RIGHT}).astype('{dtype}')"), "PASSED", "checks passed")


def changing_the_input():
    for change in (
        "x += 1", "x[:] = 0", "x.sort()", "x[0] = np.nan", "x.fill(3)", "np.add(x, 1, out=x)",
        "x.resize(5, refcheck=False)", "x.shape = (-1, 1)", "x.dtype = int", "x *= 1 + 1e-12",
        "x.byteswap(inplace=True)", "np.random.shuffle(x); x[0] = 77", "x.partition(1); x -= 1",
        "x.setfield(7, float)", "np.copyto(x, 5)", "x.flat = 3", "x.T[...] = 4",
    ):  # fmt: skip
        source = returning("y", f"y = {RIGHT}\n{change}")
        yield Hostile(f"changes by {change}", source, "FAILED", "changed its input")
    source = returning(f"x if size == 1 else {RIGHT}")
    yield Hostile("a view", source, "PASSED", "a view of the input")


def random():
    define = "import itertools, os, random, time, uuid\ncounter = itertools.count()\n"
    for number in (
        "random.random()", "np.random.rand()", "np.random.default_rng().normal()",
        "time.time_ns() % 1e7", "uuid.uuid4().int % 10**6", "os.urandom(1)[0] * random.random()",
        "random.gauss(0, 1)", "next(counter)",
    ):  # fmt: skip
        source = define + returning(f"{RIGHT} + {number}")
        yield Hostile(f"adds {number}", source, "FAILED", "gave two results")


def huge_or_deep():
    many = "with too many values or levels to look at"
    for name, before, value, message in [
        ("a large array", "", "np.zeros((3000, 3000))", r"the shape \(3000, 3000\), expected"),
        ("a virtual array", "", "np.broadcast_to(1.0, (10**6, 10**6))", r"the shape \(1000000, 1"),
        ("many axes", "", "np.zeros((1,) * 60)", r"the shape \(1, 1, 1,"),
        ("a long list", "", "[0] * (10**6 + 1)", f"a list {many}"),
        ("a long range", "", "range(10**12)", f"a range {many}"),
        ("a long dict", "", "dict.fromkeys(range(10**6))", f"a dict {many}"),
        ("a deep list", "y = []\nfor _ in range(10**5): y = [y]", "y", f"a list {many}"),
        ("a deep tuple", "y = ()\nfor _ in range(10**5): y = (y,)", "y", f"a tuple {many}"),
        ("a bush", "y = [1]\nfor _ in range(30): y = [y, y]", "y", f"a list {many}"),
        ("a list in itself", "y = []\ny.append(y)", "y", f"a list {many}"),
        ("a list twice in itself", "y = []\ny += [y, y]", "y", f"a list {many}"),
        ("a dict in itself", "y = {}\ny['y'] = y", "y", f"a dict {many}"),
        ("an array in itself", "y = np.zeros(2, object)\ny[0] = y", "y", "the dtype object"),
    ]:
        yield Hostile(name, returning(value, before), "FAILED", message)


def flooding():
    imports = "import faulthandler, logging, os, sys, traceback, warnings"
    for name, flood in {
        "print": "for _ in range(5_000): print('water' * 9)",
        "print at once": "print('water' * 10**6)",
        "print without lines": "for _ in range(5_000): print('water', end='', flush=True)",
        "stderr": "for _ in range(5_000): sys.stderr.write('water' * 9)",
        "the descriptor 1": "for _ in range(5_000): os.write(1, b'water' * 9)",
        "the descriptor 2": "for _ in range(5_000): os.write(2, b'water' * 9)",
        "sys.__stdout__": "for _ in range(5_000): sys.__stdout__.write('water' * 9)",
        "sys.__stderr__": "for _ in range(5_000): sys.__stderr__.write('water' * 9)",
        "warnings": "for i in range(200): warnings.warn(f'water {i}' * 99)",
        "logging": "for _ in range(500): logging.getLogger('a').warning('water' * 9)",
        "tracebacks": "for _ in range(50): traceback.print_stack()",
        "a fault handler": "faulthandler.dump_traceback(2)",
        "bits": "for i in range(5_000): sys.stdout.writelines(['w', 'a'])",
    }.items():
        yield Hostile(f"floods by {name}", three_times(flood, imports), "FAILED", TRIPLE)


def lazy():
    for value, kind in {
        "(v for v in y)": "generator", "map(abs, y)": "map", "zip(y, y)": "zip",
        "iter(y)": "iterator", "filter(None, y)": "filter", "reversed(list(y))": "iterator",
        "enumerate(y)": "enumerate", "np.nditer(y)": "nditer", "{1: 2}.values()": "dict_values",
        "__import__('itertools').count()": "count", "__import__('itertools').chain(y)": "chain",
    }.items():  # fmt: skip
        source = returning(value, f"y = {RIGHT}")
        yield Hostile(f"lazy {value}", source, "FAILED", f"you gave .*{kind}")
    yield Hostile("y.flat", returning("y.flat", f"y = {RIGHT}"), "PASSED", "checks passed")
    source = function(f"yield from {RIGHT}")
    yield Hostile("yields", source, "FAILED", "a generator, which has no values before list")
    source = "async def answer(x, size):\n    return x"
    yield Hostile("async", source, "FAILED", "you gave <coroutine")


def replacing_builtins():
    names = """len print isinstance abs __import__ open range sum type str repr getattr setattr
        vars dict list tuple set super hasattr callable iter next map zip sorted min max round
        float int object hash format issubclass Exception BaseException KeyError SystemExit
        __build_class__"""
    for name in names.split():
        how = f"builtins.{name} = None" if len(name) % 2 else f"del builtins.{name}"
        source = returning("y", f"import builtins\ny = {RIGHT}\n{how}")
        yield Hostile(how, source, "PASSED", f"now put back: builtin {name}")
    for name, how in {
        "all builtins": "builtins.__dict__.clear()",
        "len that lies": "builtins.len = lambda _: 0",
        "isinstance that agrees": "builtins.isinstance = lambda *_: True",
        "abs that exits": "builtins.abs = lambda _: exit()",
        "print that loops": "builtins.print = lambda *_: print()",
    }.items():
        message = rf"{TRIPLE}(.|\n)*now put back: builtin"
        yield Hostile(name, three_times(how, "import builtins"), "FAILED", message)


def replacing_numpy():
    names = """asarray isclose array zeros argwhere may_share_memory errstate array_equal
        broadcast_to ndarray generic arange ravel shape linalg.norm fft.rfft2 random.seed
        lib.stride_tricks.sliding_window_view"""
    for name in names.split():
        how = f"np.{name} = lambda *a, **k: True" if len(name) % 2 else f"del np.{name}"
        message = rf"{TRIPLE}(.|\n)*now put back: numpy\.{re.escape(name)}"
        yield Hostile(how, three_times(how), "FAILED", message)


def replacing_exercises():
    own = "exercises.conv1d_conv2d.sliding_mean"
    for how in (
        "del exercises.padding", "exercises.padding = None", "exercises.progress = None",
        "exercises.engine.run = None", "exercises.engine.difference = lambda *_: ''",
        "exercises.engine.PASSED = 'FAILED'", "exercises.engine.Outcome = None",
        "exercises.guard.GUARD = None", "exercises.record.note = None",
        "exercises.record.path = lambda: 3", "exercises.report.short = 3",
        "del exercises.padding.same_pads", f"{own} = None", f"{own}.cases = []",
        f"{own}._solution = answer", f"{own}.wrong = None", f"{own}.name = 'a'", f"del {own}.hints",
        f"vars({own}).clear()", "vars(exercises).clear()", "vars(exercises.engine).clear()",
        "vars(exercises.sandbox).clear()", "vars(exercises.guard).clear()",
        "vars(exercises.values).clear()", "vars(exercises.report).clear()",
        "vars(exercises.outcomes).clear()", "exercises.outcomes.Outcome = None",
        "vars(exercises.record).clear()", "vars(exercises.conv1d_conv2d).clear()",
    ):  # fmt: skip
        source = "import exercises\n" + three_times(how)
        message = rf"{TRIPLE}(.|\n)*now put back: exercises"
        yield Hostile(how, source, "FAILED", message, threaded="sandbox" in how)


def disturbing_the_process():
    imports = "import gc, os, sys, tempfile, warnings"
    for how in (
        "os.chdir('/')", "os.chdir(tempfile.mkdtemp())", "sys.stdout.close()", "sys.stdout = None",
        "sys.stderr.close()", "sys.stderr = sys.stdout = open(os.devnull)", "sys.stdin = None",
        "sys.__stdout__.close()", "sys.__stderr__.close()", "os.close(1)", "os.close(2)",
        "sys.setrecursionlimit(200)", "sys.setrecursionlimit(10**6)", "warnings.filters.clear()",
        "warnings.simplefilter('error')", "warnings.resetwarnings()", "warnings.showwarning = None",
        "np.seterr(all='raise')", "np.seterr(all='ignore')", "np.seterrcall(lambda *_: 1 / 0)",
        "np.errstate(all='raise').__enter__()", "np.set_printoptions(threshold=0, precision=0)",
        "np.random.seed(0)", "sys.settrace(lambda *_: None)", "sys.setprofile(lambda *_: None)",
        "sys.displayhook = None", "sys.excepthook = None", "gc.disable(); gc.enable()",
    ):  # fmt: skip
        yield Hostile(how, three_times(how, imports), "FAILED", TRIPLE)


def starting_threads():
    imports = dedent("""
        import threading
        def spin():
            while True: pass
        def catch():
            for _ in range(3):
                try:
                    while True: pass
                except BaseException: pass
        def write():
            while True: print('water')""")
    for name, body in {
        "a thread without end": "threading.Thread(target=spin).start()",
        "a daemon without end": "threading.Thread(target=spin, daemon=True).start()",
        "four threads": "for _ in range(4): threading.Thread(target=spin).start()",
        "a thread that prints": "threading.Thread(target=write).start()",
        "a thread that catches": "threading.Thread(target=catch).start()",
        "a thread that fails": "threading.Thread(target=lambda: 1 / 0).start()",
        "a timer": "threading.Timer(3600, spin).start()",
        "a pool": "import concurrent.futures as c\nc.ThreadPoolExecutor().submit(spin)",
    }.items():
        yield Hostile(name, three_times(body, imports), "FAILED", TRIPLE, threaded=True)


def odd_objects():
    methods = """__eq__ __ne__ __repr__ __str__ __len__ __iter__ __getitem__ __float__ __int__
        __index__ __bool__ __hash__ __getattr__ __getattribute__ __deepcopy__ __copy__ __reduce__
        __reduce_ex__ __array_ufunc__ __array_function__ __array_interface__ __array_struct__
        __length_hint__ __format__ __call__ __next__ __contains__ __array__"""
    for method in methods.split():
        for what, body in {"raises": "raise RuntimeError", "exits": "raise SystemExit"}.items():
            outcome, message = "FAILED", "you gave "
            if method == "__array__" and what == "raises":
                outcome, message = "ERROR", "raised RuntimeError"
            if method in ("__array__", "__repr__") and what == "exits":
                outcome, message = "ERROR", "asked Python to exit"
            source = f"class Odd:\n    def {method}(self, *a, **k):\n        {body}\n"
            yield Hostile(f"{method} {what}", source + returning("Odd()"), outcome, message)
    for method in ("__array__", "__repr__", "__del__"):
        source = f"class Odd:\n    def {method}(self, *a, **k):\n        while True: pass\n"
        yield Hostile(f"{method} loops", source + returning("Odd()"), "ERROR", "still running")
    source = "class Odd:\n    def __array__(self, *a, **k): return 3\n" + returning("Odd()")
    yield Hostile("__array__ lies", source, "ERROR", "raised ValueError")
    array = "class A(np.ndarray):\n    def __array_finalize__(self, o): pass\n    __eq__ = None\n"
    for name, define, message in [
        ("__repr__ lies", "class Odd:\n    def __repr__(self): return 3", "repr raised TypeError"),
        ("__repr__ is long", "class Odd:\n    def __repr__(self): return 'a' * 10**6", "gave aaa"),
        ("__class__ lies", "class Odd:\n    __class__ = np.ndarray", "you gave <"),
        ("__class__ raises", "class Odd:\n    __class__ = property(lambda s: 1 / 0)", "you gave <"),
        ("__del__ raises", "class Odd:\n    def __del__(self): 1 / 0", "you gave <"),
        ("agrees with all", "class Odd:\n    def __eq__(self, other): return True", "you gave <"),
        ("an odd list", "class Odd(list):\n    def __iter__(self): 1 / 0", r"the shape \(0,\)"),
        ("an odd tuple", "class Odd(tuple):\n    def __iter__(self): 1 / 0", r"the shape \(0,\)"),
        ("an odd dict", "class Odd(dict):\n    def items(self): 1 / 0", r"you gave \{\}"),
        ("an odd str", "class Odd(str):\n    def __eq__(self, o): return True", "you gave ''"),
        ("an odd float", "class Odd(float):\n    def __eq__(self, o): return True", "you gave 0.0"),
        ("an odd metaclass", "class M(type):\n    def __instancecheck__(*a): 1 / 0\n"
         "class Odd(metaclass=M): pass", "you gave <"),
        ("an odd array", f"{array}def Odd(): return np.ones(3).view(A)", r"the shape \(3,\)"),
        ("a masked array", "def Odd(): return np.ma.masked_all(2)", "at index 0, you gave"),
        ("a matrix", "def Odd(): return np.asmatrix([3.0, 6.5])", r"the shape \(1, 2\)"),
    ]:  # fmt: skip
        yield Hostile(name, f"{define}\n{returning('Odd()')}", "FAILED", message)
    for error in ("RuntimeError", "SystemExit", "AttributeError"):
        source = f"class Odd:\n    def __getattribute__(self, name): raise {error}\n"
        source += "    def __call__(self, *a): return 1\nanswer = Odd()"
        yield Hostile(f"is an object that raises {error}", source, "FAILED", "the shape")


FAMILIES = [
    endless,
    raising,
    of_a_wrong_type,
    of_a_wrong_dtype,
    changing_the_input,
    random,
    huge_or_deep,
    flooding,
    lazy,
    replacing_builtins,
    replacing_numpy,
    replacing_exercises,
    disturbing_the_process,
    starting_threads,
    odd_objects,
]
ANSWERS = [answer for family in FAMILIES for answer in family()]
