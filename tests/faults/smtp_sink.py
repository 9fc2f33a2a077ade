# SPDX-License-Identifier: Apache-2.0
"""A relay for fault tests: takes mail on loopback, keeps the Message-ID of every message whose end of data it has
read, and can hold back its answer, so that a kill can fall between the two.

    with SmtpSink(hold=lambda: 0.02) as sink:
        ... sink.url ...
        sink.accepted       # Message-IDs in the order in which their end of data was read
"""
import re
import socketserver
import threading
import time


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self._say("220 sink.example ESMTP")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"EHLO":
                    self._say("250 sink.example")
                elif verb == b"DATA":
                    self._say("354 go on")
                    self._take()
                elif verb == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")
        except OSError:
            pass  # the client was killed: that is what these tests do

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def _take(self):
        data = b""
        while not data.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                return  # cut off before the end of data: nothing was accepted
            data += line
        found = re.search(rb"^Message-ID:\s*<([^>]+)>", data, re.I | re.M)
        with self.server.lock:
            self.server.accepted.append(found[1].decode() if found else None)
        time.sleep(self.server.hold())
        self._say("250 2.0.0 queued as SINK1")


class SmtpSink:
    def __init__(self, hold=lambda: 0.0):
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session, bind_and_activate=True)
        self.server.daemon_threads = True
        self.server.hold = hold
        self.server.lock = threading.Lock()
        self.server.accepted = []
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server.server_address[1]}"

    @property
    def accepted(self):
        with self.server.lock:
            return list(self.server.accepted)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
