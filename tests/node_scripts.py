# SPDX-License-Identifier: Apache-2.0
"""Runs a script of a test folder with what its package-lock.json names, installed from npm into build/.

    SCRIPTS = NodeScripts(HERE, "editors")               # tests/editors, installed into build/editors
    answer = SCRIPTS.run("tokens.mjs", grammar, *files)  # what the script prints, as JSON
"""
import json
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


class NodeScripts:
    def __init__(self, folder, name):
        self.folder = folder
        self.build = ROOT / "build" / name

    def install(self):
        """What the lock file names; quick when it is there."""
        self.build.mkdir(parents=True, exist_ok=True)
        stamp = self.build / ".installed"
        lock = (self.folder / "package-lock.json").read_text()
        if not stamp.exists() or stamp.read_text() != lock:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(self.folder / name, self.build / name)
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], cwd=self.build,
                           check=True, timeout=600, stdin=subprocess.DEVNULL)
            stamp.write_text(lock)

    def run(self, script, *arguments, stdin="", timeout=300):
        self.install()
        shutil.copy(self.folder / script, self.build / script)
        done = subprocess.run(["node", self.build / script, *map(str, arguments)], capture_output=True, text=True,
                              timeout=timeout, input=stdin)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
