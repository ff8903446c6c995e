// Where the command `chatflow` is.
const fs = require("node:fs");
const path = require("node:path");

const NAME = process.platform === "win32" ? "chatflow.exe" : "chatflow";

/** Where a workspace may have its own: put there by hand, or built from the sources. */
const IN_WORKSPACE = ["bin", path.join("target", "release"), path.join("target", "debug")];

function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Finds the command: the setting, the workspace's own, the one that came with the extension, the one on the PATH. A setting that
 * leads nowhere is told, and not passed over.
 *
 * @param {{ setting: string, folders: string[], extension: string, path: string }} places
 * @returns {{ command: string } | { missing: string }}
 */
function findCommand({ setting, folders, extension, path: searched }) {
  if (setting !== "") {
    const candidates = path.isAbsolute(setting) ? [setting] : folders.map((folder) => path.join(folder, setting));
    const command = candidates.find(isProgram);
    return command ? { command } : { missing: `chatflow.path is "${setting}", where there is no program` };
  }
  const own = folders.flatMap((folder) => IN_WORKSPACE.map((within) => path.join(folder, within, NAME)));
  const bundled = path.join(extension, "server", NAME);
  const installed = searched.split(path.delimiter).filter(Boolean).map((folder) => path.join(folder, NAME));
  const command = [...own, bundled, ...installed].find(isProgram);
  return command ? { command } : { missing: "The command chatflow is not installed, or not on the PATH" };
}

module.exports = { findCommand };
