"""The built server in real editors, without a screen."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from test_server import CHATFLOW, REPOSITORY, TWO

HERE = pathlib.Path(__file__).resolve().parent


def run(tmp_path, command):
    for name, text in TWO.items():
        if name != "other.flow":
            (tmp_path / name).write_text(text)
    env = dict(os.environ, FOLDER=str(tmp_path), CHATFLOW=CHATFLOW, HOME=str(tmp_path))
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "fine" in done.stdout, done.stdout + done.stderr


def neovim(tmp_path, script, *folders):
    nvim = pathlib.Path(sys.executable).with_name("nvim")
    path = ",".join(map(str, [REPOSITORY / "editors" / "neovim", *folders]))
    options = ["--headless", "-u", "NONE", "-i", "NONE", "-n", "--cmd", f"set runtimepath^={path}", "--cmd", "filetype plugin on"]
    run(tmp_path, [nvim, *options, "-c", f"luafile {HERE / script}", "-c", "cquit 1"])


def test_neovim(tmp_path):
    neovim(tmp_path, "neovim.lua")


COLOURS = r"""flow shop "Shop"

channel website

step test {                                   // why
  ask contact.email "Your address?" {
    skip when contact.email is known
    attempts 3 -> talk
  }
  if name matches /^a/ or name is known then end
  hand off to team sales { unavailable -> talk }
  say "Hi {name or "you"}\n"
}
"""


def test_neovim_colours(tmp_path):
    source = REPOSITORY / "grammar" / "tree-sitter-flow" / "src"
    (tmp_path / "parser").mkdir()
    compiler = ["cc", "-O1", "-shared", "-fPIC", "-w", f"-I{source}", source / "parser.c", source / "scanner.c"]
    subprocess.run([*compiler, "-o", tmp_path / "parser" / "flow.so"], check=True)
    (tmp_path / "colours.flow").write_text(COLOURS)
    neovim(tmp_path, "colours.lua", tmp_path)


OLD = shutil.which("nvim", path="/usr/bin")


@pytest.mark.skipif(not OLD, reason="the system has no Neovim")
def test_old_neovim(tmp_path):
    run(tmp_path, [OLD, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {HERE / 'neovim_old.lua'}", "-c", "cquit 1"])


@pytest.mark.skipif(not shutil.which("emacs"), reason="Emacs is not installed")
def test_emacs(tmp_path):
    run(tmp_path, ["emacs", "--batch", "-l", str(HERE / "eglot.el")])
