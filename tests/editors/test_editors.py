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


def test_neovim(tmp_path):
    nvim = pathlib.Path(sys.executable).with_name("nvim")
    options = ["--headless", "-u", "NONE", "-i", "NONE", "-n", "--cmd", f"set runtimepath^={REPOSITORY / 'editors' / 'neovim'}", "--cmd", "filetype plugin on"]
    run(tmp_path, [nvim, *options, "-c", f"luafile {HERE / 'neovim.lua'}", "-c", "cquit 1"])


OLD = shutil.which("nvim", path="/usr/bin")


@pytest.mark.skipif(not OLD, reason="the system has no Neovim")
def test_old_neovim(tmp_path):
    run(tmp_path, [OLD, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {HERE / 'neovim_old.lua'}", "-c", "cquit 1"])


@pytest.mark.skipif(not shutil.which("emacs"), reason="Emacs is not installed")
def test_emacs(tmp_path):
    run(tmp_path, ["emacs", "--batch", "-l", str(HERE / "eglot.el")])
