// The test explorer: a file of flows with its tests. The server's lenses say which there are, `chatflow test` what comes of them.
const { spawn } = require("node:child_process");
const path = require("node:path");
const vscode = require("vscode");

class Tests {
  /** @param {{ client?: any, command: () => any, output: vscode.LogOutputChannel }} extension */
  constructor(extension) {
    this.extension = extension;
    this.controller = vscode.tests.createTestController("chatflow", "Chatflow");
    this.controller.resolveHandler = (item) => (item ? this.discover(item.uri) : this.discoverAll());
    this.controller.refreshHandler = () => this.discoverAll();
    this.profile = this.controller.createRunProfile(
      "Run",
      vscode.TestRunProfileKind.Run,
      (request, token) => this.run(request, token),
      true,
    );
    this.watching = [
      vscode.workspace.onDidSaveTextDocument((document) => this.discover(document.uri)),
      vscode.workspace.onDidOpenTextDocument((document) => this.discover(document.uri)),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        for (const uri of files) this.controller.items.delete(uri.toString());
      }),
    ];
  }

  dispose() {
    for (const one of this.watching) one.dispose();
    this.controller.dispose();
  }

  async discoverAll() {
    const files = await vscode.workspace.findFiles("**/*.flow", "**/{node_modules,target}/**");
    for (const uri of files) await this.discover(uri);
  }

  /** The tests of a file, by the server's lenses. */
  async discover(uri) {
    const { client } = this.extension;
    if (!client?.isRunning() || !uri?.path.endsWith(".flow")) return;
    // The server knows what is open, and what is beside it.
    if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) {
      await vscode.workspace.openTextDocument(uri);
    }
    const params = { textDocument: { uri: client.code2ProtocolConverter.asUri(uri) } };
    const lenses = (await client.sendRequest("textDocument/codeLens", params)) ?? [];
    const tests = lenses.filter(({ command }) => command?.command === "chatflow.runTest" && command.arguments[1]);
    if (tests.length === 0) return this.controller.items.delete(uri.toString());
    const label = vscode.workspace.asRelativePath(uri);
    const file = this.controller.items.get(uri.toString()) ?? this.controller.createTestItem(uri.toString(), label, uri);
    file.canResolveChildren = true;
    file.children.replace(
      tests.map(({ command, range }) => {
        const name = command.arguments[1];
        const test = this.controller.createTestItem(`${uri}#${name}`, name, uri);
        test.range = client.protocol2CodeConverter.asRange(range);
        return test;
      }),
    );
    this.controller.items.add(file);
  }

  /** Runs the tests of a file, or the one of this name. */
  async runFile(uri, name) {
    if (!uri) return;
    await this.discover(uri);
    const file = this.controller.items.get(uri.toString());
    const item = name === undefined ? file : file?.children.get(`${uri}#${name}`);
    if (!item) return;
    await vscode.commands.executeCommand("testing.showMostRecentOutput").then(undefined, () => undefined);
    await this.run(new vscode.TestRunRequest([item], undefined, this.profile));
  }

  /** @param {vscode.TestRunRequest} request */
  async run(request, token) {
    await vscode.workspace.saveAll(false);
    const run = this.controller.createTestRun(request);
    const wanted = request.include ?? [...this.controller.items].map(([, item]) => item);
    for (const item of wanted) {
      if (token?.isCancellationRequested) break;
      const tests = (item.children.size > 0 ? [...item.children].map(([, test]) => test) : [item]).filter(
        (test) => !request.exclude?.includes(test) && !request.exclude?.includes(item),
      );
      await this.runTests(run, item, tests, token);
    }
    run.end();
  }

  /** Runs the tests of one file: all, or the one that is asked for. */
  async runTests(run, item, tests, token) {
    const waiting = new Map(tests.map((test) => [test.label, test]));
    for (const test of tests) run.started(test);
    const filter = item.children.size === 0 ? ["--filter", item.label] : [];
    const began = Date.now();
    const { lines, errors } = await this.chatflow(["test", item.uri.fsPath, "--message-format", "json", ...filter], item.uri, token);
    for (const line of lines.filter((line) => line.type === "test")) {
      const test = waiting.get(line.name);
      if (!test) continue;
      waiting.delete(line.name);
      run.appendOutput(`${line.passed ? "passed" : "FAILED"}  ${line.name}\r\n`, undefined, test);
      if (line.passed) run.passed(test, Date.now() - began);
      else run.failed(test, this.message(test, line.failure), Date.now() - began);
    }
    // What is left was not run: the flow has errors, or the command could not be started.
    for (const test of waiting.values()) {
      run.errored(test, new vscode.TestMessage(errors.trim() || "This test was not run."));
    }
  }

  /** Why a test failed, with what was expected beside what came. */
  message(test, failure) {
    const bubble = ({ text, replies }) => (replies ? `${text}  [${replies.join(" | ")}]` : text);
    const side = (other) => failure.changes.filter(({ change }) => change !== other).map(bubble).join("\n");
    const message =
      failure.changes.length > 0
        ? vscode.TestMessage.diff(failure.message, side("extra"), side("missing"))
        : new vscode.TestMessage(
            [failure.message, failure.source, ...failure.known].filter(Boolean).join("\n"),
          );
    if (failure.line) message.location = new vscode.Location(test.uri, new vscode.Position(failure.line - 1, 0));
    return message;
  }

  /** Runs the command beside a file; the JSON objects that it prints, and its errors. */
  chatflow(words, uri, token) {
    const found = this.extension.command();
    if (!("command" in found)) return Promise.resolve({ lines: [], errors: found.missing });
    this.extension.output.info([found.command, ...words].join(" "));
    return new Promise((resolve) => {
      const child = spawn(found.command, words, { cwd: path.dirname(uri.fsPath) });
      let [printed, errors] = ["", ""];
      child.stdout.on("data", (text) => (printed += text));
      child.stderr.on("data", (text) => (errors += text));
      token?.onCancellationRequested(() => child.kill());
      child.on("error", (error) => resolve({ lines: [], errors: String(error) }));
      child.on("close", () => {
        const lines = printed.split("\n").filter((line) => line.startsWith("{"));
        resolve({ lines: lines.map((line) => JSON.parse(line)), errors: `${errors}${lines.length ? "" : printed}` });
      });
    });
  }
}

module.exports = { Tests };
