// The packed extension in code-server and Chromium, as a person meets it: a flow opens coloured, findings are underlined, a fix mends
// one, completion offers a step, a test runs from its lens; and where the server is missing, that is said.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const HERE = import.meta.dirname;
const NODE = path.join(HERE, "node_modules", "node", "bin", "node");
const ENTRY = path.join(HERE, "node_modules", "code-server", "out", "node", "entry.js");

const FLOW = `flow shop "Shop"

step start {
  ask size: number "How many?" {
    invalid "A number, please."
  }
  if size > 10 then -> thnaks
  say "Fine, {size}."
}

step thanks {
  say "Thanks."
}

test "a few" {
  bot "How many?"
  visitor "3"
  bot "Fine, 3."
  completed
}

test "another answer" {
  bot "How much?"
}
`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "chatflow-code-"));
const at = (...names) => path.join(folder, ...names);
const settings = (more) => {
  fs.mkdirSync(at("data", "User"), { recursive: true });
  const all = {
    "chatflow.path": process.env.CHATFLOW,
    "workbench.startupEditor": "none",
    "chat.disableAIFeatures": true,
    "telemetry.telemetryLevel": "off",
    ...more,
  };
  fs.writeFileSync(at("data", "User", "settings.json"), JSON.stringify(all));
};
fs.mkdirSync(at("shop"));
fs.writeFileSync(at("shop", "chatflow.toml"), "");
fs.writeFileSync(at("shop", "shop.flow"), FLOW);
settings({});

const common = ["--extensions-dir", at("extensions"), "--user-data-dir", at("data"), "--config", at("config.yaml")];
// Its error stream tells of a logger that was not compiled.
execFileSync(NODE, [ENTRY, ...common, "--install-extension", path.join(HERE, "chatflow.vsix")], { stdio: ["ignore", "inherit", "ignore"] });

const port = await new Promise((resolve) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const off = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
const server = spawn(NODE, [ENTRY, ...common, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, ...off, at("shop")], { stdio: "ignore" });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

let page;
const step = async (what, does) => {
  const began = Date.now();
  try {
    await does();
    console.log(`ok    ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    await page?.screenshot({ path: path.join(HERE, "failed.png") });
    throw new Error(`${what}: ${error}; see failed.png`);
  }
};
const shows = (selector, options = {}) => page.locator(selector).filter(options).first().waitFor({ timeout: 60_000 });
const shot = (name) => page.screenshot({ path: path.join(HERE, `${name}.png`) });

async function open() {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  for (let tries = 0; ; tries += 1) {
    try {
      await page.goto(`http://127.0.0.1:${port}/?folder=${at("shop")}`);
      break;
    } catch (error) {
      if (tries > 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  await shows(".monaco-workbench");
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "shop.flow" }).first().dblclick({ timeout: 60_000 });
  await shows(".view-line", { hasText: "flow shop" });
}

/** The colour of a word in the editor. */
const colour = (line, word) =>
  page
    .locator(".view-line", { hasText: line })
    .first()
    .locator("span > span", { hasText: new RegExp(`^\\s*${word}\\s*$`) })
    .first()
    .evaluate((span) => getComputedStyle(span).color);

const toLine = async (line, column) => {
  await page.keyboard.press("Control+G");
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press("Enter");
  await shows(".statusbar-item", { hasText: `Ln ${line}, Col ${column}` });
};

/** Presses a key until this shows: one that comes while the editor still takes up the focus is lost. */
const pressed = async (key, selector) => {
  for (let tries = 0; tries < 20; tries += 1) {
    await page.keyboard.press(key);
    const found = page.locator(selector).first().waitFor({ timeout: 3_000 });
    if (await found.then(() => true, () => false)) return;
  }
  throw new Error(`${key} does not show ${selector}`);
};

try {
  await step("a flow opens as Flow", async () => {
    await open();
    await shows(".statusbar-item", { hasText: /^Flow$/ });
  });
  await step("words are coloured by what they are", async () => {
    const [keyword, name] = [await colour("step start", "step"), await colour("step start", "start")];
    if (keyword === name) throw new Error(`\`step\` and its name are both ${keyword}`);
  });
  await step("the status bar shows the server", () => shows(".statusbar-item", { hasText: "Chatflow" }));
  await step("a slip is underlined", () => shows(".squiggly-error"));
  await shot("opened");
  await step("a fix mends it", async () => {
    await toLine(7, 26);
    await pressed("Control+.", ".action-widget .monaco-list-row");
    await page.locator(".action-widget .monaco-list-row", { hasText: "write `thanks`" }).first().click({ timeout: 60_000 });
    await shows(".view-line", { hasText: /->\s*thanks/ });
    await page.locator(".squiggly-error").first().waitFor({ state: "detached", timeout: 60_000 });
  });
  await step("tests run from their lens", async () => {
    await page.keyboard.press("Control+S");
    await page.locator(".codelens-decoration a", { hasText: "run all tests" }).first().click({ timeout: 60_000 });
    await shows(".codicon-testing-passed-icon");
    await shows(".codicon-testing-failed-icon");
  });
  await step("what a failed test expected is shown", async () => {
    await shows(".monaco-editor .test-error-content-widget", { hasText: "How many? != How much?" });
    await shot("tested");
  });
  await step("completion offers a step", async () => {
    await toLine(8, 10);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("-> th", { delay: 60 });
    await pressed("Control+Space", ".suggest-widget.visible .monaco-list-row");
    await shows(".suggest-widget.visible .monaco-list-row", { hasText: "thanks" });
    await shot("completing");
  });
  await page.close();
  await step("a missing server is told", async () => {
    settings({ "chatflow.path": "/nowhere/chatflow" });
    await open();
    await shows(".notification-toast", { hasText: "/nowhere/chatflow" });
    await shot("missing");
  });
  console.log("fine");
} finally {
  await browser.close();
  server.kill();
}
fs.rmSync(folder, { recursive: true, force: true });
