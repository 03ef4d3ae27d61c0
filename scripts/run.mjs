// One door for everything: `node scripts/run.mjs serve | dev | build | test | check | format | unit | e2e | conformance |
// content | bench | reports`. Each preparing step runs only when what it depends on has changed. Before the packages are installed
// only Node's own modules may be used, since this is what installs the others.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: Drydock needs 20.19 or later.`);
  process.exit(1);
}
process.env.NEXT_TELEMETRY_DISABLED = "1";

const [what = "serve", ...rest] = process.argv.slice(2);

// ── Running things ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Runs a command with this terminal; ends this process when it fails. */
function run(command, args, env = {}) {
  const { status, signal, error } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  if (error) console.error(`${command}: ${error.message}`);
  if (error || signal || status) process.exit(status || 1);
}

const node = (args, env) => run(process.execPath, args, env);

/** Runs Node on `args`, shows what it prints, and tells its status and its standard output. */
function watch(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
    let text = "";
    child.stdout.on("data", (data) => {
      process.stdout.write(data);
      text += data;
    });
    child.on("close", (status) => resolve({ status: status ?? 1, text }));
  });
}

// ── Doing things once ───────────────────────────────────────────────────────────────────────────────────────────────

function* files(path) {
  if (!existsSync(path)) return;
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const at = join(path, entry.name);
    if (!entry.isDirectory()) yield at;
    else if (entry.name !== "generated") yield* files(at);
  }
}

function hash(...paths) {
  const sum = createHash("sha256").update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  for (const path of paths) {
    for (const file of /\.\w+$/.test(path) ? [path] : files(path)) {
      if (existsSync(file)) sum.update(`\0${file}\0`).update(readFileSync(file));
    }
  }
  return sum.digest("hex");
}

/** Runs `step` unless `stamp` says that it ran on the same input. */
async function once(title, stamp, input, step) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === input) return;
  const started = performance.now();
  console.log(`• ${title}`);
  rmSync(stamp, { force: true });
  await step();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, input);
  console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Whether node_modules holds what the lock file says (npm writes its own list there when it has finished). */
function isInstalled() {
  if (!existsSync("node_modules/.package-lock.json")) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const there = packagesOf("node_modules/.package-lock.json");
  return Object.entries(packagesOf("package-lock.json")).every(
    ([path, { version, optional }]) => path === "" || optional || there[path]?.version === version,
  );
}

function install() {
  if (isInstalled()) return;
  console.log("• installing packages");
  run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
}

const generate = () =>
  once(
    "generating the database client",
    "lib/db/generated/.done",
    hash("package-lock.json", "prisma/schema.prisma", "scripts/db.mjs"),
    () => node(["scripts/db.mjs", "generate"]),
  );

/** The pages, for production. */
const buildPages = () =>
  once(
    "building the pages",
    ".next/.done",
    hash(
      "package-lock.json",
      "prisma/schema.prisma",
      "next.config.js",
      "tsconfig.json",
      "scripts/run.mjs",
      "app",
      "lib",
      "public",
      "server",
    ),
    async () => {
      rmSync(".next/static", { recursive: true, force: true });
      node(["node_modules/next/dist/bin/next", "build"]);
      await compress(".next/static");
    },
  );

/** Writes `X.br` beside each script and style sheet X: server/static-files.ts sends it. */
async function compress(folder) {
  const texts = [...files(folder)].filter((file) => /\.(js|css)$/.test(file));
  await Promise.all(
    texts.map(async (file) => {
      const text = readFileSync(file);
      const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
      writeFileSync(`${file}.br`, await promisify(brotliCompress)(text, { params }));
    }),
  );
}

/** The server and the grader's worker: one file each. */
const bundleServer = () =>
  once("bundling the server", ".build/.done", hash("package-lock.json", "server", "lib", "scripts/run.mjs"), async () => {
    const { build } = await import("esbuild");
    await build({
      entryPoints: { server: "server/main.ts", "grader-worker": "server/grader-worker.ts" },
      outdir: ".build",
      outExtension: { ".js": ".mjs" },
      bundle: true,
      packages: "external",
      platform: "node",
      target: "node20",
      format: "esm",
      sourcemap: true,
      logLevel: "warning",
      alias: { "@": root },
    });
  });

const migrate = (env) => node(["scripts/db.mjs", "deploy"], env);

async function prepare() {
  install();
  await generate();
}

async function build() {
  await buildPages();
  await bundleServer();
}

/** The server runs in this very process, so that a signal sent to it stops it. */
async function serve() {
  migrate();
  await import("../.build/server.mjs");
}

/** A browser that is there; else Debian's when that can be installed; else Playwright's own. */
function findBrowser() {
  const find = () =>
    process.env.CHROMIUM ??
    (process.env.PATH ?? "")
      .split(delimiter)
      .flatMap((dir) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(dir, name)))
      .find((path) => existsSync(path));
  if (find()) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("• installing Debian's Chromium for the browser tests");
    spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      stdio: "inherit",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (find()) return;
  }
  console.log("• fetching Playwright's Chromium for the browser tests");
  node(["node_modules/playwright/cli.js", "install", "chromium"]);
}

// ── The parts of `npm test` ─────────────────────────────────────────────────────────────────────────────────────────
// Each tells how many of its checks passed and failed.

const one = (status) => ({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 });
const TALLY = /^(\d+) passed, (\d+) failed\s*$/;

/** Reads the closing line `N passed, N failed` of a script of ours. */
function tallyOf({ status, text }) {
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  const found = TALLY.exec(last);
  if (!found) return { passed: 0, failed: 1 };
  const [passed, failed] = [Number(found[1]), Number(found[2])];
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

/** A script of ours, run by tsx; not there yet is said aloud and counts as nothing. */
async function script(path, args = []) {
  if (!existsSync(path)) {
    console.log(`  skipped: ${path} is not there`);
    return { passed: 0, failed: 0 };
  }
  return tallyOf(await watch(["--import", "tsx", path, ...args]));
}

async function types() {
  const all = await watch(["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"]);
  const pure = await watch(["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.pure.json"]);
  return add(one(all.status), one(pure.status));
}

const lint = async () => one((await watch(["node_modules/oxlint/bin/oxlint", "--type-aware"])).status);
const formatted = async () => one((await watch(["node_modules/@biomejs/biome/bin/biome", "format"])).status);

async function unit(args = []) {
  const report = ".build/reports/unit.json";
  rmSync(report, { force: true });
  const { status } = await watch([
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...args,
  ]);
  if (!existsSync(report)) return one(status || 1);
  const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  // A file that does not load has no tests to fail.
  const broken = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const failed = numFailedTests + broken;
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

async function e2e(args = []) {
  findBrowser();
  const report = ".build/reports/e2e.json";
  rmSync(report, { force: true });
  const { status } = await watch(["node_modules/@playwright/test/cli.js", "test", ...args], { E2E_REPORT: report });
  if (!existsSync(report)) return one(status || 1);
  const { expected, flaky, unexpected } = JSON.parse(readFileSync(report, "utf8")).stats;
  const failed = unexpected + flaky;
  return { passed: expected, failed: status !== 0 && failed === 0 ? 1 : failed };
}

const conformance = (args) => script("test/conformance/run.ts", args);
const content = (args) => script("scripts/content-check.ts", args);
const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

async function test() {
  const parts = [
    ["types", types],
    ["lint", lint],
    ["unit and property tests", unit],
    ["conformance", conformance],
    ["content", content],
    ["build", async () => (await build(), { passed: 1, failed: 0 })],
    ["end to end", e2e],
  ];
  const results = [];
  for (const [title, part] of parts) {
    console.log(`\n── ${title} ${"─".repeat(72 - title.length)}`);
    const started = performance.now();
    const result = await part([]);
    results.push({ title, ...result, seconds: (performance.now() - started) / 1000 });
  }
  console.log("");
  for (const { title, passed, failed, seconds } of results) {
    console.log(
      `${failed > 0 ? "✗" : "✓"} ${title.padEnd(26)}${String(passed).padStart(6)} passed ${String(failed).padStart(5)} failed ${seconds.toFixed(1).padStart(7)} s`,
    );
  }
  return results.reduce(add, { passed: 0, failed: 0 });
}

async function check() {
  return [await types(), await lint(), await formatted()].reduce(add);
}

// ── The door ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Prints the closing line and ends with it. */
function close({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

const commands = {
  async serve() {
    await build();
    process.env.NODE_ENV = "production";
    await serve();
  },
  async dev() {
    await bundleServer();
    process.env.NODE_ENV = "development";
    await serve();
  },
  build,
  test: async () => close(await test()),
  check: async () => close(await check()),
  format: () => node(["node_modules/@biomejs/biome/bin/biome", "format", "--write", ...rest]),
  unit: async () => close(await unit(rest)),
  async e2e() {
    await build();
    close(await e2e(rest));
  },
  conformance: async () => close(await conformance(rest)),
  content: async () => close(await content(rest)),
  reports() {
    migrate();
    node(["--import", "tsx", "scripts/reports.ts", ...rest]);
  },
  async bench() {
    if (!existsSync("test/bench/run.ts")) return console.log("skipped: test/bench/run.ts is not there");
    await build();
    node(["--expose-gc", "--import", "tsx", "test/bench/run.ts", ...rest]);
  },
};

if (!Object.hasOwn(commands, what)) {
  console.error(`unknown: ${what}\nusage: node scripts/run.mjs ${Object.keys(commands).join(" | ")}`);
  process.exit(2);
}
await prepare();
await commands[what]();
