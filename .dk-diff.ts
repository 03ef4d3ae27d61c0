import http from "node:http";
import { spawnSync, spawn } from "node:child_process";
import { unlinkSync, existsSync, readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { answer } from "/tmp/dk/canned.ts";
import { programs } from "@/lib/sim/programs/docker";
const SOCK = "/tmp/dk/root/var/run/docker.sock";
const log = [];
const norm = (method, target, body) => { const u = new URL("http://x" + target); u.searchParams.sort(); return `${method} ${u.pathname}${u.search}` + (body ? " " + canonical(body) : ""); };
const canonical = (t) => { try { return JSON.stringify(sortKeys(JSON.parse(t))); } catch { return t; } };
const empty = (v) => v === null || v === '' || v === 0 || v === false || (typeof v === 'object' && Object.keys(v).length === 0);
const sortKeys = (v) => Array.isArray(v) ? v.map(sortKeys) : v && typeof v === "object" ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sortKeys(v[k])]).filter(([, x]) => process.env.STRICT || !empty(x))) : v;
const server = http.createServer((req, res) => {
  let body = ""; req.on("data", (d) => (body += d)); req.on("end", () => {
    log.push(norm(req.method, req.url, body));
    const a = answer(req.method, req.url, body);
    const headers = { ...a.headers, "Api-Version": "1.51" };
    res.writeHead(a.status, headers); res.end(a.raw ?? a.body ?? "");
  });
});
server.on("upgrade", (req, socket, head) => {
  let body = head; const want = Number(req.headers["content-length"] ?? 0); socket.on("error", () => {});
  const go = () => { const text = body.subarray(0, want).toString(); log.push(norm(req.method, req.url, text)); const a = answer(req.method, req.url, text);
    if (a.raw) { socket.write("HTTP/1.1 101 UPGRADED\r\nContent-Type: " + a.headers["Content-Type"] + "\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"); setTimeout(() => { socket.write(a.raw); socket.end(); }, 60); }
    else { const b = Buffer.from(a.body ?? ""); const hs = Object.entries(a.headers).filter(([k]) => k !== "Content-Length").map(([k, v]) => k + ": " + v + "\r\n").join(""); socket.end("HTTP/1.1 " + a.status + " X\r\n" + hs + "Content-Length: " + b.length + "\r\nConnection: close\r\n\r\n" + b); } };
  if (body.length >= want) go(); else socket.on("data", (d) => { body = Buffer.concat([body, d]); if (body.length >= want) go(); });
});
function ours(argv, opts) {
  const requests = []; let out = "", err = "";
  const env = new Map(Object.entries({ PATH: "/usr/bin", HOME: "/root", ...opts.env }));
  const files = "/tmp/dk/root";
  const service = { *call(r) {
    requests.push(norm(r.method, r.target, r.body));
    const a = answer(r.method, r.target, r.body);
    let body = { kind: "text", text: a.body ?? "" };
    if (a.frames) { const f = [...a.frames]; body = { kind: "upgrade", *read() { const x = f.shift(); return x && { stream: x[0] === 1 ? "stdout" : "stderr", text: x[1] }; }, write() {}, closeWrite() {}, cancel() {} }; }
    else if (a.chunks) { const c = [a.body]; body = { kind: "chunks", *read() { return c.shift(); }, cancel() {} }; }
    return { status: a.status, headers: a.headers, body };
  } };
  let input = opts.stdin ?? "";
  const sys = { argv: ["docker", ...argv], env, cwd: "/", get now() { return 0; }, dateMs: Date.now(), random: undefined,
    catchSignals() {}, takeSignal() {}, *write(fd, t) { if (fd === 1) out += t; else err += t; return { ok: true, value: undefined }; },
    *read() { const t = input; input = ""; return { ok: true, value: t }; }, tty() {}, stat(p) { return existsSync(files + p) ? { ok: true, value: {} } : { ok: false, error: "ENOENT" }; },
    readdir() { return { ok: false, error: "ENOENT" }; }, readFile(p) { try { return { ok: true, value: readFileSync(files + (p.startsWith("/") ? p : "/" + p), "utf8") }; } catch (e) { return { ok: false, error: e.code }; } },
    writeFile(p, t) { writeFileSync(files + (p.startsWith("/") ? p : "/" + p), t); return { ok: true, value: undefined }; }, unlink(p) { unlinkSync(files + (p.startsWith("/") ? p : "/" + p)); return { ok: true }; },
    *sleep() { return { kind: "timeout" }; }, connectUnix(p) { return p === "/var/run/docker.sock" && !opts.noDaemon ? { ok: true, value: service } : { ok: false, error: "ENOENT" }; } };
  const g = programs.get("docker/docker")(sys); let status;
  for (let s = g.next(); ; s = g.next({ kind: "ready" })) { if (s.done) { status = s.value; break; } }
  return { out, err, status, requests };
}
function real(argv, opts) {
  return new Promise((resolve) => {
    log.length = 0;
    const env = { PATH: "/usr/bin", HOME: "/root", ...opts.env };
    const p = spawn("/usr/sbin/chroot", ["/tmp/dk/root", "docker", ...argv], { env });
    let out = "", err = ""; p.stdout.on("data", (d) => (out += d)); p.stderr.on("data", (d) => (err += d));
    p.stdin.on("error", () => {}); p.stdin.end(opts.stdin ?? "");
    p.on("close", (status) => resolve({ out, err, status, requests: [...log] }));
  });
}
const { cases } = await import(process.env.CASES ?? "/tmp/dk/cases.ts");
if (existsSync(SOCK)) unlinkSync(SOCK);
await new Promise((r) => server.listen(SOCK, r));
let good = 0, bad = 0;
const recorded = [];
const drop = new Set(["HEAD /_ping"]);
const clean = (t) => t.replaceAll("28.5.2+dfsg4", "28.5.2");
for (const c of cases) {
  const argv = Array.isArray(c) ? c : c.argv; const opts = Array.isArray(c) ? {} : c;
  if (opts.noDaemon) await new Promise((r) => { server.close(r); server.closeAllConnections(); });
  if (opts.before) opts.before();
  const a = await real(argv, opts);
  if (opts.before) opts.before();
  let b; try { b = ours(argv, opts); } catch (e) { b = { out: "", err: "CRASH " + e.stack, status: -1, requests: [] }; }
  if (opts.noDaemon) await new Promise((r) => server.listen(SOCK, r));
  const par = ["stop","kill","rm","pause","unpause"].includes(argv[0]); const srt = (x) => par ? [...x].sort() : x; const ra = srt(a.requests.filter((x) => !drop.has(x))).join("\n"), rb = srt(b.requests.filter((x) => !drop.has(x))).join("\n");
  const same = clean(a.out) === b.out && clean(a.err) === b.err && a.status === b.status && ra === rb;
  recorded.push({ argv, env: opts.env, stdin: opts.stdin, noDaemon: opts.noDaemon, out: clean(a.out), err: clean(a.err), status: a.status, requests: a.requests.filter((x) => !drop.has(x)) });
  if (same) good++;
  else {
    bad++;
    console.log("=== docker " + argv.map((x) => JSON.stringify(x)).join(" "));
    const show = (n, x, y) => { if (x !== y) { console.log(` ${n} real: ${JSON.stringify(x).slice(Number(process.env.FROM ?? 0), Number(process.env.FROM ?? 0)+900)}`); console.log(` ${n} ours: ${JSON.stringify(y).slice(Number(process.env.FROM ?? 0), Number(process.env.FROM ?? 0)+900)}`); } };
    show("out", clean(a.out), b.out); show("err", clean(a.err), b.err); show("status", a.status, b.status);
    if (ra !== rb) { const x = ra.split("\n"), y = rb.split("\n"); for (let i = 0; i < Math.max(x.length, y.length); i++) if (x[i] !== y[i]) { 
      let k = 0; while (x[i] && y[i] && x[i][k] === y[i][k]) k++; console.log(` req real: ...${x[i]?.slice(Math.max(0, k - 60), k + 200)}\n req ours: ...${y[i]?.slice(Math.max(0, k - 60), k + 200)}`); break; } }
  }
}
console.log(good, "same", bad, "differ");
if (process.env.RECORD) writeFileSync(process.env.RECORD, JSON.stringify(recorded, null, 1));
server.close(); process.exit(0);
