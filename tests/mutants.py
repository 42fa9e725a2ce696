"""Wrong answers made from right ones: one small change each, to a function or to a value.

The tools that mutate whole packages (mutmut, cosmic-ray) change files and run a test suite for each
change. Here thousands of functions have to be made in memory, and changed in ways that those tools
do not know: axes and arguments swapped, the ends of slices and ranges moved.
"""

import ast
import copy

SWAPS = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Add, ast.Div], ast.MatMult: [ast.Mult],
    ast.Div: [ast.Mult, ast.FloorDiv], ast.FloorDiv: [ast.Div, ast.Mult], ast.Pow: [ast.Mult],
    ast.Mod: [ast.FloorDiv], ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt], ast.GtE: [ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.In: [ast.NotIn],
    ast.NotIn: [ast.In], ast.And: [ast.Or], ast.Or: [ast.And],
}  # fmt: skip
NAMES = [
    ("max", "min"), ("maximum", "minimum"), ("argmax", "argmin"), ("sum", "mean"), ("a", "b"),
    ("zeros", "ones"), ("zeros_like", "ones_like"), ("rows", "columns"), ("height", "width"),
    ("channels", "filters"), ("k_h", "k_w"), ("s_h", "s_w"), ("d_h", "d_w"), ("i", "j"),
    ("kernel_size", "strides"), ("strides", "dilation_rate"), ("t", "u"),
]  # fmt: skip
SYMMETRIC = {"max", "min", "maximum", "minimum"}
PARTNERS = {one: other for pair in NAMES for one, other in (pair, pair[::-1])}


def mutants(source):
    """Yield (changed line, source) for each mutant of a source."""
    tree = ast.parse(source)
    before = ast.unparse(tree)
    seen = {before}
    for container, key, node in places(tree):
        for replacement in replacements(node, key):
            container[key] = replacement
            after = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))
            container[key] = node
            if after not in seen:
                seen.add(after)
                lines = zip(before.splitlines(), after.splitlines(), strict=False)
                yield next(new.strip() for old, new in lines if old != new), after


def places(tree):
    """Yield every node below a tree as container[key]: a list's, or a field of another node."""
    for holder in ast.walk(tree):
        for field, value in ast.iter_fields(holder):
            if isinstance(value, list):
                yield from ((value, i, part) for i, part in enumerate(value))
            elif not isinstance(holder, ast.Expr):  # a docstring
                yield vars(holder), field, value


def replacements(node, key):
    """Yield what may stand in the place of a node."""
    match node:
        case ast.FunctionDef() | ast.Return() | ast.Expr(ast.Constant()) | ast.Pass():
            pass
        case ast.stmt():
            yield ast.Pass()
            if isinstance(node, ast.AugAssign):
                yield ast.Assign([node.target], node.value)
        case ast.operator() | ast.cmpop() | ast.boolop():
            yield from (kind() for kind in SWAPS.get(type(node), []))
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield from map(ast.Constant, (value + 1, value - 1))
        case ast.Constant(str(value)):
            yield ast.Constant(value + "?")
        case ast.Name(name) if name in PARTNERS:
            yield ast.Name(PARTNERS[name], node.ctx)
        case ast.Attribute(value, "T"):
            yield value
        case ast.Attribute(value, name) if name in PARTNERS:
            yield ast.Attribute(value, PARTNERS[name], node.ctx)
        case ast.UnaryOp(operand=value):
            yield value
        case ast.BinOp(left, op, right):
            yield from (left, right)
            if not isinstance(op, ast.Add | ast.Mult):
                yield ast.BinOp(right, op, left)
        case ast.IfExp(test, one, other):
            yield from (one, other, ast.IfExp(test, other, one))
        case ast.arguments(args=parts):
            for swapped in neighbours_swapped(parts):
                yield ast.arguments([], swapped, kwonlyargs=[], kw_defaults=[], defaults=[])
        case ast.Tuple(parts) | ast.List(parts):
            for swapped in neighbours_swapped(parts):
                yield type(node)(swapped, node.ctx)
        case ast.Slice(lower, upper, step):
            parts = [(None, upper, step), (lower, None, step), (lower, upper, None)]
            yield from (ast.Slice(*part) for part in parts)
            yield from (ast.Slice(moved, upper, step) for moved in moves(lower))
            yield from (ast.Slice(lower, moved, step) for moved in moves(upper))
        case ast.Call():
            yield from changed_calls(node)
    if key == "test":
        yield ast.UnaryOp(ast.Not(), node)


def changed_calls(call):
    """Yield a call with its arguments swapped, moved or left out, or without it."""
    function, arguments, keywords = call.func, call.args, call.keywords
    if getattr(function, "id", getattr(function, "attr", "")) not in SYMMETRIC:
        for swapped in neighbours_swapped(arguments):
            yield ast.Call(function, swapped, keywords)
    if len(arguments) > 1 and not isinstance(arguments[0], ast.Starred):
        yield from (ast.Call(function, arguments[:-1], keywords), arguments[0])
    for i in range(len(keywords)):
        yield ast.Call(function, arguments, keywords[:i] + keywords[i + 1 :])
    if isinstance(function, ast.Attribute) and not arguments:
        yield function.value
    if getattr(function, "id", "") == "range":
        yield ast.Call(function, [ast.Constant(1), *arguments], [])
        for i, argument in enumerate(arguments):
            for moved in moves(argument):
                yield ast.Call(function, [*arguments[:i], moved, *arguments[i + 1 :]], [])


def neighbours_swapped(parts):
    for i in range(len(parts) - 1):
        yield [*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :]]


def moves(bound):
    """A bound, one further and one less far; constants are changed anyway."""
    if bound and not isinstance(bound, ast.Constant):
        yield from (ast.BinOp(bound, op, ast.Constant(1)) for op in (ast.Add(), ast.Sub()))


def variants(value):
    """Yield other values of the same make: numbers changed, parts changed, swapped or left out."""
    match value:
        case bool() | None:
            yield 1 if value is None else not value
        case str():
            yield from ("valid", "same", "causal", f"{value}?")
        case int() | float():
            yield from (value + 1, value - 1, 2 * value, value // 2, -value, 10 * value, 0)
            yield from (value + 0.5, value * 1.001, str(value), [value, value])
        case dict():
            for key in value:
                rest = {k: v for k, v in value.items() if k != key}
                yield from (rest, *({**value, key: other} for other in variants(value[key])))
        case list() | tuple():
            yield from map(type(value), neighbours_swapped(list(value)))
            for i, part in enumerate(value):
                for other in ([], *([v] for v in variants(part))):
                    yield type(value)([*value[:i], *other, *value[i + 1 :]])
