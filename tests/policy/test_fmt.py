# SPDX-License-Identifier: Apache-2.0
"""`policy fmt` on copies of every policy and vocabulary that is shipped: the words stay, and with them the
digest; formatting twice is formatting once; comments are kept, in order."""
import json
import random
import re
import shutil

import pytest

from firebreak_server import ROOT, firebreak

SHIPPED = sorted(path.name for path in (ROOT / "policies").iterdir() if path.suffix in {".policy", ".vocabulary"})
POLICIES = [name for name in SHIPPED if name.endswith(".policy")]
COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|(#[^\n]*)')


@pytest.fixture
def folder(tmp_path):
    for name in SHIPPED:
        shutil.copy(ROOT / "policies" / name, tmp_path / name)
    return tmp_path


def digest(path):
    return json.loads(firebreak("policy", "check", path, "--json", check=False).stdout)[0]["digest"]


def comments(text):
    return [match[1].rstrip() for match in COMMENT.finditer(text) if match[1]]


def with_noise(text, seed):
    """The same words with other blanks, and with comments between and behind the lines."""
    draw = random.Random(seed)
    out = []
    quoted = False
    for number, line in enumerate(text.split("\n")):
        inside = quoted
        quoted ^= len(re.findall(r'(?<!\\)"', COMMENT.sub(lambda m: "" if m[1] else m[0], line))) % 2 == 1
        if not inside and draw.random() < 0.2:
            out.extend([" " * draw.randrange(9) + f"# between, {number}", ""][:draw.randrange(1, 3)])
        if not quoted and not COMMENT.sub(lambda m: "#" if m[1] else "", line).count("#") and draw.random() < 0.2:
            line += " " * draw.randrange(4) + f"# behind, {number}"
        out.append(line)
    return "\n".join(out)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_keeps_its_words_and_has_one_form(folder, name):
    path = folder / name
    policy = path if name in POLICIES else folder / "full-firewall.policy"
    before = path.read_text()
    words = digest(policy)
    firebreak("policy", "fmt", path)
    once = path.read_text()
    assert digest(policy) == words
    assert comments(once) == comments(before)
    assert firebreak("policy", "fmt", path, "--check").stdout == ""
    assert path.read_text() == once


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("seed", range(3))
def test_comments_anywhere_are_kept(folder, name, seed):
    path = folder / name
    policy = path if name in POLICIES else folder / "full-firewall.policy"
    words = digest(policy)
    path.write_text(with_noise(path.read_text(), seed))
    noisy = path.read_text()
    assert digest(policy) == words
    once = firebreak("policy", "fmt", path, "--stdout").stdout
    assert path.read_text() == noisy
    assert comments(once) == comments(noisy)
    path.write_text(once)
    assert digest(policy) == words
    assert firebreak("policy", "fmt", path, "--stdout").stdout == once


@pytest.mark.parametrize("name", SHIPPED)
def test_only_texts_and_comments_are_longer_than_100_columns(name):
    for line in firebreak("policy", "fmt", ROOT / "policies" / name, "--stdout").stdout.split("\n"):
        assert len(re.sub(r'"[^"]*"', '""', line)) <= 100 or line.lstrip().startswith("#")


def test_check_names_what_differs_and_writes_nothing(folder):
    path = folder / "npcc-2018.policy"
    firebreak("policy", "fmt", path)
    path.write_text(path.read_text().replace("\n\nrule", "\n\n\n\nrule"))
    messy = path.read_text()
    done = firebreak("policy", "fmt", "--check", path, check=False)
    assert done.returncode == 1
    assert str(path) in done.stdout
    assert path.read_text() == messy
    as_json = firebreak("policy", "fmt", "--check", path, "--json", check=False)
    assert as_json.returncode == 1
    assert json.loads(as_json.stdout) == [{"file": str(path), "changed": True}]
    assert firebreak("policy", "fmt", path).stdout == f"{path}\n"
    assert firebreak("policy", "fmt", path).stdout == ""


def test_a_file_with_faults_is_left_alone_and_so_are_the_others(folder):
    faulty = folder / "npcc-2018.policy"
    faulty.write_text(faulty.read_text().replace("role includes", "rolle includes", 1))
    before = faulty.read_text()
    other = folder / "full-firewall.policy"
    other.write_text(other.read_text() + "\n\n\n# the end\n")
    other_before = other.read_text()
    done = firebreak("policy", "fmt", other, faulty, check=False)
    assert done.returncode == 2
    assert "rolle" in done.stderr and "Did you mean `role`?" in done.stderr
    assert faulty.read_text() == before
    assert other.read_text() == other_before


def test_wrong_use(folder):
    assert firebreak("policy", "fmt", check=False).returncode != 0
    assert firebreak("policy", "fmt", folder / "none.policy", check=False).returncode == 4
    both = firebreak("policy", "fmt", "--check", "--stdout", folder / "full-firewall.policy", check=False)
    assert both.returncode != 0
    assert "canonical form" in firebreak("policy", "fmt", "--help").stdout


def test_the_mode_of_a_file_stays(folder):
    path = folder / "full-firewall.policy"
    path.write_text(path.read_text() + "\n\n# the end\n\n\n\n")
    path.chmod(0o640)
    firebreak("policy", "fmt", path)
    assert path.stat().st_mode & 0o777 == 0o640
