// Where the extension finds the command, and in which order it looks.
const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");
const { findCommand } = require("../src/server");

const NAME = process.platform === "win32" ? "chatflow.exe" : "chatflow";

/** Folders with the command in some of them. */
function laidOut(...places) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "chatflow-vscode-"));
  for (const place of places) {
    fs.mkdirSync(path.join(root, place), { recursive: true });
    fs.writeFileSync(path.join(root, place, NAME), "", { mode: 0o755 });
  }
  const find = (setting, folders = ["work"]) => {
    const found = findCommand({
      setting,
      folders: folders.map((folder) => path.join(root, folder)),
      extension: path.join(root, "extension"),
      path: [path.join(root, "empty"), path.join(root, "path")].join(path.delimiter),
    });
    return found.command ? path.relative(root, path.dirname(found.command)) : found.missing;
  };
  return { root, find };
}

test("the setting comes first, then the workspace, the extension, the path", () => {
  const all = ["set", "work/bin", "work/target/release", "work/target/debug", "extension/server", "path"];
  for (let at = 1; at < all.length; at += 1) {
    const { find } = laidOut(...all.slice(at));
    assert.strictEqual(find(""), path.normalize(all[at]));
  }
  const { root, find } = laidOut(...all);
  assert.strictEqual(find(path.join(root, "set", NAME)), "set");
});

test("a setting may be relative to a folder of the workspace", () => {
  const { find } = laidOut("other/tools");
  assert.strictEqual(find(path.join("tools", NAME), ["work", "other"]), path.normalize("other/tools"));
});

test("a setting that leads nowhere is told, and nothing else taken", () => {
  const { find } = laidOut("path");
  assert.strictEqual(find("/nowhere/chatflow"), 'chatflow.path is "/nowhere/chatflow", where there is no program');
});

test("without a command, that is told; a folder of its name is none", () => {
  const { root, find } = laidOut();
  fs.mkdirSync(path.join(root, "path", NAME), { recursive: true });
  assert.strictEqual(find(""), "The command chatflow is not installed, or not on the PATH");
});

test("a workspace that is not trusted brings no command", () => {
  const { find } = laidOut("work/bin", "path");
  assert.strictEqual(find("", []), "path");
});
