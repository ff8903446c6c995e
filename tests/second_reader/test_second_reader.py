"""What docs/reference/bytecode.md says is enough to read every program that there was."""

import os
import pathlib
import re
import subprocess

import flowc
import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CHATFLOW = os.environ.get("CHATFLOW", str(REPOSITORY / "target" / "debug" / "chatflow"))
PAGE = (REPOSITORY / "docs" / "reference" / "bytecode.md").read_text()
PROGRAMS = sorted((REPOSITORY / "tests" / "golden").glob("*/*.flowc"))


def inspected(path):
    done = subprocess.run([CHATFLOW, "inspect", path], capture_output=True, text=True, check=True)
    return done.stdout


def compiled(tmp_path):
    subprocess.run([CHATFLOW, "build", REPOSITORY / "tests" / "conversations", "--output", tmp_path / "out"], capture_output=True, check=True)
    return sorted((tmp_path / "out").glob("*.flowc"))


def compare(path):
    program, told = flowc.read(path.read_bytes(), PAGE), inspected(path)
    said = lambda name: re.search(rf"^  {name} +(.*)$", told, re.MULTILINE).group(1)
    assert told.splitlines()[0].startswith(f"flow {program.header['name']} ")
    assert said("format") == program.version
    assert said("content hash") == f"{program.hash:016x}"
    assert said("languages") == ", ".join(program.header["languages"])
    assert said("priority") == str(program.header["priority"])
    assert said("stack").split()[0] == str(program.header["stack"])
    assert said("longest run").split()[0] == str(program.header["longest"])
    sections = re.search(r"^sections\n((?:  .*\n)+)", told, re.MULTILINE).group(1)
    assert [(name, int(size)) for name, size in re.findall(r"^  (\S+).*? (\d+)$", sections, re.MULTILINE)] == program.sections
    assert f"\n{len(program.strings)} string" in told
    places = re.findall(r"^  ([0-9a-f]{16}) .* in (\S+)", told, re.MULTILINE)
    assert places == [(f"{place['id']:016x}", program.steps[place["step"]][0]) for place in program.places]
    told_code = re.findall(r"^  (\d{4,})  (\w+)", told, re.MULTILINE)
    assert sorted((int(at), name) for at, name in told_code) == [(at, name) for at, name, _ in program.instructions]
    starts = {at for at, _, _ in program.instructions}
    jumps = [to for _, name, to in program.instructions if name in ("Jump", "JumpUnless", "UnlessKnown")]
    assert set(jumps) <= starts
    assert {start for _, _, start, end in program.steps if start < end} <= starts
    return program


def test_there_are_programs():
    assert len(PROGRAMS) >= 16


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_of_before(path):
    compare(path)


def test_programs_of_today(tmp_path):
    kinds = set()
    for path in compiled(tmp_path):
        kinds |= {place["kind"] for place in compare(path).places}
    assert kinds == {0, 1, 2, 3, 4}


def test_a_byte_that_was_changed_is_noticed():
    data = bytearray(PROGRAMS[0].read_bytes())
    data[-20] ^= 1
    with pytest.raises(flowc.Refused):
        flowc.read(bytes(data), PAGE)
