/** HTTP/1.1 over the simulated TCP (RFC 9112): what curl, wget and probes have in common. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Routine } from "@/lib/sim/core/task";
import { after, type Duration, type Instant } from "@/lib/sim/core/time";
import type { Ip } from "@/lib/sim/net/address";
import { utf8Length } from "@/lib/sim/net/length";
import type { NetSys, TcpConnection } from "@/lib/sim/kernel";

export type Header = readonly [name: string, value: string];

export type ResponseHead = {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
};
export type Response = ResponseHead & { readonly body: string };

/** `malformed`: the answer is not HTTP. `empty`: the connection ended without an answer. */
export type HttpFailure = Errno | "malformed" | "empty";

export function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Reads one response from a connection: first the head, then the body piece by piece. */
export class ResponseReader {
  readonly #connection: TcpConnection;
  readonly #until: Instant | undefined;
  #buffer = "";

  constructor(connection: TcpConnection, until?: Instant) {
    this.#connection = connection;
    this.#until = until;
  }

  *head(): Routine<Result<ResponseHead, HttpFailure>> {
    for (;;) {
      const end = /\r?\n\r?\n/.exec(this.#buffer);
      if (end) {
        const head = parseHead(this.#buffer.slice(0, end.index));
        this.#buffer = this.#buffer.slice(end.index + end[0].length);
        return head ? ok(head) : fail("malformed");
      }
      if (this.#buffer.length >= 5 && !this.#buffer.startsWith("HTTP/")) return fail("malformed");
      const more = yield* this.#more();
      if (!more.ok) return more;
      if (more.value === "") return fail(this.#buffer === "" ? "empty" : "malformed");
    }
  }

  /** The next piece of the body, `""` at its end. */
  *bodyPart(left: { bytes: number | undefined }): Routine<Result<string, HttpFailure>> {
    if (left.bytes === 0) return ok("");
    if (this.#buffer === "") {
      const more = yield* this.#more();
      if (!more.ok) return more;
    }
    const part = this.#buffer;
    this.#buffer = "";
    if (left.bytes !== undefined) left.bytes = Math.max(0, left.bytes - utf8Length(part));
    return ok(part);
  }

  *body(head: ResponseHead): Routine<Result<string, HttpFailure>> {
    if (/chunked/i.test(headerOf(head.headers, "Transfer-Encoding") ?? "")) return yield* this.#chunked();
    const left = { bytes: contentLength(head) };
    let body = "";
    for (;;) {
      const part = yield* this.bodyPart(left);
      if (!part.ok) return part;
      if (part.value === "") return ok(body);
      body += part.value;
    }
  }

  *#chunked(): Routine<Result<string, HttpFailure>> {
    let body = "";
    for (;;) {
      const line = yield* this.#line();
      if (!line.ok) return line;
      const size = Number.parseInt(line.value, 16);
      if (Number.isNaN(size)) return fail("malformed");
      if (size === 0) return ok(body);
      let chunk = "";
      while (utf8Length(chunk) < size) {
        if (this.#buffer === "") {
          const more = yield* this.#more();
          if (!more.ok) return more;
          if (more.value === "") return ok(body + chunk);
        }
        const first = String.fromCodePoint(this.#buffer.codePointAt(0) ?? 0);
        chunk += first;
        this.#buffer = this.#buffer.slice(first.length);
      }
      body += chunk;
      yield* this.#line();
    }
  }

  *#line(): Routine<Result<string, HttpFailure>> {
    for (;;) {
      const end = this.#buffer.indexOf("\n");
      if (end >= 0) {
        const line = this.#buffer.slice(0, end).replace(/\r$/, "");
        this.#buffer = this.#buffer.slice(end + 1);
        return ok(line);
      }
      const more = yield* this.#more();
      if (!more.ok) return more;
      if (more.value === "") return fail("malformed");
    }
  }

  *#more(): Routine<Result<string, HttpFailure>> {
    const chunk = yield* this.#connection.read(this.#until);
    if (chunk.ok) this.#buffer += chunk.value;
    return chunk;
  }
}

export function contentLength(head: ResponseHead): number | undefined {
  const value = headerOf(head.headers, "Content-Length");
  if (head.status === 204 || head.status === 304) return 0;
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

export function formatRequest(request: {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: string;
}): string {
  const lines = [`${request.method} ${request.path} HTTP/1.1`, ...request.headers.map(([name, value]) => `${name}: ${value}`)];
  return `${lines.join("\r\n")}\r\n\r\n${request.body ?? ""}`;
}

/** A whole GET of a known address, for probes. */
export function* fetchHttp(
  sys: NetSys,
  request: { readonly address: Ip; readonly port: number; readonly host: string; readonly path: string; readonly timeout: Duration },
): Routine<Result<Response, HttpFailure>> {
  const connected = yield* sys.netns.sockets.connect({ address: request.address, port: request.port }, { timeout: request.timeout });
  if (!connected.ok) return connected;
  const connection = connected.value;
  try {
    const sent = yield* connection.write(
      formatRequest({
        method: "GET",
        path: request.path,
        headers: [
          ["Host", request.host],
          ["User-Agent", "drydock-probe"],
          ["Connection", "close"],
        ],
      }),
    );
    if (!sent.ok) return sent;
    const reader = new ResponseReader(connection, after(sys.now, request.timeout));
    const head = yield* reader.head();
    if (!head.ok) return head;
    const body = yield* reader.body(head.value);
    return body.ok ? ok({ ...head.value, body: body.value }) : body;
  } finally {
    connection.close();
  }
}

function parseHead(text: string): ResponseHead | undefined {
  const [first = "", ...rest] = text.split(/\r?\n/);
  const status = /^(HTTP\/\d(?:\.\d)?) (\d{3})(?: (.*))?$/.exec(first);
  if (!status) return undefined;
  const headers = rest.flatMap((line): Header[] => {
    const colon = line.indexOf(":");
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
  });
  return { version: status[1] ?? "HTTP/1.1", status: Number(status[2]), reason: status[3] ?? "", headers };
}
