# SPDX-License-Identifier: Apache-2.0
"""`firebreak policy lsp`, the real program: a session as an editor has it, by our own client and by VS Code's; every
shipped file opened, asked about at every token, and formatted; what it tells is what `policy check` reports."""
import json
import re

import pytest

from editor_tools import LanguageClient, run_node
from firebreak_server import BINARY, ROOT, firebreak

FOLDER = ROOT / "policies"
SHIPPED = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".policy", ".vocabulary", ".offences"})
POLICIES = [name for name in SHIPPED if name.endswith(".policy")]
TOKEN = re.compile(r'#[^\n]*|"(?:[^"\\]|\\.)*"|[A-Za-z][\w-]*(?:/[A-Za-z][\w-]*)*|[^\s]')


def uri_of(name):
    return (FOLDER / name).as_uri()


def places(text):
    """Where tokens begin, and one past them, as (line, character) in UTF-16."""
    for token in TOKEN.finditer(text):
        if token[0][0] == "#":
            continue
        for at in {token.start(), min(token.start() + 1, token.end()), token.end()}:
            line = text.count("\n", 0, at)
            before = text[text.rfind("\n", 0, at) + 1:at]
            yield token[0], {"line": line, "character": len(before.encode("utf-16-le")) // 2}


def exit_code(*messages):
    with LanguageClient() as client:
        for message in messages:
            client.send(message)
        client.process.stdin.close()
        while client.receive() is not None:
            pass
        return client.process.wait(60)


def test_the_exit_code_is_as_the_protocol_has_it():
    start = {"id": 1, "method": "initialize", "params": {"capabilities": {}}}
    shutdown = {"id": 2, "method": "shutdown"}
    leave = {"method": "exit"}
    assert exit_code(start, shutdown, leave) == 0
    assert exit_code(start, leave) == 1
    assert exit_code(leave) == 1
    assert exit_code(start, shutdown) == 1  # the client went away
    assert exit_code() == 1


def test_bytes_that_are_no_protocol_end_it_with_a_message():
    with LanguageClient() as client:
        client.write(b"GET / HTTP/1.1\r\n\r\n")
        assert client.receive() is None
        assert client.process.wait(60) == 1
        assert b"not the language server protocol" in client.process.stderr.read()


def test_a_message_that_is_too_large_is_refused_and_the_next_is_answered():
    with LanguageClient() as client:
        client.write(b"Content-Length: %d\r\n\r\n" % (80 << 20))
        for _ in range(80):
            client.write(b"[" * (1 << 20))
        assert client.receive()["error"]["code"] == -32600
        client.send(b"[" * 1_000_000)
        assert client.receive()["error"]["code"] == -32700
        assert client.initialize()["positionEncoding"] == "utf-16"


def test_a_burst_is_answered_in_order_and_what_is_cancelled_is_not():
    with LanguageClient() as client:
        client.initialize(general={"positionEncodings": ["utf-8", "utf-16"]})
        parts = [{"id": 100, "method": "textDocument/hover", "params": {}},
                 {"id": 101, "method": "no/such"},
                 {"method": "$/cancelRequest", "params": {"id": 101}},
                 {"id": 102, "method": "shutdown"}]
        bodies = [json.dumps({"jsonrpc": "2.0", **part}).encode() for part in parts]
        client.write(b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies))
        codes = {}
        while len(codes) < 3:
            message = client.receive()
            codes[message["id"]] = message.get("error", {}).get("code")
        assert codes == {100: -32602, 101: -32800, 102: None}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_token_of_a_shipped_file_is_answered_about(name):
    text = (FOLDER / name).read_text()
    where = [{"textDocument": {"uri": uri_of(name)}, "position": place, "context": {"includeDeclaration": True}}
             for _, place in places(text)]
    if name.endswith(".offences"):
        where = where[:200]
    with LanguageClient() as client:
        client.initialize()
        client.open(uri_of(name), text)
        for method in ("hover", "definition", "references", "completion"):
            # Completion reads the file once more for each place.
            some = where[::7] if method == "completion" else where
            for begin in range(0, len(some), 200):
                answers = client.ask_all([(f"textDocument/{method}", one) for one in some[begin:begin + 200]])
                assert not [answer for answer in answers if "error" in answer]
        client.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri_of(name)}})
        edits = client.ask("textDocument/formatting", {"textDocument": {"uri": uri_of(name)}, "options": {}})
        if name.endswith(".offences"):
            assert edits is None
        else:
            formatted = edits[0]["newText"] if edits else text
            assert formatted == firebreak("policy", "fmt", "--stdout", FOLDER / name).stdout
        client.ask("shutdown")
        client.tell("exit")
        assert client.process.wait(60) == 0


@pytest.mark.parametrize("name", POLICIES)
def test_a_clause_and_its_words_are_shown_and_found(name):
    text = (FOLDER / name).read_text()
    with LanguageClient() as client:
        client.initialize()
        client.open(uri_of(name), text)
        clauses = dict(re.findall(r'^clause (\S+)\s+"((?:[^"\\]|\\.)*)"', text, re.M))
        assert clauses
        for match in re.finditer(r"under (\w+)(?=\s)", re.sub(r"#.*|\"[^\"]*\"", lambda m: " " * len(m[0]), text)):
            line = text.count("\n", 0, match.start(1))
            place = {"line": line, "character": match.start(1) - text.rfind("\n", 0, match.start(1)) - 1}
            asked = {"textDocument": {"uri": uri_of(name)}, "position": place}
            before = text[text.rfind("\n", 0, match.start(1)) + 1:match.start(1)]
            asked["position"]["character"] = len(before.encode("utf-16-le")) // 2
            hover = client.ask("textDocument/hover", asked)["contents"]["value"]
            assert hover.startswith(f"{match[1]}: {clauses[match[1]]}") and "Basis: " in hover
            there = client.ask("textDocument/definition", asked)
            assert text.split("\n")[there["range"]["start"]["line"]].startswith(f"clause {match[1]} ")


@pytest.mark.parametrize("name", POLICIES)
def test_it_tells_what_check_reports(name, tmp_path):
    for shipped in SHIPPED:
        (tmp_path / shipped).write_text((FOLDER / shipped).read_text())
    path = tmp_path / name
    # A case that fails, and a rule that says nothing new.
    text = path.read_text() + '\ncase "of nothing at all"\n  given action call\n  expect permit\n'
    path.write_text(text)
    found = json.loads(firebreak("policy", "check", path, "--json", check=False).stdout)[0]["findings"]
    assert found
    with LanguageClient() as client:
        client.initialize(textDocument={"publishDiagnostics": {"relatedInformation": True}})
        client.open(path.as_uri(), text)
        told = client.wait_for_diagnostics(path.as_uri(), lambda diagnostics: len(diagnostics) == len(found))
        numbers = {"error": 1, "warning": 2, "note": 3}
        key = lambda one: (one[0], one[1], one[2])
        assert sorted([(d["range"]["start"]["line"] + 1, d["severity"], d["message"].split("\nClauses: ")[0]) for d in told], key=key) == \
            sorted([(max(f["line"], 1), numbers[f["severity"]], f["message"]) for f in found], key=key)


def test_faults_are_told_at_once_and_gone_when_mended():
    name = "npcc-2018.policy"
    text = (FOLDER / name).read_text()
    with LanguageClient() as client:
        client.initialize()
        client.open(uri_of(name), text.replace("role includes", "rolle includes", 1))
        told = client.wait_for_diagnostics(uri_of(name))
        assert "Did you mean `role`?" in told[0]["message"]
        actions = client.ask("textDocument/codeAction", {"textDocument": {"uri": uri_of(name)}, "range": told[0]["range"],
                                                         "context": {"diagnostics": told}})
        edit = actions[0]["edit"]["changes"][uri_of(name)][0]
        assert edit["newText"] == "role"
        client.tell("textDocument/didChange", {"textDocument": {"uri": uri_of(name), "version": 7},
                                               "contentChanges": [{"range": edit["range"], "text": "role"}]})
        client.wait_for_diagnostics(uri_of(name), lambda diagnostics: "rolle" not in str(diagnostics))
        assert client.diagnostics[uri_of(name)]["version"] == 7


def test_it_answers_while_a_policy_is_checked():
    name = "psni-service-instruction.policy"
    text = (FOLDER / name).read_text()
    with LanguageClient() as client:
        client.initialize()
        client.open(uri_of(name), text)
        for version in range(2, 40):
            client.tell("textDocument/didChange", {"textDocument": {"uri": uri_of(name), "version": version},
                                                   "contentChanges": [{"text": text + "#" * version}]})
            assert client.ask("textDocument/hover", {"textDocument": {"uri": uri_of(name)},
                                                     "position": {"line": 0, "character": 0}}) is None
        client.ask("shutdown")


def test_vs_codes_own_client_is_content():
    file = FOLDER / "psni-service-instruction.policy"
    answered = run_node("client.mjs", BINARY, file)
    assert answered["code"] == 0
    assert answered["hover"]["contents"]["value"].startswith("F14: ")
    assert answered["definition"]["uri"] == file.as_uri()
    assert {"P1", "victims-first"} <= {symbol["name"] for symbol in answered["symbols"]}
    assert {"P1", "P16"} <= {item["label"] for item in answered["completion"]}
    assert isinstance(answered["edits"], list)


def test_wrong_use_and_help():
    assert firebreak("policy", "lsp", "extra", check=False, stdin="").returncode != 0
    assert "language server" in firebreak("policy", "lsp", "--help").stdout
