"""onnx_writer.py - write ONNX networks with the standard library alone.

A Graph collects nodes, constants, inputs and outputs, and saves them as a ModelProto.
Field numbers are those of onnx.proto (https://github.com/onnx/onnx, version 1.17).
"""
# SPDX-License-Identifier: Apache-2.0

import os
import struct
import sys
from array import array

FLOAT, UINT8, INT64, BOOL = 1, 2, 7, 9
_CODES = {FLOAT: "f", UINT8: "B", INT64: "q"}


def _varint(value):
    value &= (1 << 64) - 1  # negative numbers are written as 64 bits
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _bytes(field, value):
    if isinstance(value, str):
        value = value.encode("utf-8")
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _float(field, value):
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def _attribute(name, value):
    body = _bytes(1, name)
    if isinstance(value, bool):
        raise TypeError("give an attribute as 0 or 1")
    if isinstance(value, float):
        body += _float(2, value) + _number(20, 1)
    elif isinstance(value, int):
        body += _number(3, value) + _number(20, 2)
    elif isinstance(value, str):
        body += _bytes(4, value) + _number(20, 3)
    else:
        body += b"".join(_number(8, item) for item in value) + _number(20, 7)
    return body


def _tensor(name, kind, dims, values):
    data = array(_CODES[kind], values)
    count = 1
    for size in dims:
        count *= size
    if len(data) != count:
        raise ValueError(f"{name}: {len(data)} values for dimensions {list(dims)}")
    if sys.byteorder == "big":
        data.byteswap()
    head = b"".join(_number(1, size) for size in dims) + _number(2, kind)
    return head + _bytes(8, name) + _bytes(9, data.tobytes())


def _value_info(name, kind, dims):
    shape = b"".join(
        _bytes(1, _bytes(2, size) if isinstance(size, str) else _number(1, size))
        for size in dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, shape)))


class Graph:
    """A network under construction; values are known by their names."""

    def __init__(self, name, opset=13):
        self.name, self.opset = name, opset
        self._nodes, self._tensors = [], []
        self._inputs, self._outputs = [], []
        self._constants, self._count = {}, 0

    def _fresh(self, stem):
        self._count += 1
        return f"{stem}_{self._count}"

    def input(self, name, kind, dims):
        """dims: whole numbers, or names for what may differ from call to call."""
        self._inputs.append(_value_info(name, kind, dims))
        return name

    def output(self, name, kind, dims):
        self._outputs.append(_value_info(name, kind, dims))

    def add(self, op, *inputs, out=None, outputs=1, **attributes):
        """Adds a node; gives the name of its output, or a tuple of several."""
        names = [out] if out else [self._fresh(op) for _ in range(outputs)]
        body = b"".join(_bytes(1, item) for item in inputs)
        body += b"".join(_bytes(2, item) for item in names)
        body += _bytes(3, self._fresh("node")) + _bytes(4, op)
        body += b"".join(_bytes(5, _attribute(key, value))
                         for key, value in attributes.items())
        self._nodes.append(body)
        return names[0] if len(names) == 1 else tuple(names)

    def tensor(self, kind, dims, values):
        """A constant; values are flat, and equal small ones are stored once."""
        values = list(values) if len(dims) < 2 else values
        key = (kind, tuple(dims), tuple(values)) if len(dims) < 2 else None
        if key is not None and key in self._constants:
            return self._constants[key]
        name = self._fresh("constant")
        self._tensors.append(_tensor(name, kind, dims, values))
        if key is not None:
            self._constants[key] = name
        return name

    def ints(self, *values):
        """A list of whole numbers, as axes and shapes are given."""
        return self.tensor(INT64, [len(values)], values)

    def int(self, value):
        return self.tensor(INT64, [], [value])

    def float(self, value):
        return self.tensor(FLOAT, [], [value])

    def save(self, path, metadata):
        """Writes the network; it appears under its name only when it is whole."""
        graph = b"".join(_bytes(1, node) for node in self._nodes) + _bytes(2, self.name)
        graph += b"".join(_bytes(5, item) for item in self._tensors)
        graph += b"".join(_bytes(11, item) for item in self._inputs)
        graph += b"".join(_bytes(12, item) for item in self._outputs)
        model = _number(1, 8) + _bytes(2, "elcano") + _bytes(7, graph)
        model += _bytes(8, _bytes(1, "") + _number(2, self.opset))
        for key, value in metadata.items():
            model += _bytes(14, _bytes(1, key) + _bytes(2, value))
        with open(path + ".part", "wb") as file:
            file.write(model)
        os.replace(path + ".part", path)
