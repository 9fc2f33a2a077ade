# SPDX-License-Identifier: Apache-2.0
"""`policy render` on every policy that is shipped: a page that stands alone and that a screen reader can walk,
and the same as Markdown. Texts of a policy never become part of either."""
import html.parser
import json
import re
import shutil

import pytest

from firebreak_server import ROOT, firebreak

PACKS = sorted(path.stem for path in (ROOT / "policies").glob("*.policy"))
VOID = {"meta", "br", "link", "img", "input", "hr"}
HOSTILE = """<script>alert(1)</script> \\"><img src=x onerror=alert(2)> ' & {{TITLE}} ]]> </style> """ \
    """[a](javascript:alert(3)) `b` **c** | d # e <!-- {{%AUTOESCAPE}}"""


class Page(html.parser.HTMLParser):
    """What a test asks of a page: its elements, that each is closed, ids, links, headings, text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.words = [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module", params=PACKS)
def pack(request):
    view = json.loads(firebreak("policy", "check", request.param, "--json", check=False).stdout)[0]
    return request.param, view, firebreak("policy", "render", request.param).stdout


def test_the_page_stands_alone(pack):
    page = Page(pack[2])
    for tag, attributes in page.elements:
        assert tag not in {"script", "link", "img", "iframe", "object", "form"}
        for name in attributes:
            assert name not in {"src", "style"} and not name.startswith("on")
        if "href" in attributes:
            assert attributes["href"].startswith("#")
    assert "url(" not in pack[2] and "@import" not in pack[2]


def test_the_page_can_be_walked(pack):
    page = Page(pack[2])
    assert page.all("html") == [{"lang": "en-GB"}]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    for landmark in ("main", "header", "nav", "footer"):
        assert len(page.all(landmark)) == 1
    assert page.all("th") and all(th.get("scope") in {"col", "row"} for th in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        if "href" in attributes:
            assert attributes["href"][1:] in ids
        for word in attributes.get("aria-labelledby", "").split():
            assert word in ids
    assert all(name in {tag for tag, _ in page.elements} for name in ("svg", "title", "desc"))


def test_the_page_holds_the_whole_policy(pack):
    name, report, text = pack
    page = Page(text)
    assert report["digest"] in page.words
    assert len(re.findall(r"It speaks of [\d,]+ situations", page.words)) == report["asserts"]["of"]
    assert page.words.count("and holds in all of them") == report["asserts"]["proved"]
    source = (ROOT / "policies" / f"{name}.policy").read_text()
    for clause, words in re.findall(r'^clause (\w+) "([^"]*)"', source, re.M):
        assert f"Clause {clause}" in page.words
        assert words in page.words
    for case in re.findall(r'^case "([^"]*)"', source, re.M):
        assert case in page.words
    for reason in re.findall(r'refuse "([^"]*)"', source):
        assert reason in page.words
    assert len(page.all("div")) > report["rules"]
    assert len([a for a in page.all("div") if a.get("class") == "rule"]) == report["rules"]


def test_no_word_of_the_language_is_left_for_a_reader(pack):
    words = Page(pack[2]).words
    for code in ("includes any of", "under P1", "sign_off", "immigration_enforcement", "is not_", "_of:"):
        assert code not in words


def test_the_decision_table_answers_in_every_row_and_the_picture_is_small(pack):
    table = pack[2].split('id="table"')[1].split("</table>")[0]
    answers = re.findall(r"<td><strong>([^<]*)</strong></td>", table)
    assert 2 <= len(answers) == table.count("<tr>") - 1
    assert set(answers) <= {"Refused", "Silent (refused)", "After a sign-off", "At discretion", "Allowed"}
    assert [int(n) for n in re.findall(r'class="place">(\d+)<', table)] == list(range(1, len(answers) + 1))
    assert pack[2].count("<rect") <= 150


@pytest.mark.parametrize("name", PACKS)
def test_markdown_says_the_same(name):
    text = firebreak("policy", "render", name, "--format", "markdown").stdout
    view = json.loads(firebreak("policy", "check", name, "--json", check=False).stdout)[0]
    assert text.count("\n#### ") == view["rules"]
    assert text.count("\n### Clause ") == view["clauses"]
    assert text.count("**Proved.**") == view["asserts"]["proved"]
    assert text.startswith("# ")


def hostile_policy(tmp_path):
    words = (ROOT / "policies/disclosure-1.vocabulary").read_text()
    (tmp_path / "disclosure-1.vocabulary").write_text(
        words.replace('"Immigration Enforcement (Home Office)"', f'"{HOSTILE}"').replace('"Victim"', f'"{HOSTILE}"'))
    path = tmp_path / "hostile.policy"
    path.write_text(f'''policy hostile version 1
  title "{HOSTILE}"
  issued by "{HOSTILE}"
  uses vocabulary disclosure 1
  default refuse "{HOSTILE}" under C1
    support "{HOSTILE}"
clause C1 "{HOSTILE}"
  source "{HOSTILE}"
  basis inferred
rule r
  when recipient is immigration_enforcement and role includes victim
  refuse "{HOSTILE}" under C1
    support "{HOSTILE}"
assert "{HOSTILE}"
  always refuse when recipient is immigration_enforcement
assert "{HOSTILE} fails"
  always permit when role includes victim
case "{HOSTILE}"
  given recipient immigration_enforcement, role victim
  expect refuse
''')
    return path


def test_hostile_texts_stay_texts_on_the_page(tmp_path):
    text = firebreak("policy", "render", hostile_policy(tmp_path)).stdout
    page = Page(text)
    assert not page.all("script") and not page.all("img")
    assert "{{TITLE}}" in page.words
    shown = HOSTILE.replace('\\"', '"')
    assert page.words.count(re.sub(r"\s+$", "", shown)) >= 12


def test_hostile_texts_stay_texts_in_markdown(tmp_path):
    text = firebreak("policy", "render", hostile_policy(tmp_path), "--format", "markdown").stdout
    assert "<" not in text and ">" not in text
    assert not re.search(r"(?<!\\)[\[\]`]", text)
    assert "\\*\\*c\\*\\*" in text
    for row in (line for line in text.split("\n") if line.startswith("|")):
        assert len(re.findall(r"(?<!\\)\|", row)) in {3, 4}


def test_output_and_json(tmp_path):
    target = tmp_path / "page.html"
    done = firebreak("policy", "render", "full-firewall", "--output", target)
    assert done.stdout == f"{target}\n"
    assert target.read_text() == firebreak("policy", "render", "full-firewall").stdout
    answer = json.loads(firebreak("policy", "render", "full-firewall", "--format", "markdown", "--json").stdout)
    assert answer["policy"] == "full-firewall" and answer["text"].startswith("# ")
    assert answer["digest"].startswith("sha256:")


def test_wrong_use(tmp_path):
    assert firebreak("policy", "render", "no-such-policy", check=False).returncode == 4
    assert firebreak("policy", "render", "full-firewall", "--format", "pdf", check=False).returncode != 0
    assert "page" in firebreak("policy", "render", "--help").stdout
    faulty = tmp_path / "a.policy"
    shutil.copy(ROOT / "policies/disclosure-1.vocabulary", tmp_path)
    faulty.write_text("policy a version 1\n  uses vocabulary disclosure 1\n  default refuse\n")
    assert firebreak("policy", "render", faulty, check=False).returncode == 2
