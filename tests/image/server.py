"""server.py - serve a folder over HTTP, and its folder `bucket` as S3 does.

usage: server.py FOLDER

/closed/ is a bucket that nobody may read, and of an object whose name has `cut` in it
half is sent. A listing has one entry a page, so that a reader must ask again.
"""
# SPDX-License-Identifier: Apache-2.0

import http.server
import os
import sys
from functools import partial
from urllib.parse import parse_qs, urlsplit

DENIED = ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>"
          "<Message>Access Denied</Message></Error>")


def entries(root, prefix):
    """Keys of files and prefixes of folders right below a prefix, sorted."""
    folder = os.path.join(root, "bucket", prefix)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        below = os.path.isdir(os.path.join(folder, name))
        yield prefix + name + ("/" if below else ""), below


def listing(root, query):
    prefix = query.get("prefix", [""])[0]
    marker = query.get("marker", [""])[0]
    left = [entry for entry in entries(root, prefix) if entry[0] > marker]
    text = "<?xml version=\"1.0\"?><ListBucketResult><Name>bucket</Name>"
    text += f"<Prefix>{prefix}</Prefix><IsTruncated>{str(len(left) > 1).lower()}</IsTruncated>"
    for key, below in left[:1]:
        text += f"<NextMarker>{key}</NextMarker>"
        if below:
            text += f"<CommonPrefixes><Prefix>{key}</Prefix></CommonPrefixes>"
        else:
            size = os.path.getsize(os.path.join(root, "bucket", key))
            text += (f"<Contents><Key>{key}</Key><Size>{size}</Size>"
                     "<LastModified>2024-06-01T12:00:00.000Z</LastModified></Contents>")
    return text + "</ListBucketResult>"


class Handler(http.server.SimpleHTTPRequestHandler):
    def answer(self, code, text):
        self.send_response(code)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(text.encode())

    def send_half(self, path):
        with open(path, "rb") as file:
            data = file.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[:len(data) // 2])
        self.close_connection = True

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path.startswith("/closed"):
            self.answer(403, DENIED)
        elif address.path == "/bucket/":
            self.answer(200, listing(self.directory, parse_qs(address.query)))
        elif "cut" in address.path:
            self.send_half(self.directory + address.path)
        elif self.command == "GET":
            super().do_GET()
        else:
            super().do_HEAD()

    do_HEAD = do_GET


http.server.test(partial(Handler, directory=sys.argv[1]), http.server.ThreadingHTTPServer,
                 port=0, bind="127.0.0.1")
