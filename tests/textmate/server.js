// The language server's semantic tokens: what each word is, by the one who knows.
const { spawn } = require("node:child_process");
const { pathToFileURL } = require("node:url");

class Server {
  constructor(command, folder) {
    this.child = spawn(command, ["lsp"], { stdio: ["pipe", "pipe", "ignore"] });
    this.waiting = new Map();
    this.last = 0;
    let bytes = Buffer.alloc(0);
    this.child.stdout.on("data", (more) => {
      bytes = Buffer.concat([bytes, more]);
      for (;;) {
        const head = bytes.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/Content-Length: (\d+)/i.exec(bytes.subarray(0, head).toString())[1]);
        if (bytes.length < head + 4 + length) return;
        const message = JSON.parse(bytes.subarray(head + 4, head + 4 + length));
        bytes = bytes.subarray(head + 4 + length);
        if (message.method && message.id !== undefined) this.send({ id: message.id, result: null });
        else this.waiting.get(message.id)?.(message);
      }
    });
    this.folder = folder;
  }

  send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  request(method, params) {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
      this.send({ id, method, params });
    });
  }

  async start() {
    const uri = pathToFileURL(this.folder).href;
    const { capabilities } = await this.request("initialize", {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "p" }],
      capabilities: {
        textDocument: {
          semanticTokens: { requests: { full: true }, formats: ["relative"], tokenTypes: [], tokenModifiers: [] },
        },
      },
    });
    this.types = capabilities.semanticTokensProvider.legend.tokenTypes;
    this.send({ method: "initialized", params: {} });
  }

  /** The tokens of a file: line, start and length in UTF-16, and what it is. */
  async tokens(file, text) {
    const uri = pathToFileURL(file).href;
    this.send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "flow", version: 1, text } } });
    const { data } = await this.request("textDocument/semanticTokens/full", { textDocument: { uri } });
    const found = [];
    let [line, start] = [0, 0];
    for (let at = 0; at < data.length; at += 5) {
      start = data[at] > 0 ? data[at + 1] : start + data[at + 1];
      line += data[at];
      found.push({ line, start, end: start + data[at + 2], kind: this.types[data[at + 3]] });
    }
    return found;
  }

  stop() {
    this.child.kill();
  }
}

module.exports = { Server };
