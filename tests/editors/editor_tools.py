# SPDX-License-Identifier: Apache-2.0
"""The editor's own libraries from npm, locked in tests/editors and installed into build/editors, and a client of the
language server.

    run_node("tokens.mjs", grammar, *files)              # a script of tests/editors; gives its JSON
    with LanguageClient() as client:                     # firebreak policy lsp
        client.initialize()
        client.ask("textDocument/hover", {...})
"""
import json
import os
import pathlib
import select
import subprocess
import time

from firebreak_server import BINARY, ROOT
from node_scripts import NodeScripts

run_node = NodeScripts(pathlib.Path(__file__).resolve().parent, "editors").run


class LanguageClient:
    """Speaks to the real server, byte by byte as the protocol has it."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([BINARY, "policy", "lsp", *arguments], stdin=subprocess.PIPE, cwd=ROOT,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.set_blocking(self.process.stdin.fileno(), False)
        self.unread = b""
        self.asked = 0
        self.diagnostics = {}  # the last of each document
        self.version = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        self.process.stderr.close()

    def write(self, data):
        """All of it, reading what comes meanwhile: a server whose answers nobody takes stops reading."""
        server_in, server_out = self.process.stdin.fileno(), self.process.stdout
        while data:
            readable, writable, _ = select.select([server_out], [server_in], [], 120)
            assert readable or writable, "the server takes nothing"
            if readable:
                more = server_out.read1(65536)
                if not more:
                    return  # the server has ended; receive() says so
                self.unread += more
            if writable:
                data = data[os.write(server_in, data):]

    def send(self, message):
        body = message if isinstance(message, bytes) else json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def receive(self, seconds=120):
        """The next message, or None when the server has closed its output."""
        end = time.monotonic() + seconds
        while True:
            head, found, rest = self.unread.partition(b"\r\n\r\n")
            if found:
                length = int(head.removeprefix(b"Content-Length: "))
                if len(rest) >= length:
                    self.unread = rest[length:]
                    message = json.loads(rest[:length])
                    if message.get("method") == "textDocument/publishDiagnostics":
                        self.diagnostics[message["params"]["uri"]] = message["params"]
                    return message
            assert select.select([self.process.stdout], [], [], end - time.monotonic())[0], "the server is silent"
            more = self.process.stdout.read1(65536)
            if not more:
                return None
            self.unread += more

    def ask_all(self, requests):
        """Sends all of (method, params) in one go; gives the whole answers in the same order."""
        first = self.asked + 1
        for method, params in requests:
            self.asked += 1
            self.send({"id": self.asked, "method": method, "params": params})
        answers = {}
        while len(answers) < len(requests):
            message = self.receive()
            if message.get("id") in range(first, self.asked + 1):
                answers[message["id"]] = message
        return [answers[i] for i in range(first, self.asked + 1)]

    def ask(self, method, params=None):
        answer = self.ask_all([(method, params)])[0]
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, method, params=None):
        self.send({"method": method, "params": params})

    def initialize(self, **capabilities):
        started = self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self.tell("initialized", {})
        return started["capabilities"]

    def open(self, uri, text, language=""):
        self.version += 1
        self.diagnostics.pop(uri, None)
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": self.version,
                                                            "text": text}})

    def wait_for_diagnostics(self, uri, wanted=lambda diagnostics: True):
        while uri not in self.diagnostics or not wanted(self.diagnostics[uri]["diagnostics"]):
            assert self.receive() is not None
        return self.diagnostics[uri]["diagnostics"]
