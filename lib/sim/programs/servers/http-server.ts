/** HTTP/1.1 on the server's side (RFC 9112): requests in, responses out, connections kept alive. */

import type { Routine } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { utf8Length } from "@/lib/sim/net/length";
import type { NetSys, TcpConnection } from "@/lib/sim/kernel";
import { type Header, headerOf } from "../http/client";

export type HttpRequest = {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly version: string;
  readonly headers: readonly Header[];
  readonly body: string;
};

export type HttpAnswer = { readonly status: number; readonly reason: string; readonly headers: readonly Header[]; readonly body: string };

export type HttpHandler = (sys: NetSys, request: HttpRequest, connection: TcpConnection) => HttpAnswer;

const IDLE = seconds(65);
/** Requests larger than this are cut off, as servers do. */
const LARGEST_HEAD = 8192;

/** Serves one connection to its end. `answered` is called after each answer (access logs). */
export function* serveHttp(
  sys: NetSys,
  connection: TcpConnection,
  handler: HttpHandler,
  answered: (request: HttpRequest, answer: HttpAnswer) => Routine<void>,
): Routine<void> {
  let buffer = "";
  for (;;) {
    let end = /\r?\n\r?\n/.exec(buffer);
    while (!end) {
      if (buffer.length > LARGEST_HEAD) return;
      const chunk = yield* connection.read(after(sys.now, IDLE));
      if (!chunk.ok || chunk.value === "") return;
      buffer += chunk.value;
      end = /\r?\n\r?\n/.exec(buffer);
    }
    const head = buffer.slice(0, end.index);
    buffer = buffer.slice(end.index + end[0].length);
    const [first = "", ...rest] = head.split(/\r?\n/);
    const line = /^(\S+) (\S+) (HTTP\/1\.[01])$/.exec(first);
    const headers = rest.flatMap((text): Header[] => {
      const colon = text.indexOf(":");
      return colon < 0 ? [] : [[text.slice(0, colon), text.slice(colon + 1).trim()]];
    });
    if (!line) {
      const bad: HttpAnswer = {
        status: 400,
        reason: "Bad Request",
        headers: [["Content-Type", "text/html"]],
        body: "<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>\r\n",
      };
      yield* connection.write(format(bad, { withBody: true, keepAlive: false }));
      return;
    }
    const length = Number(headerOf(headers, "Content-Length") ?? 0);
    let body = "";
    while (utf8Length(body) < length) {
      if (buffer === "") {
        const chunk = yield* connection.read(after(sys.now, IDLE));
        if (!chunk.ok || chunk.value === "") return;
        buffer = chunk.value;
      }
      body += buffer;
      buffer = "";
    }
    const request: HttpRequest = { method: line[1] ?? "", target: line[2] ?? "/", version: line[3] ?? "HTTP/1.1", headers, body };
    const answer = handler(sys, request, connection);
    const wish = headerOf(headers, "Connection")?.toLowerCase();
    const keepAlive = request.version === "HTTP/1.1" ? wish !== "close" : wish === "keep-alive";
    const sent = yield* connection.write(format(answer, { withBody: request.method !== "HEAD", keepAlive }));
    yield* answered(request, answer);
    if (!sent.ok || !keepAlive) return;
  }
}

function format(answer: HttpAnswer, how: { readonly withBody: boolean; readonly keepAlive: boolean }): string {
  const headers: Header[] = [...answer.headers];
  if (headerOf(headers, "Content-Length") === undefined) headers.push(["Content-Length", String(utf8Length(answer.body))]);
  if (headerOf(headers, "Connection") === undefined) headers.push(["Connection", how.keepAlive ? "keep-alive" : "close"]);
  const head = [`HTTP/1.1 ${answer.status} ${answer.reason}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\r\n");
  return `${head}\r\n\r\n${how.withBody ? answer.body : ""}`;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  txt: "text/plain",
  css: "text/css",
  js: "application/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  xml: "text/xml",
};

export function contentTypeOf(path: string): string {
  return TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}

/** The file that a request's target names below a root, or why there is none. Escapes by `..` do not leave the root. */
export function findFile(
  sys: NetSys,
  root: string,
  target: string,
):
  | { readonly kind: "file"; readonly path: string; readonly text: string; readonly modifiedMs: number }
  | { readonly kind: "none" | "forbidden" }
  | { readonly kind: "directory"; readonly location: string } {
  const clean: string[] = [];
  for (const part of (target.split(/[?#]/)[0] ?? "/").split("/")) {
    if (part === "..") clean.pop();
    else if (part !== "" && part !== ".") clean.push(part);
  }
  const isDirectoryTarget = /\/$/.test(target.split(/[?#]/)[0] ?? "/");
  const path = `${root}/${clean.join("/")}`.replace(/\/$/, "");
  const stat = sys.stat(path);
  if (!stat.ok) return { kind: stat.error === "EACCES" ? "forbidden" : "none" };
  if (stat.value.kind === "directory") {
    if (!isDirectoryTarget) return { kind: "directory", location: `/${clean.join("/")}/` };
    const index = `${path}/index.html`;
    const text = sys.readFile(index);
    const indexStat = sys.stat(index);
    return text.ok && indexStat.ok
      ? { kind: "file", path: index, text: text.value, modifiedMs: sys.dateMs - (sys.now - indexStat.value.modifiedAt) / 1000 }
      : { kind: "forbidden" };
  }
  const text = sys.readFile(path);
  return text.ok
    ? { kind: "file", path, text: text.value, modifiedMs: sys.dateMs - (sys.now - stat.value.modifiedAt) / 1000 }
    : { kind: "forbidden" };
}
