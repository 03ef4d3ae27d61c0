/**
 * tcpdump: shows the frames of a link as they pass.
 *
 * Follows tcpdump 4.99.6 and libpcap 1.11 by what they print. Checksums of TCP and UDP look as they do on virtual links,
 * where nobody fills them in. Capture files hold values, not bytes (capture-file.ts).
 */

import { fail, type Result } from "@/lib/base/result";
import { strerror } from "@/lib/sim/core/errno";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Fd } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import type { Captured, LinkView, NetSys, PacketTap } from "@/lib/sim/kernel";
import { Services } from "../nc/service-port";
import { resolveName } from "../resolv/resolve-name";
import { captureHeader, captureRecord, readCapture } from "./capture-file";
import { Conversations } from "./conversations";
import type { Filter } from "./filter";
import { matches } from "./filter-match";
import { parseFilter } from "./filter-parse";
import { Names } from "./names";
import { parseTcpdumpOptions, type TcpdumpOptions } from "./options";
import { type Line, type LineStyle, printFrame } from "./print-frame";

export function* tcpdump(sys: NetSys): Routine<number> {
  const parsed = parseTcpdumpOptions(sys.argv.slice(1));
  if (!parsed.ok) {
    yield* print(sys, parsed.error.stdout ?? "");
    yield* complain(sys, parsed.error.stderr ?? "");
    return parsed.error.status;
  }
  const options = parsed.value;
  if (options.listsLinks) return yield* listLinks(sys);
  if (options.reads !== undefined) return yield* readFile(sys, options, options.reads);

  const link = options.link ?? defaultLink(sys);
  const tap = openTap(sys, link);
  if (!tap.ok) {
    yield* complain(sys, tap.error);
    return 1;
  }
  try {
    const filter = yield* compile(sys, options.filter);
    if (!filter.ok) {
      yield* complain(sys, filter.error);
      return 1;
    }
    return yield* new Session(sys, options, link, tap.value, filter.value).run();
  } finally {
    tap.value.close();
  }
}

function openTap(sys: NetSys, link: string): Result<PacketTap, string> {
  const tap = sys.netns.sockets.tap(link === "any" ? undefined : link);
  if (tap.ok) return tap;
  if (tap.error === "ENODEV") return fail(`tcpdump: ${link}: No such device exists\n(No such device exists)\n`);
  return fail(`tcpdump: ${link}: You don't have permission to perform this capture on that device\n(socket: ${strerror(tap.error)})\n`);
}

/** The first link that is up and running, as `-D` would list it first. */
function defaultLink(sys: NetSys): string {
  return sys.netns.links.links().find((link) => link.isUp && link.hasCarrier && link.detail.kind !== "loopback")?.name ?? "any";
}

function* compile(sys: NetSys, text: string): Routine<Result<Filter, string>> {
  const services = new Services(sys);
  const filter = yield* parseFilter(text, {
    *host(name) {
      const found = yield* resolveName(sys, name, { family: "any" });
      return found.ok ? found.value : [];
    },
    port: (name) => services.port(name, "tcp") ?? services.port(name, "udp"),
  });
  if (filter.ok) return filter;
  if (filter.error.startsWith("drydock:")) return fail(`${filter.error}\n`);
  return fail(filter.error === "syntax error" ? "tcpdump: can't parse filter expression: syntax error\n" : `tcpdump: ${filter.error}\n`);
}

function styleOf(sys: NetSys, options: TcpdumpOptions, isAny: boolean): LineStyle {
  return {
    names: new Names(sys, options.isNumeric),
    verbosity: options.verbosity,
    isQuick: options.isQuick,
    absoluteSequences: options.absoluteSequences,
    ignoresChecksums: options.ignoresChecksums,
    conversations: new Conversations(),
    time: options.time,
    showsLink: options.showsLink,
    bytes: options.bytes,
    isAny,
    numbers: options.numbers,
  };
}

class Session {
  readonly #sys: NetSys;
  readonly #options: TcpdumpOptions;
  readonly #link: string;
  readonly #tap: PacketTap;
  readonly #filter: Filter;
  readonly #style: LineStyle;
  readonly #isAny: boolean;
  #file: Fd | undefined;
  #captured = 0;
  #pending = "";
  #first: Instant | undefined;
  #last: Instant | undefined;

  constructor(sys: NetSys, options: TcpdumpOptions, link: string, tap: PacketTap, filter: Filter) {
    this.#sys = sys;
    this.#options = options;
    this.#link = link;
    this.#tap = tap;
    this.#filter = filter;
    this.#isAny = link === "any";
    this.#style = styleOf(sys, options, this.#isAny);
  }

  *run(): Routine<number> {
    const sys = this.#sys;
    const { writes, count } = this.#options;
    if (writes !== undefined && writes !== "-") {
      const opened = sys.open(writes, { write: true, create: true, truncate: true });
      if (!opened.ok) {
        yield* complain(sys, `tcpdump: ${writes}: ${strerror(opened.error)}\n`);
        return 1;
      }
      this.#file = opened.value;
    } else if (writes === "-") this.#file = 1;
    if (this.#file !== undefined) yield* sys.write(this.#file, captureHeader(this.#isAny ? "LINUX_SLL2" : "EN10MB"));
    yield* this.#announce();

    sys.catchSignals("INT", "TERM", "HUP");
    let isInterrupted = false;
    while (count === undefined || this.#captured < count) {
      const captured = yield* this.#tap.receive();
      if (!captured.ok) {
        isInterrupted = captured.error === "EINTR";
        if (!isInterrupted) yield* complain(sys, `tcpdump: pcap_loop: The interface disappeared\n`);
        break;
      }
      if (this.#wants(captured.value)) yield* this.#take(captured.value);
    }
    return yield* this.#finish(isInterrupted);
  }

  #wants(captured: Captured): boolean {
    // On lo every frame would be seen twice; libpcap shows it as it comes in.
    if (captured.direction === "out" && this.#sys.netns.links.linkByName(captured.link)?.detail.kind === "loopback") return false;
    if (this.#options.direction !== "inout" && captured.direction !== this.#options.direction) return false;
    return matches(this.#filter, captured);
  }

  *#take(captured: Captured): Routine<void> {
    const sys = this.#sys;
    this.#captured++;
    const line: Line = { ...captured, linkMac: sys.netns.links.linkByName(captured.link)?.mac };
    if (this.#file !== undefined) {
      yield* sys.write(this.#file, captureRecord(line));
      if (!this.#options.printsToo) return;
    }
    if (this.#options.countsOnly) return;
    yield* this.#style.names.prepare(line.frame);
    this.#first ??= line.at;
    this.#pending += printFrame(line, this.#style, { first: this.#first, last: this.#last ?? line.at }, this.#captured);
    this.#last = line.at;
    const isTerminal = sys.tty(1) !== undefined;
    if (this.#options.isLineBuffered || isTerminal || this.#pending.length > 4_096) yield* this.#flush();
  }

  *#flush(): Routine<void> {
    const text = this.#pending;
    this.#pending = "";
    yield* print(this.#sys, text);
  }

  *#announce(): Routine<void> {
    const { verbosity, writes, printsToo, isPromiscuous } = this.#options;
    if (this.#isAny && isPromiscuous)
      yield* complain(
        this.#sys,
        `tcpdump: WARNING: any: That device doesn't support promiscuous mode\n(Promiscuous mode not supported on the "any" device)\n`,
      );
    const type = this.#isAny ? "LINUX_SLL2 (Linux cooked v2)" : "EN10MB (Ethernet)";
    const listening = `listening on ${this.#link}, link-type ${type}, snapshot length 262144 bytes\n`;
    const isBrief = verbosity === 0 && (writes === undefined || printsToo);
    yield* complain(
      this.#sys,
      isBrief ? `tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${listening}` : `tcpdump: ${listening}`,
    );
  }

  *#finish(isInterrupted: boolean): Routine<number> {
    yield* this.#flush();
    if (isInterrupted && this.#file === undefined) yield* print(this.#sys, "\n");
    let received = this.#captured;
    const rest = this.#tap;
    for (;;) {
      const left = yield* rest.receive(this.#sys.now);
      if (!left.ok) break;
      if (this.#wants(left.value)) received++;
    }
    if (this.#options.countsOnly) yield* print(this.#sys, `${packets(this.#captured)}\n`);
    yield* complain(
      this.#sys,
      `${packets(this.#captured)} captured\n${packets(received)} received by filter\n${packets(this.#tap.droppedByKernel)} dropped by kernel\n`,
    );
    return 0;
  }
}

function packets(count: number): string {
  return `${count} packet${count === 1 ? "" : "s"}`;
}

function* readFile(sys: NetSys, options: TcpdumpOptions, path: string): Routine<number> {
  const text = sys.readFile(path);
  if (!text.ok) {
    yield* complain(sys, `tcpdump: ${path}: ${strerror(text.error)}\n`);
    return 1;
  }
  const capture = readCapture(text.value);
  if (!capture) {
    yield* complain(sys, "tcpdump: unknown file format\n");
    return 1;
  }
  const filter = yield* compile(sys, options.filter);
  if (!filter.ok) {
    yield* complain(sys, filter.error);
    return 1;
  }
  const type = capture.linkType === "EN10MB" ? "EN10MB (Ethernet)" : "LINUX_SLL2 (Linux cooked v2)";
  yield* complain(sys, `reading from file ${path}, link-type ${type}, snapshot length 262144\n`);
  const style = styleOf(sys, options, capture.linkType === "LINUX_SLL2");
  const [first] = capture.lines;
  let last = first?.at;
  let shown = 0;
  for (const line of capture.lines) {
    if (options.count !== undefined && shown >= options.count) break;
    if (!matches(filter.value, line)) continue;
    shown++;
    if (options.countsOnly) continue;
    yield* style.names.prepare(line.frame);
    yield* print(sys, printFrame(line, style, { first: first?.at ?? line.at, last: last ?? line.at }, shown));
    last = line.at;
  }
  if (options.countsOnly) yield* print(sys, `${packets(shown)}\n`);
  return 0;
}

/** `-D`: what is up and running first, then what is not connected. */
function* listLinks(sys: NetSys): Routine<number> {
  const links = sys.netns.links.links();
  const isLoopback = (link: LinkView): boolean => link.detail.kind === "loopback";
  const connected = links.filter((link) => !isLoopback(link) && link.isUp && link.hasCarrier);
  const others = links.filter((link) => !isLoopback(link) && !(link.isUp && link.hasCarrier));
  const lines = [
    ...connected.map((link) => `${link.name} [Up, Running, Connected]`),
    "any (Pseudo-device that captures on all interfaces) [Up, Running]",
    ...links.filter(isLoopback).map((link) => `${link.name} [${link.isUp ? "Up, Running, " : ""}Loopback]`),
    ...others.map((link) => `${link.name} [${link.isUp ? "Up, " : ""}Disconnected]`),
  ];
  yield* print(sys, lines.map((line, index) => `${index + 1}.${line}\n`).join(""));
  return 0;
}
