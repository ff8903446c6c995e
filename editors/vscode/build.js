// Bundles the extension, and brings what it packs from elsewhere in the repository: the grammar and the licences.
const fs = require("node:fs");
const path = require("node:path");
const esbuild = require("esbuild");

const here = (...names) => path.join(__dirname, ...names);
const root = (...names) => path.join(__dirname, "..", "..", ...names);

fs.mkdirSync(here("syntaxes"), { recursive: true });
fs.copyFileSync(root("grammar", "flow.tmLanguage.json"), here("syntaxes", "flow.tmLanguage.json"));
fs.writeFileSync(
  here("LICENSE.txt"),
  ["LICENSE-MIT", "LICENSE-APACHE"].map((name) => fs.readFileSync(root(name), "utf8")).join("\n\n"),
);

esbuild.buildSync({
  entryPoints: [here("src", "extension.js")],
  outfile: here("dist", "extension.js"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: true,
});
