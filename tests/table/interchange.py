# interchange.py - Elcano's tables in pyarrow and back, without a copy of our own.
# SPDX-License-Identifier: Apache-2.0
#
# interchange.py LIBELCANO   fails by an exception; run by test_pyarrow.c
import ctypes as c
import datetime
import sys

import pyarrow as pa

TYPES = ["int32", "int64", "float32", "float64", "bool", "utf8", "binary", "date32",
         "timestamp", "geometry", "floats"]
(INT32, INT64, FLOAT32, FLOAT64, BOOL, UTF8, BINARY, DATE32, TIMESTAMP, GEOMETRY,
 FLOATS) = range(11)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Column(c.Structure):
    _fields_ = [("name", c.c_char_p), ("type", c.c_int), ("unit", c.c_char_p),
                ("help", c.c_char_p)]


class String(c.Structure):
    _fields_ = [("data", c.c_void_p), ("size", c.c_size_t), ("capacity", c.c_size_t)]


class Library:
    """elc_ functions that raise their message."""

    def __init__(self, path):
        self.library = c.CDLL(path)

    def __getattr__(self, name):
        function = getattr(self.library, "elc_" + name)

        def call(*args):
            err = c.create_string_buffer(1004)
            status = function(*args, err)
            assert status == 0, (name, status, err.raw[4:].split(b"\0")[0])
        return call


def array(n=1):
    return c.create_string_buffer(80 * n)


def schema():
    return c.create_string_buffer(72)


def expected(i):
    """Row i as pyarrow gives it; every fourth one is NULL throughout."""
    if i % 4 == 0:
        return dict.fromkeys(TYPES)
    return {"int32": -i, "int64": i << 40, "float32": i / 4, "float64": i / 4,
            "bool": i % 2 == 1, "utf8": f"rów {i}", "binary": b"\0\1" * (i % 3),
            "date32": datetime.date(1970, 1, 1) + datetime.timedelta(i),
            "timestamp": EPOCH + datetime.timedelta(seconds=i), "geometry": b"wkb",
            "floats": [i / 4] * (i % 3)}


def add_row(elc, batch, i):
    row = expected(i)
    if i % 4:
        for column, value in ((INT32, -i), (INT64, i << 40), (BOOL, i % 2), (DATE32, i),
                              (TIMESTAMP, i * 10**6)):
            elc.batch_int(batch, c.c_size_t(column), c.c_int64(value))
        for column in (FLOAT32, FLOAT64):
            elc.batch_real(batch, c.c_size_t(column), c.c_double(i / 4))
        elc.batch_text(batch, c.c_size_t(UTF8), row["utf8"].encode())
        for column in (BINARY, GEOMETRY):
            value = row[TYPES[column]]
            elc.batch_bytes(batch, c.c_size_t(column), value, c.c_size_t(len(value)))
        floats = (c.c_float * 3)(*row["floats"])
        elc.batch_floats(batch, c.c_size_t(FLOATS), floats,
                         c.c_size_t(len(row["floats"])))
    elc.batch_end_row(batch)


def make_stream(elc, sizes):
    """An Arrow stream of batches of these sizes, whose rows count on."""
    columns = (Column * 11)(*[Column(n.encode(), t) for t, n in enumerate(TYPES)])
    batch, batches, stream, row = c.c_void_p(), array(len(sizes)), array(), 0
    elc.batch_create(columns, c.c_size_t(11), c.byref(batch))
    for k, size in enumerate(sizes):
        for _ in range(size):
            add_row(elc, batch, row)
            row += 1
        elc.batch_finish(batch, c.byref(batches, 80 * k))
    elc.library.elc_batch_free(batch)
    table_schema = schema()
    elc.schema_create(columns, c.c_size_t(11), None, table_schema)
    elc.stream_of_batches(table_schema, batches, c.c_size_t(len(sizes)), stream)
    return stream


def through_bytes(elc, batch):
    """A batch of pyarrow's, taken by Elcano, as bytes, and given back."""
    its_schema, its_array, view = schema(), array(), c.c_void_p()
    batch._export_to_c(c.addressof(its_array), c.addressof(its_schema))
    elc.rows_view(its_schema, its_array, c.byref(view))
    elc.library.elc_rows_free(view)
    text, own_array, own_schema = String(), array(), schema()
    elc.batch_encode(its_schema, its_array, c.byref(text))
    elc.batch_decode(its_schema, c.c_void_p(text.data), c.c_size_t(text.size), own_array)
    elc.schema_clone(its_schema, own_schema)
    elc.library.elc_string_free(c.byref(text))
    elc.library.elc_array_release(its_array)
    elc.library.elc_schema_release(its_schema)
    return pa.RecordBatch._import_from_c(c.addressof(own_array), c.addressof(own_schema))


def main(path):
    elc = Library(path)
    stream = make_stream(elc, [10, 0, 1, 70])
    table = pa.RecordBatchReader._import_from_c(c.addressof(stream)).read_all()
    table.validate(full=True)
    assert table.to_pylist() == [expected(i) for i in range(81)]
    assert table.schema.field("timestamp").type == pa.timestamp("us", "UTC")
    metadata = table.schema.field("geometry").metadata
    assert metadata[b"ARROW:extension:name"] == b"geoarrow.wkb"
    whole = table.combine_chunks().to_batches()[0]
    for start in range(0, 20, 3):
        part = whole.slice(start, 50)
        back = through_bytes(elc, part)
        back.validate(full=True)
        assert back.equals(part), start


main(sys.argv[1])
