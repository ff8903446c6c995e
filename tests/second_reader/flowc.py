"""A second reader of compiled flows, written from docs/reference/bytecode.md alone.

It shares no code with the runtime: what it reads right, another team could.
"""

import re
from dataclasses import dataclass, field

import xxhash

NAMES = {1: "strings", 2: "header", 3: "settings", 4: "options", 5: "properties", 6: "facts", 7: "constants", 8: "texts", 9: "patterns", 10: "objects", 11: "steps", 12: "places", 13: "rules", 14: "code"}
TYPES = ["text", "number", "bool", "date", "datetime", "duration", "email", "phone", "url", "one of", "many of"]


class Refused(Exception):
    """The bytes are no program of the format."""


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def bytes(self, count):
        if self.at + count > len(self.data):
            raise Refused("the bytes end too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def u8(self):
        return self.bytes(1)[0]

    def flag(self):
        value = self.u8()
        if value > 1:
            raise Refused("a flag is 0 or 1")
        return value == 1

    def id(self, length=8):
        return int.from_bytes(self.bytes(length), "little")

    def varint(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                if byte == 0 and shift > 7:
                    raise Refused("a varint is longer than needed")
                return value

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def optional(self):
        value = self.varint()
        return value - 1 if value else None

    def list(self, entry):
        count = self.varint()
        if count > len(self.data) - self.at:
            raise Refused("a list is longer than its bytes")
        return [entry() for _ in range(count)]

    def decimal(self):
        scale, low, high = self.u8(), self.varint(), self.varint()
        digits = high << 64 | low
        return (-digits if scale & 0x80 else digits), scale & 0x7F

    def range(self, end):
        """A code range: how far from the end of the one before, and its length."""
        start = end + self.zigzag()
        return start, start + self.zigzag()

    def done(self):
        if self.at != len(self.data):
            raise Refused(f"{len(self.data) - self.at} bytes are left over")


@dataclass
class Program:
    version: str = ""
    hash: int = 0
    sections: list = field(default_factory=list)
    strings: list = field(default_factory=list)
    header: dict = field(default_factory=dict)
    settings: list = field(default_factory=list)
    properties: list = field(default_factory=list)
    facts: list = field(default_factory=list)
    constants: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    objects: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    places: list = field(default_factory=list)
    fragments: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    translations: list = field(default_factory=list)
    instructions: list = field(default_factory=list)


def type_of(reader):
    kind = reader.u8()
    if kind >= len(TYPES):
        raise Refused(f"no type has the number {kind}")
    return (TYPES[kind], reader.varint()) if kind >= 9 else (TYPES[kind], None)


def strings_of(reader):
    lengths = reader.list(reader.varint)
    strings = [reader.bytes(length).decode() for length in lengths]
    reader.done()
    return strings


def header_of(reader, text):
    hours = lambda: (reader.u8(), reader.varint(), reader.varint(), text(reader.varint()))
    header = dict(
        name=text(reader.varint()),
        title=text(reader.varint()),
        was=reader.list(lambda: text(reader.varint())),
        channels=reader.u8(),
        languages=reader.list(lambda: text(reader.varint())),
        priority=reader.zigzag(),
        inboxes=reader.list(lambda: (text(reader.varint()), reader.list(hours))),
        inbox=reader.optional(),
        welcome=reader.optional(),
        outdated=reader.optional(),
        stack=reader.varint(),
        longest=reader.varint(),
    )
    reader.done()
    return header


def setting_of(reader, text):
    number, kind = reader.u8(), reader.u8()
    word = lambda: text(reader.varint())
    kinds = [word, word, lambda: (word(), word()), reader.zigzag, reader.varint, lambda: None, reader.zigzag, reader.u8]
    return number, kinds[kind]()


def value_of(reader, text):
    def words():
        at = reader.optional()
        return text(at) if at is not None else reader.bytes(reader.varint()).decode()

    kind = reader.u8()
    return [words, reader.decimal, lambda: False, lambda: True, reader.zigzag, reader.zigzag, reader.zigzag, words, lambda: reader.list(words)][kind]()


def template_of(reader, text):
    """How many holes a text has, and its pieces."""

    def form_of_plural():
        category = reader.u8()
        return category if category < 6 else reader.decimal(), reader.list(piece)

    def form_of_selection():
        name = reader.optional()
        return None if name is None else text(name), reader.list(piece)

    def piece():
        number = reader.varint()
        index, kind = number >> 2, number & 3
        return [lambda: text(index), lambda: index, lambda: (index, reader.list(form_of_plural)), lambda: (index, reader.list(form_of_selection))][kind]()

    return reader.varint(), reader.list(piece)


def lines_of(reader, text):
    """The source, and for each run of instructions the address where it begins and its line."""
    source, at, line, lines = text(reader.varint()), 0, 0, []
    reader.list(lambda: (reader.varint(), text(reader.varint())))
    for _ in range(reader.varint()):
        at, line = at + reader.zigzag(), line + reader.zigzag()
        lines.append((at, line))
    reader.done()
    return source, lines


def translation_of(reader):
    number = reader.varint()
    lengths = reader.list(reader.varint)
    strings = [reader.bytes(length).decode() for length in lengths]
    text = lambda at: strings[at]
    word = lambda: text(reader.varint())
    translation = dict(
        language=number,
        texts=reader.list(lambda: (reader.varint(), template_of(reader, text))),
        replies=reader.list(lambda: (reader.varint(), reader.varint(), word())),
        options=reader.list(lambda: (reader.varint(), reader.varint(), word())),
        settings=reader.list(lambda: (reader.u8(), word())),
        built_in=reader.list(lambda: (reader.u8(), word())),
        objects=reader.list(lambda: (reader.varint(), word())),
    )
    reader.done()
    return translation


def arm(reader):
    value = reader.varint()
    if value == 0:
        return "next"
    return f"step {value >> 1}" if value & 1 else f"at {(value - 2) >> 1}"


def handed_over(reader, text):
    kind = reader.u8()
    if kind == 0:
        return "value", type_of(reader)
    if kind == 1:
        piece = lambda: text(reader.varint()) if reader.u8() == 0 else type_of(reader)
        return "text", reader.list(piece)
    return "secret", reader.varint()


def place_of(reader, text):
    place = dict(id=reader.id(), step=reader.varint(), next=reader.varint(), keeps=reader.list(reader.varint))
    place["timeout"] = (reader.zigzag(), arm(reader)) if reader.flag() else None
    place["kind"] = kind = reader.u8()
    if kind == 0:
        reply = lambda: (reader.id(4), text(reader.varint()), reader.optional(), arm(reader))
        place.update(target=reader.optional(), type=type_of(reader), replies=reader.list(reply))
        place["otherwise"] = arm(reader) if reader.flag() else None
        place["invalid"] = reader.optional()
        place["attempts"] = (reader.varint(), arm(reader)) if reader.flag() else None
    elif kind in (1, 4):
        place.update(action=reader.u8(), object=reader.varint(), arguments=reader.list(reader.u8))
        place["outcomes"] = reader.list(lambda: (reader.u8(), arm(reader)))
        place["deadline"] = reader.zigzag() if reader.flag() else None
        if kind == 4:
            place["given"] = reader.list(lambda: (reader.u8(), text(reader.varint()), handed_over(reader, text)))
            place["saved"] = reader.list(lambda: (text(reader.varint()), reader.varint()))
            if reader.flag():
                place["leads"] = reader.list(lambda: (text(reader.varint()), arm(reader)))
                place["again"] = reader.optional()
    elif kind == 2:
        place["time"] = reader.zigzag()
    elif kind == 3:
        place["runs"] = reader.varint()
    else:
        raise Refused(f"nothing is waited for by the number {kind}")
    return place


def code_of(reader, operations):
    """The instructions: a byte and at most one operand, an index or the distance of a jump."""
    instructions = []
    while reader.at < len(reader.data):
        at, byte = reader.at, reader.u8()
        if byte not in operations:
            raise Refused(f"no instruction is {byte:#04x}")
        name, operand = operations[byte]
        value = {"": lambda: None, "u8": reader.u8, "varint": reader.varint, "distance": lambda: reader.id(2)}[operand]()
        instructions.append((at, name, reader.at + value if operand == "distance" else value))
    return instructions


def operations(page):
    """The instructions by their bytes, from the table of the page."""
    rows = re.findall(r"^\| `([0-9a-f]{2})` \| `(\w+)` \| ([^|]*) ?\|", page, re.MULTILINE)
    return {int(byte, 16): (name, operand.split(",")[0].strip()) for byte, name, operand in rows}


def facts_with_operands(page):
    """The numbers of the facts that have a name or a thing behind them."""
    row = re.search(r"^\| facts \| (.*) \|$", page, re.MULTILINE).group(1)
    return {int(number) for number in re.findall(r"(\d+) `[^`]*` with its", row)}


def read(data, page):
    reader, program = Reader(data), Program()
    if reader.bytes(4) != b"FLWC":
        raise Refused("it does not begin with FLWC")
    major, minor = reader.u8(), reader.u8()
    program.version, program.hash = f"{major}.{minor}", reader.id()
    sections, every, hashed, further = {}, [], b"", b""
    for _ in range(reader.u8()):
        begin, number = reader.at, reader.u8()
        body = reader.bytes(reader.varint())
        whole = data[begin : reader.at]
        hashed += whole if number < 0x80 else b""
        further += whole if number == 129 else b""
        if number < 0x80 and number not in NAMES:
            raise Refused(f"no section has the number {number}")
        sections.setdefault(number, body)
        every.append((number, body))
        program.sections.append((NAMES.get(number, "debug" if number == 128 else "translations"), len(body)))
    reader.done()
    if xxhash.xxh3_64_intdigest(hashed + further) != program.hash:
        raise Refused("the hash is another one")
    of = lambda number: Reader(sections[number])
    program.strings = strings_of(of(1))
    text = lambda number: program.strings[number]
    program.header = header_of(of(2), text)
    named, with_operand = (lambda of: text(of.varint())), facts_with_operands(page)

    def whole(number, entry):
        """All of a section, entry by entry."""
        section = of(number)
        entries = section.list(lambda: entry(section))
        section.done()
        return entries

    reader = of(3)
    program.settings = reader.list(lambda: setting_of(reader, text)), reader.list(lambda: (reader.u8(), named(reader)))
    reader.done()
    whole(4, lambda of: of.list(lambda: (named(of), named(of), named(of))))
    scopes = ["contact", "company", "local"]
    program.properties = whole(5, lambda of: (named(of), of.list(lambda: named(of)), type_of(of)[0], scopes[of.u8()]))
    program.facts = whole(6, lambda of: (lambda number: (number, of.varint() if number in with_operand else None))(of.u8()))
    program.constants = whole(7, lambda of: value_of(of, text))
    program.texts = whole(8, lambda of: template_of(of, text))
    whole(9, lambda of: (of.u8(), named(of)))
    program.objects = whole(10, lambda of: (of.u8(), named(of), named(of), of.optional(), of.list(lambda: named(of))))
    reader, end = of(11), 0
    for _ in range(reader.varint()):
        name, was = text(reader.varint()), reader.list(lambda: text(reader.varint()))
        start, end = reader.range(end)
        program.steps.append((name, was, start, end))
    reader.done()
    reader = of(12)
    program.places = reader.list(lambda: place_of(reader, text))
    reader.done()
    reader, end = of(13), 0
    for _ in range(reader.varint()):
        start, end = reader.range(end)
        program.fragments.append((start, end))
    for _ in ("show when", "hide when"):
        reader.list(reader.varint)
    reader.list(lambda: (reader.varint(), arm(reader)))
    reader.done()
    if 128 in sections:
        reader = of(128)
        program.lines = lines_of(reader, text)
    program.translations = [translation_of(Reader(body)) for number, body in every if number == 129]
    program.instructions = code_of(of(14), operations(page))
    return program
