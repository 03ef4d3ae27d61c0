/**
 * wget, in busybox's form (in containers) and GNU's (on the host), for http:// URLs.
 *
 * busybox 1.38 networking/wget.c; GNU wget 1.25. It differs: FTP and TLS are not simulated, and the progress bar shows its
 * last state only.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { plainDate } from "@/lib/sim/core/calendar";
import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import { utf8Length } from "@/lib/sim/net/length";
import type { NetSys } from "@/lib/sim/kernel";
import { resolveName } from "../resolv/resolve-name";
import { formatRequest, type Header, headerOf, type Response, ResponseReader } from "./client";
import { hostHeader, type HttpUrl, parseUrl } from "./url";

export type WgetFlavour = "busybox" | "gnu";

type Options = {
  quiet: boolean;
  spider: boolean;
  showHead: boolean;
  output: string | undefined;
  directory: string;
  timeout: number;
  tries: number;
  postData: string | undefined;
  agent: string;
  headers: Header[];
  urls: string[];
};

const BUSYBOX_USAGE = `BusyBox v1.38.0 (Debian 1:1.38.0-3+b1) multi-call binary.

Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...

Retrieve files via HTTP or FTP

	--spider	Only check URL existence: $? is 0 if exists
	--header STR	Add STR (of form 'header: value') to headers
	--post-data STR	Send STR using POST method
	--post-file FILE	Send FILE using POST method
	--no-check-certificate	Don't validate the server's certificate
	-c		Continue retrieval of aborted transfer
	-q		Quiet
	-P DIR		Save to DIR (default .)
	-S    		Show server response
	-T SEC		Network read timeout is SEC seconds
	-O FILE		Save to FILE ('-' for stdout)
	-o LOGFILE	Log messages to FILE
	-U STR		Use STR for User-Agent header
	-Y on/off	Use proxy
`;

export function wget(flavour: WgetFlavour): (sys: NetSys) => Routine<number> {
  return function* (sys) {
    const options = parseOptions(sys.argv.slice(1), flavour);
    if (!options.ok) {
      yield* complain(sys, options.error);
      return flavour === "gnu" ? 2 : 1;
    }
    if (options.value.urls.length === 0) {
      yield* complain(
        sys,
        flavour === "gnu" ? "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n" : BUSYBOX_USAGE,
      );
      return 1;
    }
    let status = 0;
    for (const text of options.value.urls) {
      const outcome = yield* new Download(sys, flavour, options.value, text).go();
      if (outcome !== 0) status = outcome;
      if (flavour === "busybox" && status !== 0) return status;
    }
    return status;
  };
}

function parseOptions(argv: readonly string[], flavour: WgetFlavour): Result<Options, string> {
  const options: Options = {
    quiet: false,
    spider: false,
    showHead: false,
    output: undefined,
    directory: "",
    timeout: flavour === "gnu" ? 0 : 900,
    tries: flavour === "gnu" ? 20 : 1,
    postData: undefined,
    agent: flavour === "gnu" ? "Wget/1.25.0" : "Wget",
    headers: [],
    urls: [],
  };
  const unknown = (option: string): Result<never, string> =>
    fail(
      flavour === "gnu"
        ? `wget: unrecognized option '${option}'\nUsage: wget [OPTION]... [URL]...\n\nTry \`wget --help' for more options.\n`
        : `wget: ${option.startsWith("--") ? `unrecognized option '${option}'` : `invalid option -- '${option.slice(1)}'`}\n${BUSYBOX_USAGE}`,
    );
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? "";
    if (!arg.startsWith("-") || arg === "-") {
      options.urls.push(arg);
      continue;
    }
    if (arg.startsWith("--")) {
      const [name, inline] = splitOnce(arg, "=");
      const value = (): string => inline ?? argv[++i] ?? "";
      if (name === "--spider") options.spider = true;
      else if (name === "--quiet") options.quiet = true;
      else if (name === "--server-response") options.showHead = true;
      else if (name === "--no-check-certificate" || name === "--no-verbose") continue;
      else if (name === "--header") options.headers.push(headerFrom(value()));
      else if (name === "--post-data") options.postData = value();
      else if (name === "--timeout") options.timeout = Number(value());
      else if (name === "--tries") options.tries = Number(value());
      else if (name === "--user-agent") options.agent = value();
      else if (name === "--output-document") options.output = value();
      else if (["--post-file", "--continue", "--output-file", "--directory-prefix"].includes(name))
        return fail(`${notSimulated(`wget ${name}`)}\n`);
      else return unknown(arg);
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at] ?? "";
      if (letter === "q") options.quiet = true;
      else if (letter === "S") options.showHead = true;
      else if ("OTUPYot".includes(letter)) {
        const rest = arg.slice(at + 1);
        const value = rest === "" ? (argv[++i] ?? "") : rest;
        if (letter === "O") options.output = value;
        else if (letter === "T") options.timeout = Number(value);
        else if (letter === "U") options.agent = value;
        else if (letter === "P") options.directory = value;
        else if (letter === "t" && flavour === "gnu") options.tries = Number(value);
        else return fail(`${notSimulated(`wget -${letter}`)}\n`);
        break;
      } else if (letter === "n" && flavour === "gnu") break;
      else if (letter === "c") return fail(`${notSimulated("wget -c")}\n`);
      else return unknown(`-${letter}`);
    }
  }
  return ok(options);
}

class Download {
  readonly #sys: NetSys;
  readonly #flavour: WgetFlavour;
  readonly #options: Options;
  readonly #text: string;

  constructor(sys: NetSys, flavour: WgetFlavour, options: Options, text: string) {
    this.#sys = sys;
    this.#flavour = flavour;
    this.#options = options;
    this.#text = text;
  }

  *go(): Routine<number> {
    let url = parseUrl(this.#text);
    for (let hops = 0; url && hops < 20; hops++) {
      if (url.scheme !== "http" && url.scheme !== "https" && url.scheme !== "ftp")
        return yield* this.#complain(`wget: not an http or ftp url: ${this.#text}\n`, 1);
      const addresses = yield* this.#resolve(url);
      if (addresses === undefined) return this.#flavour === "gnu" ? 4 : 1;
      const answer: Response | number = yield* this.#fetch(url, addresses);
      if (typeof answer === "number") return answer;
      const location: string | undefined = answer.status >= 300 && answer.status < 400 ? headerOf(answer.headers, "Location") : undefined;
      if (location === undefined) return yield* this.#finish(url, answer);
      const next: HttpUrl | undefined = location.startsWith("/") ? { ...url, path: location } : parseUrl(location);
      url = next;
    }
    return yield* this.#complain("wget: too many redirections\n", 1);
  }

  *#resolve(url: HttpUrl): Routine<readonly Ip[] | undefined> {
    const literal = parseIp(url.host);
    if (this.#flavour === "gnu") {
      yield* this.#note(
        `--${stamp(this.#sys)}--  ${this.#text.includes("://") ? this.#text : `http://${this.#text}${this.#text.includes("/") ? "" : "/"}`}\n`,
      );
      if (literal) return [literal];
      yield* this.#note(`Resolving ${url.host} (${url.host})... `);
    }
    if (literal) return [literal];
    const resolved = yield* resolveName(this.#sys, url.host, { family: this.#flavour === "gnu" ? "any" : 4 });
    if (resolved.ok) {
      if (this.#flavour === "gnu") yield* this.#note(`${resolved.value.join(", ")}\n`);
      return resolved.value;
    }
    if (this.#flavour === "gnu") yield* this.#note("failed: Name or service not known.\n");
    yield* complain(
      this.#sys,
      this.#flavour === "gnu" ? `wget: unable to resolve host address ‘${url.host}’\n` : `wget: bad address '${url.host}'\n`,
    );
    return undefined;
  }

  *#fetch(url: HttpUrl, addresses: readonly Ip[]): Routine<Response | number> {
    for (const [index, address] of addresses.entries()) {
      const shown = address.includes(":") ? `[${address}]:${url.port}` : `${address}:${url.port}`;
      const name = url.hasPort || this.#flavour === "gnu" ? `${url.host}${this.#flavour === "gnu" ? "" : `:${url.port}`}` : url.host;
      yield* this.#note(
        this.#flavour === "gnu"
          ? `Connecting to ${url.host} (${url.host})|${address}|:${url.port}... `
          : `Connecting to ${name} (${shown})\n`,
      );
      const limit = this.#options.timeout;
      const connected = yield* this.#sys.netns.sockets.connect({ address, port: url.port }, limit > 0 ? { timeout: seconds(limit) } : {});
      if (!connected.ok) {
        if (connected.error === "EINTR") return 130;
        const words = strerror(connected.error);
        if (this.#flavour === "gnu") yield* this.#note(`failed: ${words}.\n`);
        if (index + 1 < addresses.length) continue;
        if (this.#flavour === "gnu") return 4;
        const timedOut = connected.error === "ETIMEDOUT" && limit > 0 && limit < 127;
        return yield* this.#complain(
          timedOut ? "wget: download timed out\n" : `wget: can't connect to remote host (${address}): ${words}\n`,
          1,
        );
      }
      if (this.#flavour === "gnu") yield* this.#note("connected.\n");
      const connection = connected.value;
      try {
        if (url.scheme !== "http") return yield* this.#complain(`wget: ${notSimulated(url.scheme === "https" ? "TLS" : "FTP")}\n`, 1);
        const { postData, agent, headers } = this.#options;
        const all: Header[] = [
          ["Host", hostHeader(url)],
          ["User-Agent", agent],
          ...(this.#flavour === "gnu" ? ([["Accept", "*/*"]] as const) : []),
          ["Connection", "close"],
          ...headers,
        ];
        if (postData !== undefined)
          all.push(["Content-Type", "application/x-www-form-urlencoded"], ["Content-Length", String(utf8Length(postData))]);
        const method = postData !== undefined ? "POST" : this.#options.spider ? "HEAD" : "GET";
        yield* connection.write(
          formatRequest({ method, path: url.path, headers: all, ...(postData === undefined ? {} : { body: postData }) }),
        );
        if (this.#flavour === "gnu") yield* this.#note("HTTP request sent, awaiting response... ");
        const reader = new ResponseReader(connection, limit > 0 ? after(this.#sys.now, seconds(limit)) : undefined);
        const head = yield* reader.head();
        if (!head.ok) {
          if (this.#flavour === "gnu")
            return yield* this.#complain(
              head.error === "EAGAIN" ? "Read error (Connection timed out) in headers.\n" : "No data received.\n",
              4,
            );
          return yield* this.#complain(head.error === "EAGAIN" ? "wget: download timed out\n" : "wget: error getting response\n", 1);
        }
        if (this.#flavour === "gnu") yield* this.#note(`${head.value.status} ${head.value.reason}\n`);
        if (this.#options.showHead)
          yield* complain(
            this.#sys,
            [`${head.value.version} ${head.value.status} ${head.value.reason}`, ...head.value.headers.map((h) => `${h[0]}: ${h[1]}`), ""]
              .map((line) => `  ${line}\n`)
              .join(""),
          );
        const body = method === "HEAD" ? ok("") : yield* reader.body(head.value);
        return { ...head.value, body: body.ok ? body.value : "" };
      } finally {
        connection.close();
      }
    }
    return 1;
  }

  *#finish(url: HttpUrl, answer: Response): Routine<number> {
    if (answer.status >= 400) {
      if (this.#flavour === "gnu") return yield* this.#complain(`${stamp(this.#sys)} ERROR ${answer.status}: ${answer.reason}.\n`, 8);
      return yield* this.#complain(`wget: server returned error: ${answer.version} ${answer.status} ${answer.reason}\n`, 1);
    }
    if (this.#options.spider) {
      yield* this.#note(this.#flavour === "gnu" ? "Remote file exists.\n\n" : "remote file exists\n");
      return 0;
    }
    const own = url.path.split("?")[0]?.split("/").at(-1) || "index.html";
    const target = this.#options.output ?? (this.#options.directory ? `${this.#options.directory}/${own}` : own);
    const bytes = utf8Length(answer.body);
    if (this.#flavour === "gnu") {
      const length = headerOf(answer.headers, "Content-Length");
      yield* this.#note(
        `Length: ${length ?? "unspecified"}${headerOf(answer.headers, "Content-Type") ? ` [${headerOf(answer.headers, "Content-Type")}]` : ""}\nSaving to: ‘${target === "-" ? "STDOUT" : target}’\n\n`,
      );
    } else yield* this.#note(target === "-" ? "writing to stdout\n" : `saving to '${target}'\n`);
    if (target === "-") yield* print(this.#sys, answer.body);
    else {
      const saved = this.#sys.writeFile(target, answer.body);
      if (!saved.ok)
        return yield* this.#complain(
          this.#flavour === "gnu" ? `${target}: ${strerror(saved.error)}\n` : `wget: can't open '${target}': ${strerror(saved.error)}\n`,
          this.#flavour === "gnu" ? 3 : 1,
        );
    }
    const shown = target === "-" ? "-" : (target.split("/").at(-1) ?? target);
    if (this.#flavour === "gnu")
      yield* this.#note(
        `${shown.padEnd(20)}100%[===================>]  ${String(bytes).padStart(6)}  --.-KB/s    in 0s      \n\n${stamp(this.#sys)} (${(bytes / 1000).toFixed(1)} KB/s) - ${target === "-" ? "written to stdout" : `‘${target}’ saved`} [${bytes}${headerOf(answer.headers, "Content-Length") ? `/${bytes}` : ""}]\n\n`,
      );
    else
      yield* this.#note(
        `${shown.slice(0, 20).padEnd(20)} 100% |********************************| ${String(bytes).padStart(5)}  0:00:00 ETA\n${target === "-" ? "written to stdout" : `'${target}' saved`}\n`,
      );
    return 0;
  }

  *#note(text: string): Routine<void> {
    if (!this.#options.quiet) yield* complain(this.#sys, text);
  }

  *#complain(text: string, status: number): Routine<number> {
    if (this.#flavour === "busybox" || !this.#options.quiet) yield* complain(this.#sys, text);
    return status;
  }
}

function headerFrom(text: string): Header {
  const [name, value = ""] = splitOnce(text, ":");
  return [name, value.trim()];
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function stamp(sys: NetSys): string {
  return plainDate(sys.dateMs);
}
