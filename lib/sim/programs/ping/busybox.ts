/**
 * busybox's ping: what `docker exec CONTAINER ping …` runs in most images.
 *
 * Follows busybox 1.38 networking/ping.c by what it prints: requests are numbered from 0, errors that routers report are not
 * shown, and without an answer the last request is waited for ten seconds (`-W`). `-p` sets no pattern that anybody sees.
 */

import { strerror } from "@/lib/sim/core/errno";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, type Instant, micros, seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import type { EchoSocket, NetSys } from "@/lib/sim/kernel";
import { BUSYBOX_BANNER } from "../command/command";
import { getopt } from "../command/getopt";
import { resolveName } from "../resolv/resolve-name";
import { mayUseRawSockets } from "./raw-socket";
import { milliseconds, RoundTrips } from "./round-trips";

const USAGE = `Usage: ping [OPTIONS] HOST

Send ICMP ECHO_REQUESTs to HOST

\t-4,-6\t\tForce IP or IPv6 name resolution
\t-c CNT\t\tSend only CNT pings
\t-s SIZE\t\tSend SIZE data bytes in packets (default 56)
\t-i SECS\t\tInterval
\t-A\t\tPing as soon as reply is received
\t-t TTL\t\tSet TTL
\t-I IFACE/IP\tSource interface or IP address
\t-W SEC\t\tSeconds to wait for the first response (default 10)
\t\t\t(after all -c CNT packets are sent)
\t-w SEC\t\tSeconds until ping exits (default:infinite)
\t\t\t(can exit earlier with -c CNT)
\t-q\t\tQuiet, only display output at start/finish
\t-p HEXBYTE\tPayload pattern
`;

type Options = {
  readonly host: string;
  readonly family: 4 | 6 | "any";
  /** 0: until stopped. */
  readonly count: number;
  readonly size: number;
  readonly interval: number;
  readonly isAdaptive: boolean;
  readonly isQuiet: boolean;
  readonly ttl: number | undefined;
  readonly link: string | undefined;
  readonly source: Ip | undefined;
  readonly wait: number;
  readonly deadline: number | undefined;
};

export function* busyboxPing(sys: NetSys): Routine<number> {
  const options = yield* readOptions(sys);
  if (options === undefined) return 1;
  const found = yield* resolveName(sys, options.host, { family: options.family });
  const address = found.ok ? found.value[0] : undefined;
  if (address === undefined) {
    yield* complain(sys, `ping: bad address '${options.host}'\n`);
    return 1;
  }
  if (options.link !== undefined && !sys.netns.links.linkByName(options.link)) {
    yield* complain(sys, `ping: can't bind to interface ${options.link}: ${strerror("ENODEV")}\n`);
    return 1;
  }
  const from = options.source === undefined ? "" : ` from ${options.source}`;
  yield* print(sys, `PING ${options.host} (${address})${from}: ${options.size} data bytes\n`);
  if (!mayUseRawSockets(sys)) {
    yield* complain(sys, "ping: permission denied (are you root?)\n");
    return 1;
  }
  const socket = sys.netns.sockets.echo();
  sys.catchSignals("INT");
  try {
    return yield* exchange(sys, socket, address, options);
  } finally {
    socket.close();
  }
}

function* exchange(sys: NetSys, socket: EchoSocket, address: Ip, options: Options): Routine<number> {
  const trips = new RoundTrips();
  const end = options.deadline === undefined ? undefined : after(sys.now, seconds(options.deadline));
  let sequence = 0;
  /** When to send the next one, or to stop. */
  let next: Instant = sys.now;
  let isLast = false;
  for (;;) {
    if (end !== undefined && sys.now >= end) break;
    if (sys.now >= next) {
      if (isLast) break;
      const sent = socket.send(address, {
        sequence,
        length: options.size,
        ...(options.ttl !== undefined ? { ttl: options.ttl } : {}),
        ...(options.source !== undefined ? { from: options.source } : {}),
        ...(options.link !== undefined ? { link: options.link } : {}),
      });
      if (!sent.ok) {
        yield* complain(sys, `ping: sendto: ${strerror(sent.error)}\n`);
        return 1;
      }
      trips.sent(sequence, sys.now);
      sequence = (sequence + 1) & 0xffff;
      isLast = options.count > 0 && trips.transmitted >= options.count;
      next = after(sys.now, isLast ? lastWait(trips, options) : seconds(options.interval));
    }
    const until = end !== undefined && end < next ? end : next;
    const answer = yield* socket.receive(until);
    if (!answer.ok) {
      if (answer.error === "EINTR") break;
      continue;
    }
    if (answer.value.kind !== "reply") continue;
    const { from, sequence: number, ttl, bytes } = answer.value;
    const heard = trips.heard(number, sys.now);
    if (!heard) continue;
    const time = options.size >= 4 ? ` time=${milliseconds(heard.micros)} ms` : "";
    if (!options.isQuiet)
      yield* print(sys, `${bytes} bytes from ${from}: seq=${number} ttl=${ttl}${time}${heard.isDuplicate ? " (DUP!)" : ""}\n`);
    if (options.count > 0 && trips.received >= options.count) break;
    if (options.isAdaptive && !isLast) next = sys.now;
  }
  yield* print(sys, summary(options.host, trips));
  return trips.received === 0 || (options.deadline !== undefined && trips.received < options.count) ? 1 : 0;
}

/** Two round trips when there was an answer before, at least a second. */
function lastWait(trips: RoundTrips, options: Options): ReturnType<typeof seconds> {
  if (trips.received === 0) return seconds(options.wait);
  return micros(Math.max(1_000_000, Math.floor(trips.longest / 524_288) * 1_000_000));
}

function summary(host: string, trips: RoundTrips): string {
  const duplicates = trips.duplicates > 0 ? `${trips.duplicates} duplicates, ` : "";
  const counts = `${trips.transmitted} packets transmitted, ${trips.received} packets received, ${duplicates}${Math.floor(trips.loss)}% packet loss\n`;
  const times =
    trips.received === 0 ? "" : `round-trip min/avg/max = ${[trips.shortest, trips.mean, trips.longest].map(milliseconds).join("/")} ms\n`;
  return `\n--- ${host} ping statistics ---\n${counts}${times}`;
}

function* readOptions(sys: NetSys): Routine<Options | undefined> {
  const parsed = getopt(sys.argv.slice(1), { short: "qvAc:s:t:w:W:I:i:p:46", long: { help: "help" } });
  const usage = function* (message?: string): Routine<undefined> {
    yield* complain(sys, `${message === undefined ? "" : `ping: ${message}\n`}${BUSYBOX_BANNER}\n\n${USAGE}`);
    return undefined;
  };
  if (!parsed.ok) return yield* usage(parsed.error);
  const { options, operands } = parsed.value;
  const [host] = operands;
  if (host === undefined || operands.length > 1 || options.some((option) => option.key === "help")) return yield* usage();
  const last = (key: string): string | undefined => options.findLast((option) => option.key === key)?.value;
  for (const key of ["c", "s", "t", "w", "W"]) {
    const value = last(key);
    if (value !== undefined && !/^\d+$/.test(value)) {
      yield* complain(sys, `ping: invalid number '${value}'\n`);
      return undefined;
    }
  }
  const interval = last("i") ?? "1";
  if (!/^\d*\.?\d+$/.test(interval)) {
    yield* complain(sys, `ping: invalid number '${interval}'\n`);
    return undefined;
  }
  const through = last("I");
  const source = through === undefined ? undefined : parseIp(through);
  const number = (key: string): number | undefined => (last(key) === undefined ? undefined : Number(last(key)));
  const has = (key: string): boolean => options.some((option) => option.key === key);
  return {
    host,
    family: has("6") ? 6 : has("4") ? 4 : "any",
    count: number("c") ?? 0,
    size: number("s") ?? 56,
    interval: Number(interval),
    isAdaptive: has("A"),
    isQuiet: has("q"),
    ttl: number("t"),
    link: source === undefined ? through : undefined,
    source,
    wait: number("W") ?? 10,
    deadline: number("w") === 0 ? undefined : number("w"),
  };
}
