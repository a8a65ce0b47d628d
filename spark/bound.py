#!/usr/bin/env python3
"""bound.py - writes a Java class for each list of types that functions take and give.

usage: bound.py OUT < functions.json   (elcano functions --json)
SPDX-License-Identifier: Apache-2.0
"""

import json
import pathlib
import sys

TEXTS, NUMBERS = 3, 4  # as in functions.c
JAVA = {
    "geometry": "byte[]",
    "binary": "byte[]",
    "utf8": "UTF8String",
    "float64": "double",
    "int64": "long",
    "int32": "int",
    "bool": "boolean",
}
RESULTS = {
    "geometry": ("byte[]", "giveBytes"),
    "binary": ("byte[]", "giveBytes"),
    "utf8": ("UTF8String", "giveText"),
    "float64": ("Double", "giveReal"),
    "int64": ("Long", "giveLong"),
    "int32": ("Integer", "giveInt"),
    "bool": ("Boolean", "giveBool"),
    "list<int64>": ("ArrayData", "giveList"),
}
HEAD = "// Made by bound.py.\npackage org.elcano.spark;\n\n"
PASSED = {"utf8": "{}.getBytes()", "float64": "bits({})", "bool": "{} ? 1 : 0"}


def is_text(kind):
    return kind in ("geometry", "binary", "utf8")


def shapes(families):
    """(argument types, result type) with each number of arguments that may be given."""
    found = set()
    for family in families:
        for function in family["functions"]:
            kinds = [a["type"] for a in function["arguments"]]
            least = sum("default" not in a for a in function["arguments"])
            for given in range(least, len(kinds) + 1):
                found.add((tuple(kinds[:given]), function["result"]))
    return sorted(found)


def class_name(kinds, result):
    to = "".join(c for c in result.title() if c.isalnum())
    return "Bound" + "".join(k.capitalize() for k in kinds) + "To" + to


def passed(kinds, names):
    """The arguments of giveX: texts, then numbers, both filled up."""
    both = {True: [], False: []}
    for kind, name in zip(kinds, names):
        both[is_text(kind)].append(PASSED.get(kind, "{}").format(name))
    texts, numbers = both[True], both[False]
    if len(texts) > TEXTS or len(numbers) > NUMBERS:
        sys.exit(f"bound.py: ({', '.join(kinds)}) has over {TEXTS} texts or {NUMBERS} "
                 "numbers: raise both in functions.c and Bound.java, too")
    texts += ["null"] * (TEXTS - len(texts))
    return ", ".join(texts + numbers + ["0"] * (NUMBERS - len(numbers)))


def bound_class(kinds, result):
    names = [f"a{i}" for i in range(len(kinds))]
    parameters = ", ".join(f"{JAVA[k]} {n}" for k, n in zip(kinds, names))
    nulls = " || ".join(f"{n} == null" for k, n in zip(kinds, names) if is_text(k))
    java, give = RESULTS[result]
    call = f"{give}({passed(kinds, names)})"
    name = class_name(kinds, result)
    lists = "import org.apache.spark.sql.catalyst.util.ArrayData;\n\n"
    text = "import org.apache.spark.unsafe.types.UTF8String;\n\n"
    return name, (
        HEAD + (lists if result == "list<int64>" else "") +
        (text if "utf8" in (*kinds, result) else "") +
        f"public final class {name} extends Bound {{\n"
        f"  {name}(Overload overload, int given) {{\n"
        "    super(overload, given);\n  }\n\n"
        f"  public {java} invoke({parameters}) {{\n"
        f"    return {f'{nulls} ? null : ' if nulls else ''}{call};\n  }}\n}}\n")


def factory(found):
    cases = "".join(
        f'      case "{",".join(kinds)}>{result}" -> new {class_name(kinds, result)}(one, given);\n'
        for kinds, result in found)
    return (
        HEAD + "final class BoundShapes {\n  private BoundShapes() {}\n\n"
        "  static Bound of(Overload one, int given) {\n"
        "    return switch (one.shape(given)) {\n" + cases +
        "      default -> throw new IllegalStateException(\n"
        '          one.signature() + " is newer than this jar");\n    };\n  }\n}\n')


def main():
    out = pathlib.Path(sys.argv[1]) / "org/elcano/spark"
    found = shapes(json.load(sys.stdin))
    files = dict(bound_class(*shape) for shape in found)
    files["BoundShapes"] = factory(found)
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("Bound*.java"):
        if old.stem not in files:
            old.unlink()
    for name, text in files.items():
        (out / f"{name}.java").write_text(text, encoding="utf-8")


main()
