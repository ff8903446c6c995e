// Chatflow in VS Code: starts the language server, shows how it is, and runs tests.
const vscode = require("vscode");
const { LanguageClient, State, TransportKind } = require("vscode-languageclient/node");
const { findCommand } = require("./server");
const { Tests } = require("./tests");

const INSTALL = "https://github.com/OWNER/chatflow#readme";

/** @type {Extension | undefined} */
let extension;

class Extension {
  /** @param {vscode.ExtensionContext} context */
  constructor(context) {
    this.context = context;
    this.output = vscode.window.createOutputChannel("Chatflow", { log: true });
    this.status = vscode.window.createStatusBarItem("chatflow", vscode.StatusBarAlignment.Right, 100);
    this.status.name = "Chatflow";
    this.status.command = "chatflow.showOutput";
    this.tests = new Tests(this);
    const command = (name, run) => vscode.commands.registerCommand(name, run);
    context.subscriptions.push(
      this.output,
      this.status,
      this.tests,
      command("chatflow.restart", () => this.restart()),
      command("chatflow.showOutput", () => this.output.show()),
      command("chatflow.runTests", () => this.tests.runFile(vscode.window.activeTextEditor?.document.uri)),
      command("chatflow.runTest", (uri, name) => this.tests.runFile(vscode.Uri.parse(uri), name)),
      command("chatflow.showReferences", (uri, position, locations) => this.showReferences(uri, position, locations)),
      vscode.window.onDidChangeActiveTextEditor(() => this.showStatus()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("chatflow.path")) void this.restart();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.restart()),
    );
  }

  /** The command, or why there is none. */
  command() {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
    return findCommand({
      setting: vscode.workspace.getConfiguration("chatflow").get("path", ""),
      folders: vscode.workspace.isTrusted ? folders.map((folder) => folder.uri.fsPath) : [],
      extension: this.context.extensionPath,
      path: process.env.PATH ?? "",
    });
  }

  async start() {
    const found = this.command();
    if (!("command" in found)) {
      this.say("error", found.missing);
      void this.explain(found.missing);
      return;
    }
    this.say("sync~spin", `starting ${found.command}`);
    const server = { command: found.command, args: ["lsp"], transport: TransportKind.stdio };
    this.client = new LanguageClient("chatflow", "Chatflow", server, {
      documentSelector: [{ scheme: "file", language: "flow" }, { scheme: "untitled", language: "flow" }],
      outputChannel: this.output,
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/{*.flow,*.po,chatflow.toml}") },
    });
    this.client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) this.say("check", found.command);
      if (newState === State.Stopped) this.say("error", "the language server has stopped");
    });
    try {
      await this.client.start();
      await this.tests.discoverAll();
    } catch (error) {
      this.say("error", String(error));
      void this.explain(`The language server ${found.command} could not be started: ${error}`);
    }
  }

  async restart() {
    const { client } = this;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.output.warn(`The server did not stop by itself: ${error}`);
    }
    await this.start();
  }

  /** Says what is wrong, and offers what helps. */
  async explain(message) {
    const [settings, install] = ["Open Settings", "How to Install"];
    const chosen = await vscode.window.showErrorMessage(`${message}.`, settings, install);
    if (chosen === settings) await vscode.commands.executeCommand("workbench.action.openSettings", "chatflow.path");
    if (chosen === install) await vscode.env.openExternal(vscode.Uri.parse(INSTALL));
  }

  say(icon, tooltip) {
    this.status.text = `$(${icon}) Chatflow`;
    this.status.tooltip = tooltip;
    this.status.backgroundColor =
      icon === "error" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.showStatus();
  }

  /** The state is of use only beside a flow. */
  showStatus() {
    if (vscode.window.activeTextEditor?.document.languageId === "flow") this.status.show();
    else this.status.hide();
  }

  async showReferences(uri, position, locations) {
    const convert = this.client?.protocol2CodeConverter;
    if (!convert) return;
    const places = locations.map((location) => convert.asLocation(location));
    const [at, of] = [convert.asPosition(position), vscode.Uri.parse(uri)];
    await vscode.commands.executeCommand("editor.action.showReferences", of, at, places);
  }
}

exports.activate = async (context) => {
  extension = new Extension(context);
  await extension.start();
};

exports.deactivate = async () => {
  await extension?.client?.dispose();
};
