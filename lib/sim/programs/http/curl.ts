/**
 * curl 8.23, for http:// URLs and Unix sockets.
 *
 * Where a learner sees it: `curl -v http://web`, `curl -m 2 …`, `curl --unix-socket /var/run/docker.sock …`. Words are those
 * of the recorded 8.23.0. It differs: TLS and other protocols are not simulated (they connect, and say so), nothing is
 * resumed, and the progress meter shows its first and last state only.
 */

import type { Errno } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, type Instant, seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import { utf8Length } from "@/lib/sim/net/length";
import type { NetSys, TcpConnection } from "@/lib/sim/kernel";
import { resolveName } from "../resolv/resolve-name";
import { contentLength, formatRequest, type Header, headerOf, type ResponseHead, ResponseReader } from "./client";
import { type CurlOptions, parseCurlOptions } from "./curl-options";
import { hostHeader, type HttpUrl, parseUrl } from "./url";

const VERSION = "8.23.0";
const TRY_HELP = "curl: try 'curl --help' or 'curl --manual' for more information\n";
const METER_HEAD =
  "  % Total    % Received % Xferd  Average Speed  Time    Time    Time   Current\n                                 Dload  Upload  Total   Spent   Left   Speed\n";

/** An end of a transfer that is no success: curl's exit status and the sentence after `curl: (N) `. */
type Failure = { readonly kind: "failure"; readonly status: number; readonly text: string };
type Transfer = {
  readonly kind: "done";
  readonly head: ResponseHead;
  readonly bytes: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly local: string;
  readonly localPort: number;
};

export function* curl(sys: NetSys): Routine<number> {
  const parsed = parseCurlOptions(sys.argv.slice(1));
  if (!parsed.ok) {
    const { kind, option } = parsed.error;
    if (kind === "not-simulated") yield* complain(sys, `${notSimulated(`curl ${option}`)}\n`);
    else yield* complain(sys, `curl: option ${option}: ${kind === "unknown" ? "is unknown" : "requires parameter"}\n${TRY_HELP}`);
    return 2;
  }
  const options = parsed.value;
  if (options.flags.has("version")) {
    yield* print(sys, `curl ${VERSION} (x86_64-pc-linux-gnu) libcurl/${VERSION}\nProtocols: http\n`);
    return 0;
  }
  if (options.flags.has("help")) {
    yield* print(
      sys,
      "Usage: curl [options...] <url>\n -d, --data <data>           HTTP POST data\n -f, --fail                  Fail fast with no output on HTTP errors\n -i, --include               Show response headers in output\n -I, --head                  Show document info only\n -m, --max-time <seconds>    Maximum time allowed for transfer\n -o, --output <file>         Write to file instead of stdout\n -s, --silent                Silent mode\n -v, --verbose               Make the operation more talkative\n",
    );
    return 0;
  }
  if (options.urls.length === 0) {
    yield* complain(sys, options.values.size + options.flags.size > 0 ? `curl: (2) no URL specified\n${TRY_HELP}` : TRY_HELP);
    return 2;
  }
  let status = 0;
  for (const url of options.urls) status = yield* new Run(sys, options, url).go();
  return status;
}

class Run {
  readonly #sys: NetSys;
  readonly #options: CurlOptions;
  readonly #url: string;
  readonly #started: Instant;
  readonly #deadline: Instant | undefined;
  #connects = 0;

  constructor(sys: NetSys, options: CurlOptions, url: string) {
    this.#sys = sys;
    this.#options = options;
    this.#url = url;
    this.#started = sys.now;
    const limit = Number(this.#value("max-time"));
    this.#deadline = limit > 0 ? after(sys.now, seconds(limit)) : undefined;
  }

  *go(): Routine<number> {
    const parsed = parseUrl(this.#url);
    if (!parsed)
      return yield* this.#end({ kind: "failure", status: 3, text: "URL rejected: Malformed input to a URL function" }, this.#url);
    let url: HttpUrl = parsed;
    const retries = Number(this.#value("retry") ?? 0);
    const redirects = Number(this.#value("max-redirs") ?? 50);
    for (let attempt = 0, hops = 0; ; ) {
      const outcome: Failure | Transfer = yield* this.#transfer(url);
      if (
        outcome.kind === "failure" &&
        attempt < retries &&
        (outcome.status === 28 || (outcome.status === 7 && this.#has("retry-connrefused")))
      ) {
        attempt++;
        yield* this.#sys.sleep(seconds(Number(this.#value("retry-delay") ?? 2 ** (attempt - 1))));
        continue;
      }
      const location: string | undefined =
        outcome.kind === "done" && this.#has("location") && outcome.head.status >= 300 && outcome.head.status < 400
          ? headerOf(outcome.head.headers, "Location")
          : undefined;
      if (location === undefined) return yield* this.#end(outcome, format(url));
      if (++hops > redirects)
        return yield* this.#end({ kind: "failure", status: 47, text: `Maximum (${redirects}) redirects followed` }, format(url));
      const next: HttpUrl | undefined = location.startsWith("/") ? { ...url, path: location } : parseUrl(location);
      if (!next) return yield* this.#end({ kind: "failure", status: 3, text: "URL rejected: Malformed input to a URL function" }, location);
      url = next;
    }
  }

  *#end(outcome: Failure | Transfer, effectiveUrl: string): Routine<number> {
    let status = 0;
    if (outcome.kind === "failure") {
      status = outcome.status;
      if (!this.#has("silent") || this.#has("show-error")) yield* complain(this.#sys, `curl: (${status}) ${outcome.text}\n`);
    }
    const template = this.#value("write-out");
    if (template !== undefined)
      yield* print(
        this.#sys,
        writeOut(template, outcome, { effectiveUrl, connects: this.#connects, seconds: (this.#sys.now - this.#started) / 1e6 }),
      );
    return status;
  }

  *#transfer(url: HttpUrl): Routine<Failure | Transfer> {
    if (url.scheme !== "http" && url.scheme !== "https" && url.scheme !== "ftp")
      return { kind: "failure", status: 1, text: `Protocol "${url.scheme}" not supported` };
    const socketPath = this.#value("unix-socket");
    if (socketPath !== undefined) return yield* this.#overUnixSocket(url, socketPath);

    const addresses = yield* this.#resolve(url);
    if ("kind" in addresses) return addresses;
    const connection = yield* this.#connect(url, addresses);
    if ("kind" in connection) return connection;
    this.#connects++;
    try {
      if (url.scheme !== "http")
        return { kind: "failure", status: url.scheme === "https" ? 35 : 8, text: notSimulated(url.scheme === "https" ? "TLS" : "FTP") };
      return yield* this.#exchange(url, connection);
    } finally {
      connection.close();
    }
  }

  *#resolve(url: HttpUrl): Routine<readonly Ip[] | Failure> {
    for (const entry of this.#options.values.get("resolve") ?? []) {
      const [host, port, ...rest] = entry.split(":");
      const address = parseIp(rest.join(":").replace(/^\[|\]$/g, ""));
      if (host === url.host && Number(port) === url.port && address) return [address];
    }
    const literal = parseIp(url.host);
    if (literal) return [literal];
    const family = this.#has("ipv4") ? 4 : this.#has("ipv6") ? 6 : "any";
    const resolved = yield* resolveName(this.#sys, url.host, { family });
    if (!resolved.ok) return { kind: "failure", status: 6, text: `Could not resolve host: ${url.host}` };
    if (this.#has("verbose")) {
      const all = yield* resolveName(this.#sys, url.host, { family: "any" });
      const known = all.ok ? all.value : resolved.value;
      const list = (v6: boolean): string => known.filter((address) => address.includes(":") === v6).join(", ") || "(none)";
      yield* this.#say(`* Host ${url.host}:${url.port} was resolved.\n* IPv6: ${list(true)}\n* IPv4: ${list(false)}\n`);
    }
    return resolved.value;
  }

  *#connect(url: HttpUrl, addresses: readonly Ip[]): Routine<TcpConnection | Failure> {
    const started = this.#sys.now;
    const connectLimit = Number(this.#value("connect-timeout"));
    const connectBy = connectLimit > 0 ? after(started, seconds(connectLimit)) : undefined;
    const deadline = earliest(this.#deadline, connectBy);
    for (const address of addresses) {
      const shown = address.includes(":") ? `[${address}]` : address;
      yield* this.#say(`*   Trying ${shown}:${url.port}...\n`);
      const left = deadline === undefined ? undefined : Math.max(1, deadline - this.#sys.now);
      const connected = yield* this.#sys.netns.sockets.connect(
        { address, port: url.port },
        left === undefined ? {} : { timeout: seconds(left / 1e6) },
      );
      if (connected.ok) {
        const { local } = connected.value;
        yield* this.#say(
          `* Established connection to ${url.host} (${address} port ${url.port}) from ${local.address} port ${local.port} \n`,
        );
        return connected.value;
      }
      if (deadline !== undefined && this.#sys.now >= deadline)
        return {
          kind: "failure",
          status: 28,
          text: `Connection timed out after ${Math.round((this.#sys.now - started) / 1000) + 1} milliseconds`,
        };
      if (connected.error === "EINTR") return { kind: "failure", status: 42, text: "Operation was aborted by an application callback" };
      yield* this.#say(`* connect to ${address} port ${url.port} from ${"0.0.0.0"} port 0 failed: ${connectText(connected.error)}\n`);
    }
    const text = `Failed to connect to ${url.host}:${url.port} after ${Math.round((this.#sys.now - started) / 1000)} ms: Could not connect to server`;
    yield* this.#say(`* ${text}\n* closing connection #0\n`);
    return { kind: "failure", status: 7, text };
  }

  *#exchange(url: HttpUrl, connection: TcpConnection): Routine<Failure | Transfer> {
    const { method, headers, body, path } = this.#request(url);
    const text = formatRequest({ method, path, headers, ...(body === undefined ? {} : { body }) });
    yield* this.#say(
      `* using HTTP/1.x\n${text
        .split("\r\n\r\n")[0]
        ?.split("\r\n")
        .map((line) => `> ${line}\n`)
        .join("")}> \n* Request completely sent off\n`,
    );
    const sent = yield* connection.write(text);
    if (!sent.ok) return { kind: "failure", status: 55, text: "Send failure: Broken pipe" };
    const reader = new ResponseReader(connection, this.#deadline);
    const head = yield* reader.head();
    if (!head.ok) return this.#receiveFailure(head.error, 0);
    yield* this.#say(
      `${headLines(head.value)
        .map((line) => `< ${line}\n`)
        .join("")}< \n`,
    );

    const isFailure = head.value.status >= 400;
    const withHead = this.#has("include") || this.#has("head");
    const where = {
      remote: connection.remote.address,
      remotePort: connection.remote.port,
      local: connection.local.address,
      localPort: connection.local.port,
    };
    let output = withHead ? `${headLines(head.value).join("\r\n")}\r\n\r\n` : "";
    let bytes = 0;
    if (method !== "HEAD" && !(isFailure && this.#has("fail"))) {
      const content = yield* reader.body(head.value);
      if (!content.ok) return this.#receiveFailure(content.error, bytes, contentLength(head.value));
      bytes = utf8Length(content.value);
      output += content.value;
      if (bytes > 0 && (this.#value("output") !== undefined || this.#has("remote-name"))) yield* this.#say(`{ [${bytes} bytes data]\n`);
    }
    yield* this.#meter(bytes);
    const written = yield* this.#deliver(url, output);
    if (written) return written;
    yield* this.#say("* shutting down connection #0\n");
    if (isFailure && (this.#has("fail") || this.#has("fail-with-body")))
      return { kind: "failure", status: 22, text: `The requested URL returned error: ${head.value.status}` };
    return { kind: "done", head: head.value, bytes, ...where };
  }

  *#overUnixSocket(url: HttpUrl, path: string): Routine<Failure | Transfer> {
    const service = this.#sys.connectUnix(path);
    if (!service.ok)
      return { kind: "failure", status: 7, text: `Failed to connect to ${url.host}:${url.port} after 0 ms: Could not connect to server` };
    this.#connects++;
    const { method, headers, body, path: target } = this.#request(url);
    if (method !== "GET" && method !== "HEAD" && method !== "POST" && method !== "PUT" && method !== "DELETE")
      return { kind: "failure", status: 1, text: notSimulated(`the method ${method} on a Unix socket`) };
    const answer = yield* service.value.call({
      method,
      target,
      headers: Object.fromEntries(headers),
      ...(body === undefined ? {} : { body }),
    });
    const head: ResponseHead = {
      version: "HTTP/1.1",
      status: answer.status,
      reason: REASONS[answer.status] ?? "",
      headers: Object.entries(answer.headers),
    };
    if (this.#has("include") || this.#has("head")) yield* print(this.#sys, `${headLines(head).join("\r\n")}\r\n\r\n`);
    let bytes = 0;
    if (answer.body.kind === "text" && method !== "HEAD") {
      bytes = utf8Length(answer.body.text);
      const written = yield* this.#deliver(url, answer.body.text);
      if (written) return written;
    } else if (answer.body.kind === "chunks" && method !== "HEAD") {
      for (let chunk = yield* answer.body.read(); chunk !== undefined; chunk = yield* answer.body.read()) {
        bytes += utf8Length(chunk);
        yield* print(this.#sys, chunk);
      }
      answer.body.cancel();
    } else if (answer.body.kind === "upgrade") answer.body.cancel();
    if (head.status >= 400 && this.#has("fail"))
      return { kind: "failure", status: 22, text: `The requested URL returned error: ${head.status}` };
    return { kind: "done", head, bytes, remote: "", remotePort: 0, local: "", localPort: 0 };
  }

  #request(url: HttpUrl): {
    readonly method: string;
    readonly headers: readonly Header[];
    readonly body: string | undefined;
    readonly path: string;
  } {
    const given: Header[] = (this.#options.values.get("header") ?? []).map((line) => {
      const colon = line.indexOf(":");
      return [colon < 0 ? line : line.slice(0, colon), colon < 0 ? "" : line.slice(colon + 1).trim()];
    });
    const data = [...(this.#options.values.get("data") ?? []), ...(this.#options.values.get("data-raw") ?? [])].map((one) =>
      this.#dataOf(one),
    );
    const asQuery = this.#has("get") && data.length > 0;
    const body = data.length > 0 && !asQuery ? data.join("&") : undefined;
    const method = this.#value("request") ?? (this.#has("head") ? "HEAD" : body !== undefined ? "POST" : "GET");
    const defaults: Header[] = [["Host", hostHeader(url)]];
    const user = this.#value("user");
    if (user !== undefined) defaults.push(["Authorization", `Basic ${base64(user)}`]);
    defaults.push(["User-Agent", this.#value("user-agent") ?? `curl/${VERSION}`], ["Accept", "*/*"]);
    if (body !== undefined)
      defaults.push(["Content-Length", String(utf8Length(body))], ["Content-Type", "application/x-www-form-urlencoded"]);
    const overridden = new Set(given.map(([name]) => name.toLowerCase()));
    const headers = [...defaults.filter(([name]) => !overridden.has(name.toLowerCase())), ...given.filter(([, text]) => text !== "")];
    return { method, headers, body, path: asQuery ? `${url.path}${url.path.includes("?") ? "&" : "?"}${data.join("&")}` : url.path };
  }

  #dataOf(text: string): string {
    if (!text.startsWith("@")) return text;
    const file = this.#sys.readFile(text.slice(1));
    return file.ok ? file.value.replace(/[\r\n]/g, "") : "";
  }

  *#deliver(url: HttpUrl, text: string): Routine<Failure | undefined> {
    const file = this.#value("output") ?? (this.#has("remote-name") ? url.path.split("?")[0]?.split("/").at(-1) : undefined);
    if (this.#has("remote-name") && file === "") return { kind: "failure", status: 23, text: "Remote filename has no length" };
    if (file === undefined || file === "-") {
      yield* print(this.#sys, text);
      return undefined;
    }
    const written = this.#sys.writeFile(file, text);
    return written.ok
      ? undefined
      : { kind: "failure", status: 23, text: `client returned ERROR on write, ${utf8Length(text)} was not written` };
  }

  #receiveFailure(error: string, bytes: number, expected?: number): Failure {
    const spent = Math.round((this.#sys.now - this.#started) / 1000);
    switch (error) {
      case "empty":
        return { kind: "failure", status: 52, text: "Empty reply from server" };
      case "malformed":
        return { kind: "failure", status: 1, text: "Received HTTP/0.9 when not allowed" };
      case "EAGAIN":
        return {
          kind: "failure",
          status: 28,
          text: `Operation timed out after ${spent} milliseconds with ${bytes}${expected === undefined ? "" : ` out of ${expected}`} bytes received`,
        };
      default:
        return { kind: "failure", status: 56, text: "Recv failure: Connection reset by peer" };
    }
  }

  /** The meter appears when the body does not go to the screen. */
  *#meter(bytes: number): Routine<void> {
    const toFile = this.#value("output") !== undefined || this.#has("remote-name");
    if (this.#has("silent") || this.#has("no-progress-meter") || (!toFile && this.#sys.tty(1) !== undefined)) return;
    const shown = String(bytes).padStart(6);
    yield* complain(
      this.#sys,
      `${METER_HEAD}\r  0      0   0      0   0      0      0      0                              0\r100 ${shown} 100 ${shown}   0      0      0      0                              0\n`,
    );
  }

  *#say(text: string): Routine<void> {
    if (this.#has("verbose")) yield* complain(this.#sys, text);
  }

  #has(name: string): boolean {
    return this.#options.flags.has(name);
  }

  #value(name: string): string | undefined {
    return this.#options.values.get(name)?.at(-1);
  }
}

function headLines(head: ResponseHead): string[] {
  return [`${head.version} ${head.status} ${head.reason}`, ...head.headers.map(([name, text]) => `${name}: ${text}`)];
}

function format(url: HttpUrl): string {
  return `${url.scheme}://${hostHeader(url)}${url.path}`;
}

function earliest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function connectText(errno: Errno): string {
  const texts: Partial<Record<Errno, string>> = {
    ECONNREFUSED: "Connection refused",
    EHOSTUNREACH: "No route to host",
    ENETUNREACH: "Network is unreachable",
    ETIMEDOUT: "Connection timed out",
  };
  return texts[errno] ?? errno;
}

const REASONS: Readonly<Record<number, string>> = {
  101: "UPGRADED",
  200: "OK",
  201: "Created",
  204: "No Content",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

function writeOut(
  template: string,
  outcome: Failure | Transfer,
  facts: { readonly effectiveUrl: string; readonly connects: number; readonly seconds: number },
): string {
  const done = outcome.kind === "done" ? outcome : undefined;
  const time = facts.seconds.toFixed(6);
  const known: Readonly<Record<string, string>> = {
    http_code: String(done?.head.status ?? 0).padStart(3, "0"),
    response_code: String(done?.head.status ?? 0).padStart(3, "0"),
    size_download: String(done?.bytes ?? 0),
    url_effective: facts.effectiveUrl,
    url: facts.effectiveUrl,
    remote_ip: done?.remote ?? "",
    remote_port: String(done?.remotePort ?? 0),
    local_ip: done?.local ?? "",
    local_port: String(done?.localPort ?? 0),
    num_connects: String(facts.connects),
    content_type: done ? (headerOf(done.head.headers, "Content-Type") ?? "") : "",
    exitcode: String(outcome.kind === "failure" ? outcome.status : 0),
    errormsg: outcome.kind === "failure" ? outcome.text : "",
    http_version: done ? "1.1" : "0",
    scheme: "http",
    time_total: time,
    time_connect: time,
    time_starttransfer: time,
    time_namelookup: "0.000000",
  };
  return template
    .replace(/%\{(\w+)\}/g, (_, name: string) => known[name] ?? "")
    .replaceAll("%%", "%")
    .replace(/\\([nrt\\])/g, (_, letter: string) => ({ n: "\n", r: "\r", t: "\t", "\\": "\\" })[letter] ?? letter);
}

function base64(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let out = "";
  const bytes = encodeURIComponent(text).replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)];
    const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
    out += (alphabet[bits >> 18] ?? "") + (alphabet[(bits >> 12) & 63] ?? "");
    out += (i + 1 < bytes.length ? (alphabet[(bits >> 6) & 63] ?? "") : "=") + (i + 2 < bytes.length ? (alphabet[bits & 63] ?? "") : "=");
  }
  return out;
}
