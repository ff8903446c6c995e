// The TextMate grammar colours what the server says, over every flow of the examples; and a sample reads right.
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const { ROOT, coloured, files, loaded } = require("./textmate");
const { Server } = require("./server");

const read = (name) => fs.readFileSync(path.join(ROOT, name), "utf8");

/** The tokens of a sample under its lines, for people to read. */
function drawn(grammar, text) {
  const lines = text.split("\n");
  return coloured(grammar, text)
    .flatMap((tokens, nth) => [
      `| ${lines[nth]}`.trimEnd(),
      ...tokens
        .filter(({ start, end, scopes }) => scopes.length > 0 && lines[nth].slice(start, end).trim() !== "")
        .map(({ start, end, scopes }) => `    ${lines[nth].slice(start, end).trim()}  ${scopes.join(" ").replaceAll(".flow", "")}`),
    ])
    .join("\n");
}

test("samples are coloured as they were", async () => {
  const grammar = await loaded();
  for (const name of ["qualify_leads", "acme"]) {
    const snapshot = path.join(__dirname, "snapshots", `${name}.snap`);
    const now = drawn(grammar, read(`examples/qualify_leads/${name}.flow`));
    if (process.env.UPDATE_DOCS) fs.writeFileSync(snapshot, now);
    assert.strictEqual(now, fs.readFileSync(snapshot, "utf8"), "UPDATE_DOCS=1 writes it");
  }
});

/** The scopes that a token may have here, by what the server says it is. Only the checker tells options from locals. */
const AGREES = {
  keyword: /^(keyword|constant\.language|constant\.other\.case|support\.type\.property-name|entity\.name\.label|variable\.language)/,
  namespace: /^entity\.name\.namespace/,
  function: /^entity\.name\.function/,
  method: /^(support\.function\.action|keyword\.control)/,
  property: /^variable/,
  variable: /^(variable|constant\.other\.option|entity\.name\.type)/,
  parameter: /^(support\.type\.property-name|entity\.name\.label|keyword)/,
  event: /^entity\.name\.label/,
  enumMember: /^(constant|variable\.other)/,
  class: /^(entity\.name\.type|variable\.other|constant\.other|entity\.name\.function)/,
  type: /^support\.type/,
  operator: /^keyword\.operator/,
  string: /^(string|punctuation\.definition\.string|constant\.character)/,
  number: /^(constant\.numeric|constant\.other\.colour)/,
  comment: /^comment/,
  regexp: /^string\.regexp/,
};

test("words are coloured as what they are", { skip: !process.env.CHATFLOW && "CHATFLOW does not say where the server is" }, async () => {
  const grammar = await loaded();
  const server = new Server(process.env.CHATFLOW, path.join(ROOT, "examples"));
  const wrong = new Set();
  let count = 0;
  try {
    await server.start();
    for (const name of files("examples", ".flow")) {
      const text = read(name);
      const lines = text.split("\n");
      const colours = coloured(grammar, text);
      for (const { line, start, end, kind } of await server.tokens(path.join(ROOT, name), text)) {
        const word = lines[line].slice(start, end);
        if (word === ".") continue;
        count += 1;
        const scopes = colours[line].find((token) => token.start <= start && start < token.end)?.scopes ?? [];
        const scope = scopes.at(-1) ?? "nothing";
        if (!AGREES[kind].test(scope)) wrong.add(`${name}:${line + 1}: \`${word}\` is ${kind}, coloured as ${scope}`);
      }
    }
  } finally {
    server.stop();
  }
  assert.ok(count > 5000, `only ${count} tokens`);
  assert.deepStrictEqual([...wrong], []);
});
