/**
 * What the build has compressed beforehand: scripts and style sheets under /_next/static, whose names change with their
 * content. The simulator is over a megabyte of script; compressing it at each request would cost more than sending it.
 */

import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";

const FOLDER = join(".next", "static");
const PREFIX = "/_next/static/";
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

export class StaticFiles {
  /** By path in the address; only what is in this list is ever read. */
  readonly #files = new Map<string, { readonly file: string; readonly type: string }>();
  readonly #bodies = new Map<string, Buffer>();

  constructor(folder = FOLDER) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".br")) continue;
      const file = join(entry.parentPath, entry.name);
      const plain = file.slice(0, -".br".length);
      const type = TYPES[extname(plain)];
      if (type)
        this.#files.set(
          PREFIX +
            plain
              .slice(folder.length + 1)
              .split(sep)
              .join("/"),
          { file, type },
        );
    }
  }

  /** Whether it has answered; if not, Next.js does. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== "GET" || !/\bbr\b/.test(request.headers["accept-encoding"] ?? "")) return false;
    const path = request.url?.split("?", 1)[0] ?? "";
    const found = this.#files.get(path);
    if (!found) return false;
    let body = this.#bodies.get(path);
    if (!body) {
      body = readFileSync(found.file);
      this.#bodies.set(path, body);
    }
    response.writeHead(200, {
      "Content-Type": found.type,
      "Content-Encoding": "br",
      "Content-Length": body.length,
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
    });
    response.end(body);
    return true;
  }
}
