"""An object store of one bucket on this machine, as GDAL reads S3: ranges and lists.

SPDX-License-Identifier: Apache-2.0
"""

import http.server
import pathlib
import re
import threading
import urllib.parse
from xml.sax.saxutils import escape

BUCKET = "scenes"


class Store(http.server.ThreadingHTTPServer):
    """Serves a folder under /scenes/; `asked` are the keys that were read."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = pathlib.Path("/nonexistent")
        self.asked = set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def environment(self):
        return {"AWS_S3_ENDPOINT": f"127.0.0.1:{self.server_port}", "AWS_HTTPS": "NO",
                "AWS_VIRTUAL_HOSTING": "FALSE", "AWS_NO_SIGN_REQUEST": "YES"}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        bucket, _, key = urllib.parse.unquote(url.path).lstrip("/").partition("/")
        query = dict(urllib.parse.parse_qsl(url.query))
        file = self.server.folder / key
        if bucket != BUCKET:
            self.answer(404, b"")
        elif not key:
            self.answer(200, self.listing(query.get("prefix", "")))
        elif file.is_file():
            self.server.asked.add(key)
            self.send_range(file.read_bytes())
        else:
            self.answer(404, b"")

    def listing(self, prefix):
        folder = self.server.folder / prefix
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        rows = "".join(
            f"<Contents><Key>{escape(prefix + one.name)}</Key><Size>{one.stat().st_size}</Size>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
            for one in files if one.is_file())
        return (f"<?xml version='1.0'?><ListBucketResult><Prefix>{escape(prefix)}</Prefix>"
                f"<IsTruncated>false</IsTruncated>{rows}</ListBucketResult>").encode()

    def send_range(self, data):
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not asked:
            self.answer(200, data)
            return
        first, last = int(asked[1]), min(int(asked[2]), len(data) - 1)
        if first > last:
            self.answer(416, b"")
            return
        self.answer(206, data[first:last + 1],
                    {"Content-Range": f"bytes {first}-{last}/{len(data)}"})

    def answer(self, code, body, headers=None):
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
