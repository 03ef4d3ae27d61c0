/**
 * iputils' ping: the one of Debian and most distributions, on the hosts and in toolbox images.
 *
 * Follows iputils 20250605 (ping/ping.c, ping_common.c) by what it prints: requests are numbered from 1, errors that routers
 * report are shown with their sender, addresses are shown with their names unless the destination was given as an address.
 * The options that need IP options or marks say that they are not simulated.
 */

import { strerror } from "@/lib/sim/core/errno";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, elapsed, type Instant, micros, millis, seconds } from "@/lib/sim/core/time";
import { familyOf, type Ip, parseIp } from "@/lib/sim/net/address";
import type { EchoReply, EchoSocket, IcmpErrorName, NetSys } from "@/lib/sim/kernel";
import { resolveAddress, resolveName, RESOLVE_TEXT } from "../resolv/resolve-name";
import { parsePingOptions, type PingOptions } from "./iputils-options";
import { milliseconds, RoundTrips, stamp } from "./round-trips";

const ERROR_TEXT = {
  "net-unreachable": "Destination Net Unreachable",
  "host-unreachable": "Destination Host Unreachable",
  "port-unreachable": "Destination Port Unreachable",
  "protocol-unreachable": "Destination Protocol Unreachable",
  "fragmentation-needed": "Frag needed and DF set",
  "net-prohibited": "Destination Net Prohibited",
  "host-prohibited": "Destination Host Prohibited",
  "admin-prohibited": "Packet filtered",
  "time-exceeded": "Time to live exceeded",
} as const satisfies Record<IcmpErrorName, string>;

const ERROR_TEXT_V6 = {
  ...ERROR_TEXT,
  "net-unreachable": "Destination unreachable: No route",
  "host-unreachable": "Destination unreachable: Address unreachable",
  "port-unreachable": "Destination unreachable: Port unreachable",
  "admin-prohibited": "Destination unreachable: Administratively prohibited",
  "time-exceeded": "Time exceeded: Hop limit",
} as const satisfies Record<IcmpErrorName, string>;

/** Room for the time of sending: with less data there is no round trip to tell. */
const TIME_SIZE = 16;
const FLOOD_PAUSE = millis(10);

export function* iputilsPing(sys: NetSys): Routine<number> {
  const parsed = parsePingOptions(sys.argv.slice(1));
  if (!parsed.ok) {
    const { stdout, stderr, status } = parsed.error;
    yield* print(sys, stdout ?? "");
    yield* complain(sys, stderr ?? "");
    return status;
  }
  const options = parsed.value;
  const literal = parseIp(options.host);
  const address = yield* destination(sys, options, literal);
  if (address === undefined) return 2;

  const source = options.through === undefined ? undefined : parseIp(options.through);
  const link = options.through !== undefined && source === undefined ? options.through : undefined;
  const way = yield* checkWay(sys, options, address, source, link);
  if (way === undefined) return 2;
  yield* print(sys, header(options, address, way));

  const socket = sys.netns.sockets.echo();
  sys.catchSignals("INT", "QUIT");
  const namesShown = options.forcesNames || (!options.isNumeric && literal === undefined);
  try {
    return yield* new Session(sys, socket, options, address, { source, link }, namesShown).run();
  } finally {
    socket.close();
  }
}

function header(options: PingOptions, address: Ip, way: { readonly shownFrom: string }): string {
  if (familyOf(address) === 6) return `PING ${options.host} (${address})${way.shownFrom} ${options.size} data bytes\n`;
  return `PING ${options.host} (${address})${way.shownFrom} ${options.size}(${options.size + 28}) bytes of data.\n`;
}

function* destination(sys: NetSys, options: PingOptions, literal: Ip | undefined): Routine<Ip | undefined> {
  if (literal !== undefined && options.family !== "any" && familyOf(literal) !== options.family) {
    yield* complain(sys, `ping: ${options.host}: Address family for hostname not supported\n`);
    return undefined;
  }
  const found = yield* resolveName(sys, options.host, { family: options.family });
  const [first] = found.ok ? found.value : [];
  if (first === undefined) yield* complain(sys, `ping: ${options.host}: ${RESOLVE_TEXT[found.ok ? "no-name" : found.error.kind]}\n`);
  return first;
}

/** The checks that come before the first line: the interface, the source address, a route, broadcast. */
function* checkWay(
  sys: NetSys,
  options: PingOptions,
  address: Ip,
  source: Ip | undefined,
  link: string | undefined,
): Routine<{ readonly shownFrom: string } | undefined> {
  const { links } = sys.netns;
  const refuse = function* (text: string): Routine<undefined> {
    yield* complain(sys, `ping: ${text}\n`);
    return undefined;
  };
  const bound = link === undefined ? undefined : links.linkByName(link);
  if (link !== undefined && !bound) return yield* refuse(`SO_BINDTODEVICE ${link}: ${strerror("ENODEV")}`);
  if (source !== undefined && !links.addresses().some((own) => own.prefix.address === source))
    return yield* refuse(`bind: ${strerror("EADDRNOTAVAIL")}`);
  const route = links.lookup(address, { ...(source !== undefined ? { from: source } : {}), ...(bound ? { out: bound.index } : {}) });
  if (!route.ok) return yield* refuse(`connect: ${strerror(route.error.errno)}`);
  if (route.value.type === "broadcast") {
    if (!options.allowsBroadcast) return yield* refuse("Do you want to ping broadcast? Then -b. If not, check your local firewall rules");
    yield* complain(sys, "WARNING: pinging broadcast address\n");
  }
  if (options.through === undefined) return { shownFrom: "" };
  const from = source ?? route.value.source ?? "";
  return { shownFrom: ` from ${from} ${link ?? ""}:` };
}

class Session {
  readonly #sys: NetSys;
  readonly #socket: EchoSocket;
  readonly #options: PingOptions;
  readonly #address: Ip;
  readonly #way: { readonly source: Ip | undefined; readonly link: string | undefined };
  readonly #namesShown: boolean;
  readonly #trips = new RoundTrips();
  readonly #names = new Map<Ip, string>();
  #sequence = 0;
  /** The most requests that were under way at once. */
  #pipe = 0;
  #startedAt: Instant;
  #lastEventAt: Instant;

  constructor(
    sys: NetSys,
    socket: EchoSocket,
    options: PingOptions,
    address: Ip,
    way: { readonly source: Ip | undefined; readonly link: string | undefined },
    namesShown: boolean,
  ) {
    this.#sys = sys;
    this.#socket = socket;
    this.#options = options;
    this.#address = address;
    this.#way = way;
    this.#namesShown = namesShown;
    this.#startedAt = sys.now;
    this.#lastEventAt = sys.now;
  }

  *run(): Routine<number> {
    const { count, deadline, preload } = this.#options;
    const end = deadline === undefined ? undefined : after(this.#sys.now, seconds(deadline));
    this.#startedAt = this.#sys.now;
    let next: Instant | undefined;
    for (let i = 0; i < Math.min(preload, count ?? preload); i++) next = yield* this.#send();
    for (;;) {
      const done = this.#trips.received + this.#trips.errors;
      if (count !== undefined && done >= count) break;
      if (deadline !== undefined && this.#trips.errors > 0) break;
      if (end !== undefined && this.#sys.now >= end) break;
      const allSent = count !== undefined && this.#trips.transmitted >= count && deadline === undefined;
      if (next !== undefined && this.#sys.now >= next) {
        if (allSent) break;
        next = yield* this.#send();
        continue;
      }
      const until = next !== undefined && (end === undefined || next < end) ? next : end;
      const answer = yield* this.#socket.receive(until);
      if (!answer.ok) {
        if (answer.error === "EINTR" && (yield* this.#interrupted())) break;
        continue;
      }
      yield* this.#show(answer.value);
      if ((this.#options.isFlood || this.#options.isAdaptive) && !allSent && answer.value.kind === "reply") next = this.#afterAnswer(next);
    }
    yield* this.#finish();
    const tooFew = deadline !== undefined && count !== undefined && this.#trips.received < count;
    return this.#trips.received === 0 || tooFew ? 1 : 0;
  }

  /** Sends one request; when the next one is due (or, after the last, when to stop waiting). */
  *#send(): Routine<Instant> {
    const sys = this.#sys;
    const options = this.#options;
    const trips = this.#trips;
    if (options.reportsOutstanding && this.#sequence > 0 && !trips.isAnswered(this.#sequence)) {
      yield* this.#line(`no answer yet for icmp_seq=${this.#sequence}\n`);
    }
    this.#sequence++;
    const sent = this.#socket.send(this.#address, {
      sequence: this.#sequence & 0xffff,
      length: options.size,
      ...(options.ttl !== undefined ? { ttl: options.ttl } : {}),
      ...(options.dontFragment ? { dontFragment: true } : {}),
      ...(this.#way.source !== undefined ? { from: this.#way.source } : {}),
      ...(this.#way.link !== undefined ? { link: this.#way.link } : {}),
    });
    trips.sent(this.#sequence & 0xffff, sys.now);
    this.#lastEventAt = sys.now;
    if (!sent.ok) {
      if (sent.error === "EMSGSIZE") trips.errors++;
      if (options.isFlood) yield* print(sys, "E");
      else if (!options.isQuiet) yield* complain(sys, `ping: sendmsg: ${strerror(sent.error)}\n`);
    } else if (options.isFlood && !options.isQuiet) yield* print(sys, ".");
    const allSent = options.count !== undefined && trips.transmitted >= options.count && options.deadline === undefined;
    if (allSent) {
      const longest = trips.received > 0 ? Math.max(2 * trips.longest, options.interval * 1_000_000) : options.wait * 1_000_000;
      return after(sys.now, micros(longest));
    }
    // Each turn starts a little late, as timers and schedulers have it.
    const pause = options.isFlood && options.interval === 0 ? FLOOD_PAUSE : seconds(options.interval);
    return after(sys.now, micros(pause + (options.interval >= 0.2 ? sys.random.below(16_000) : 0)));
  }

  #afterAnswer(next: Instant | undefined): Instant | undefined {
    if (this.#options.isAdaptive) {
      const soon = after(this.#sys.now, millis(Math.max(2, this.#trips.smoothed / 1_000)));
      return next !== undefined && next < soon ? next : soon;
    }
    return this.#options.interval === 0 ? this.#sys.now : next;
  }

  *#show(reply: EchoReply): Routine<void> {
    const options = this.#options;
    const trips = this.#trips;
    this.#lastEventAt = this.#sys.now;
    this.#pipe = Math.max(this.#pipe, ((this.#sequence - reply.sequence) & 0xffff) + 1);
    const from = yield* this.#shown(reply.from);
    if (reply.kind === "error") {
      trips.errors++;
      if (options.isQuiet) return;
      if (options.isFlood) return yield* print(this.#sys, "\bE");
      return yield* this.#line(`From ${from} icmp_seq=${reply.sequence} ${errorText(reply, familyOf(this.#address))}\n`);
    }
    const heard = trips.heard(reply.sequence, this.#sys.now);
    if (options.isQuiet) return;
    if (options.isFlood) return yield* print(this.#sys, heard?.isDuplicate ? "" : "\b \b");
    const ident = options.isVerbose ? ` ident=${this.#socket.id}` : "";
    const time = options.size >= TIME_SIZE && heard ? ` time=${shownTime(heard.micros)} ms` : "";
    const duplicate = heard?.isDuplicate ? " (DUP!)" : "";
    yield* this.#line(
      `${options.isAudible ? "\x07" : ""}${reply.bytes} bytes from ${from}: icmp_seq=${reply.sequence} ${ident === "" ? "" : `${ident.trimStart()} `}ttl=${reply.ttl}${time}${duplicate}\n`,
    );
  }

  *#line(text: string): Routine<void> {
    yield* print(this.#sys, this.#options.stamps ? stamp(this.#sys.now) + text : text);
  }

  /** `name (address)`, or the bare address. */
  *#shown(address: Ip): Routine<string> {
    if (!this.#namesShown) return address;
    const known = this.#names.get(address);
    if (known !== undefined) return known;
    const name = yield* resolveAddress(this.#sys, address);
    const text = name === undefined ? address : `${name} (${address})`;
    this.#names.set(address, text);
    return text;
  }

  /** True: stop. SIGQUIT only asks how it goes. */
  *#interrupted(): Routine<boolean> {
    if (this.#sys.takeSignal() !== "QUIT") return true;
    const trips = this.#trips;
    const times =
      trips.received > 0
        ? `, min/avg/ewma/max = ${[trips.shortest, trips.mean, trips.smoothed, trips.longest].map(milliseconds).join("/")} ms`
        : "";
    yield* complain(this.#sys, `\r${trips.received}/${trips.transmitted} packets, ${Math.floor(trips.loss)}% loss${times}\n`);
    return false;
  }

  *#finish(): Routine<void> {
    const options = this.#options;
    const trips = this.#trips;
    const duplicates = trips.duplicates > 0 ? `, +${trips.duplicates} duplicates` : "";
    const errors = trips.errors > 0 ? `, +${trips.errors} errors` : "";
    const span = Math.floor(elapsed(this.#startedAt, this.#lastEventAt) / 1_000);
    let text = `\n--- ${options.host} ping statistics ---\n`;
    text += `${trips.transmitted} packets transmitted, ${trips.received} received${duplicates}${errors}, ${shownPercent(trips.loss)}% packet loss, time ${span}ms\n`;
    const parts: string[] = [];
    if (trips.received > 0 && options.size >= TIME_SIZE) {
      parts.push(`rtt min/avg/max/mdev = ${[trips.shortest, trips.mean, trips.longest, trips.deviation].map(milliseconds).join("/")} ms`);
    }
    if (this.#pipe > 1) parts.push(`pipe ${this.#pipe}`);
    if (
      trips.received > 0 &&
      options.size >= TIME_SIZE &&
      trips.transmitted > 1 &&
      (options.isFlood || options.isAdaptive || options.interval === 0)
    ) {
      const gap = elapsed(this.#startedAt, this.#lastEventAt) / (trips.transmitted - 1);
      parts.push(`ipg/ewma ${milliseconds(gap)}/${milliseconds(trips.smoothed)} ms`);
    }
    yield* print(this.#sys, `${text}${parts.join(", ")}\n`);
  }
}

function errorText(reply: Extract<EchoReply, { kind: "error" }>, family: 4 | 6): string {
  if (reply.error !== "fragmentation-needed") return (family === 6 ? ERROR_TEXT_V6 : ERROR_TEXT)[reply.error];
  return family === 6 ? `Packet too big: mtu=${reply.mtu ?? 0}` : `${ERROR_TEXT[reply.error]} (mtu = ${reply.mtu ?? 0})`;
}

/** Fewer decimals the longer it took. */
function shownTime(time: number): string {
  if (time >= 99_950) return String(Math.floor((time + 500) / 1_000));
  if (time >= 9_995) return `${Math.floor((time + 50) / 1_000)}.${Math.floor(((time + 50) % 1_000) / 100)}`;
  if (time >= 1_000) return `${Math.floor((time + 5) / 1_000)}.${String(Math.floor(((time + 5) % 1_000) / 10)).padStart(2, "0")}`;
  return milliseconds(time);
}

/** C's %g: six significant digits. */
function shownPercent(percent: number): string {
  return String(Number(percent.toPrecision(6)));
}
