# SPDX-License-Identifier: Apache-2.0
"""The syntax files of editors/vscode, with VS Code's own tokeniser over every shipped file: each word gets the scope of
what it is to the real parser, and the words of the language are the parser's own."""
import json
import re

import pytest

from editor_tools import LanguageClient, run_node
from firebreak_server import ROOT

EXTENSION = ROOT / "editors/vscode"
FOLDER = ROOT / "policies"
POLICY = EXTENSION / "syntaxes/firebreak-policy.tmLanguage.json"
VOCABULARY = EXTENSION / "syntaxes/firebreak-vocabulary.tmLanguage.json"
OFFENCES = EXTENSION / "syntaxes/firebreak-offences.tmLanguage.json"
SHIPPED = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".policy", ".vocabulary"})
# A comment; a text, on one line or more; a date, a number; a name; a sign.
TOKEN = re.compile(r'(?P<comment>#[^\n]*)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d[\d-]*)'
                   r"|(?P<word>[A-Za-z][\w-]*(?:/[A-Za-z][\w-]*)*)|(?P<sign>[(),])")


def grammar_of(name):
    return POLICY if name.endswith(".policy") else VOCABULARY


def scopes_at(lines, text, offset):
    """The scopes of the character at an offset (the tokeniser counts UTF-16)."""
    start = text.rfind("\n", 0, offset) + 1
    column = len(text[start:offset].encode("utf-16-le")) // 2
    for begin, end, scopes in lines[text.count("\n", 0, offset)]:
        if begin <= column < end:
            return scopes
    return ""


def place(text, offset):
    start = text.rfind("\n", 0, offset) + 1
    return {"line": text.count("\n", 0, offset), "character": len(text[start:offset].encode("utf-16-le")) // 2}


def names_of(client, name, text, tokens):
    """Offsets of words that are names to the parser, with where they are declared."""
    uri = (FOLDER / name).as_uri()
    client.open(uri, text)
    answers = client.ask_all([("textDocument/definition", {"textDocument": {"uri": uri}, "position": place(text, token.start())})
                              for token in tokens])
    return {token.start(): answer["result"] for token, answer in zip(tokens, answers) if answer["result"]}


@pytest.mark.parametrize("name", SHIPPED)
def test_each_word_has_the_scope_of_what_it_is(name):
    text = (FOLDER / name).read_text()
    (lines,) = run_node("tokens.mjs", grammar_of(name), FOLDER / name)
    tokens = list(TOKEN.finditer(text))
    words = [token for token in tokens if token["word"]]
    with LanguageClient() as client:
        client.initialize()
        names = names_of(client, name, text, words)
    clauses = set(re.findall(r"^clause (\S+)", text, re.M))
    wrong = []
    for before, token in zip([None, *tokens], tokens):
        scopes = scopes_at(lines, text, token.start())
        if token["comment"]:
            right = "comment" in scopes
        elif token["text"]:
            right = all("string" in scopes_at(lines, text, at) for at in range(token.start(), token.end()) if text[at] != "\n")
        elif token["number"]:
            right = "constant" in scopes
        elif token["sign"]:
            right = "string" not in scopes and "comment" not in scopes and "keyword" not in scopes
        elif before is not None and before[0] in ("policy", "vocabulary"):
            right = "entity.name" in scopes  # the name of the file itself
        elif token.start() not in names:
            right = "keyword" in scopes or "storage" in scopes
        elif token[0] in clauses and names[token.start()]["uri"].endswith(".policy"):
            right = "entity.name.tag.clause" in scopes
        else:
            right = "keyword" not in scopes and "storage" not in scopes and ("variable" in scopes or "entity" in scopes)
        if not right:
            wrong.append((place(text, token.start())["line"] + 1, token[0][:30], scopes))
    assert not wrong


def parser_words(*files):
    """What the parsers compare words with: the arguments of accept, expect, is and wants, and lists of words."""
    source = "".join((ROOT / "src/policy" / f"{file}.cc").read_text() for file in files)
    calls = re.findall(r"\b(?:accept|expect|is|wants)\(\{?((?:\"[^\"]+\"(?:, )?)+)", source)
    lists = re.findall(r"(?:sections|top_level_words|header_words) = \{([^}]*)\}|for \(const char\* \w+ : \{([^}]*)\}|"
                       r"kWords\[\] = \{(.*?)\};", source, re.S)
    texts = re.findall(r'"([^"]+)"', " ".join(calls + [part for parts in lists for part in parts]))
    return {word for text in texts for word in text.split()}


def grammar_words(grammar):
    """The words that the syntax file takes for the language's own: what its keyword patterns match with nothing after
    it looked at."""
    found = set()
    for pattern in json.loads(grammar.read_text())["patterns"]:
        if "keyword" not in json.dumps(pattern) and "storage" not in json.dumps(pattern):
            continue
        for piece in (pattern.get("match", ""), pattern.get("begin", "")):
            piece = re.sub(r"\(\?[=!].*", "", piece.removeprefix(r"(?<![\w/-])"))
            for group in re.findall(r"\((?:\?:)?([\w/|]+)\)", piece) or re.findall(r"^(\w+)$", piece):
                found |= set(group.split("|"))
    return found


COMMON = ("condition_parser",)


def test_the_words_of_a_policy_are_the_parsers_own():
    words = parser_words("policy_parser", "head_parser", "outcome_parser", "case_parser", "setting_parser", *COMMON)
    assert grammar_words(POLICY) == words | {"or", "and"}  # handed on to chain()


def test_the_words_of_a_vocabulary_are_the_parsers_own():
    words = parser_words("vocabulary_parser", *COMMON)
    assert grammar_words(VOCABULARY) == words | {"or", "and"}


def test_an_offence_list_has_its_classes_and_codes():
    file = FOLDER / "home-office-1.offences"
    text = file.read_text()
    (lines,) = run_node("tokens.mjs", OFFENCES, file)
    for token in re.finditer(r"^(\w+) \"|^(\d{3}/[\d -]+)", re.sub(r"#[^\n]*", lambda m: " " * len(m[0]), text), re.M):
        scopes = scopes_at(lines, text, token.start())
        assert ("constant.numeric" if token[2] else "keyword" if token[1] == "title" else "entity.name.type") in scopes, token[0]


def test_half_a_text_or_a_list_over_lines_keeps_its_scope(tmp_path):
    file = tmp_path / "a.policy"
    file.write_text('rule r\n  when role is x\n  refuse "one\n  when two" under P1,\n    P2 # under\n    support "a \\" b"\n')
    (lines,) = run_node("tokens.mjs", POLICY, file)
    text = file.read_text()
    assert "string" in scopes_at(lines, text, text.index("when two"))
    assert "clause" in scopes_at(lines, text, text.index("P2"))
    assert "comment" in scopes_at(lines, text, text.index("# under"))
    assert "keyword" in scopes_at(lines, text, text.index("support"))
    assert "escape" in scopes_at(lines, text, text.index('\\"'))
    assert "string" in scopes_at(lines, text, text.index(' b"'))


def test_the_manifest_names_files_that_are_there():
    manifest = json.loads((EXTENSION / "package.json").read_text())
    contributed = manifest["contributes"]
    for grammar in contributed["grammars"]:
        assert json.loads((EXTENSION / grammar["path"]).read_text())["scopeName"] == grammar["scopeName"]
    languages = {language["id"]: language for language in contributed["languages"]}
    assert {grammar["language"] for grammar in contributed["grammars"]} == set(languages)
    extensions = {extension for language in languages.values() for extension in language["extensions"]}
    assert extensions == {path.suffix for path in FOLDER.iterdir()}
    for language in languages.values():
        json.loads((EXTENSION / language["configuration"]).read_text())
    script = (EXTENSION / manifest["main"]).read_text()
    assert all(f'"{language}"' in script for language in languages)
