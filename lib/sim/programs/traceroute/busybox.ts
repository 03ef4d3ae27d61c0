/**
 * busybox's traceroute: one probe after the other.
 *
 * Follows busybox 1.38 networking/traceroute.c by what it prints. `-r`, `-t`, `-l` and `-v` are not simulated.
 */

import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, elapsed, seconds } from "@/lib/sim/core/time";
import { type Ip, isV4, parseIp } from "@/lib/sim/net/address";
import type { IcmpErrorName, NetSys } from "@/lib/sim/kernel";
import { BUSYBOX_BANNER } from "../command/command";
import { getopt } from "../command/getopt";
import { mayUseRawSockets } from "../ping/raw-socket";
import { milliseconds } from "../ping/round-trips";
import { resolveAddress, resolveName } from "../resolv/resolve-name";
import { EchoProber, headers, type Heard, type Prober, UdpProber } from "./probe";

const USAGE = `Usage: traceroute [-46Flnrv] [-f 1ST_TTL] [-m MAXTTL] [-q PROBES] [-p PORT]
\t[-t TOS] [-w WAIT_SEC] [-s SRC_IP] [-i IFACE]
\t[-z PAUSE_MSEC] HOST [BYTES]

Trace the route to HOST

\t-4,-6\tForce IP or IPv6 name resolution
\t-F\tSet don't fragment bit
\t-l\tDisplay TTL value of the returned packet
\t-n\tPrint numeric addresses
\t-r\tBypass routing tables, send directly to HOST
\t-v\tVerbose
\t-f N\tFirst number of hops (default 1)
\t-m N\tMax number of hops
\t-q N\tNumber of probes per hop (default 3)
\t-p N\tBase UDP port number used in probes
\t\t(default 33434)
\t-s IP\tSource address
\t-i IFACE Source interface
\t-t N\tType-of-service in probe packets (default 0)
\t-w SEC\tWait for a response (default 3)
\t-z MSEC\tWait before each send
`;

const DEFAULT_LENGTH = 46;
const DEFAULT_LENGTH_V6 = 72;

type Options = {
  readonly host: string;
  readonly family: 4 | 6 | "any";
  readonly isNumeric: boolean;
  readonly usesIcmp: boolean;
  readonly first: number;
  readonly hops: number;
  readonly probes: number;
  readonly port: number;
  readonly wait: number;
  readonly pause: number;
  readonly source: Ip | undefined;
  readonly link: string | undefined;
  readonly dontFragment: boolean;
  readonly length: number | undefined;
};

export function* busyboxTraceroute(sys: NetSys): Routine<number> {
  const options = yield* readOptions(sys);
  if (typeof options === "number") return options;
  const die = function* (text: string): Routine<number> {
    yield* complain(sys, `traceroute: ${text}\n`);
    return 1;
  };
  if (!mayUseRawSockets(sys)) return yield* die(`socket: ${strerror("EPERM")}`);
  const found = yield* resolveName(sys, options.host, { family: options.family });
  const address = found.ok ? found.value[0] : undefined;
  if (address === undefined) return yield* die(`bad address '${options.host}'`);
  const route = sys.netns.links.lookup(address);
  if (!route.ok) return yield* die(`can't connect to remote host (${address}): ${strerror(route.error.errno)}`);
  const length = Math.max(options.length ?? (isV4(address) ? DEFAULT_LENGTH : DEFAULT_LENGTH_V6), headers(address));
  yield* print(sys, `traceroute to ${options.host} (${address}), ${options.hops} hops max, ${length} byte packets\n`);
  const place = {
    to: address,
    length: length - headers(address),
    port: options.port,
    fixedPort: false,
    from: options.source,
    link: options.link,
    dontFragment: options.dontFragment,
  };
  const prober = options.usesIcmp ? new EchoProber(sys, place) : new UdpProber(sys, place);
  try {
    return yield* trace(sys, options, prober, address);
  } finally {
    prober.close();
  }
}

function* trace(sys: NetSys, options: Options, prober: Prober, destination: Ip): Routine<number> {
  let index = 0;
  for (let ttl = options.first; ttl <= options.hops; ttl++) {
    yield* print(sys, String(ttl).padStart(2));
    let last: Ip | undefined;
    let arrived = false;
    let unreachable = 0;
    for (let probe = 0; probe < options.probes; probe++) {
      if (options.pause > 0) yield* sys.sleep(seconds(options.pause / 1_000));
      const sentAt = sys.now;
      const sent = prober.send(index, ttl);
      if (!sent.ok) {
        yield* complain(sys, `traceroute: sendto: ${strerror(sent.error)}\n`);
        return 1;
      }
      const answer = yield* waitFor(sys, prober, index, after(sentAt, seconds(options.wait)));
      index++;
      if (answer === "interrupted") return 130;
      if (answer === undefined) {
        yield* print(sys, "  *");
        continue;
      }
      if (answer.from !== last) {
        yield* print(sys, `  ${yield* shown(sys, options, answer.from)}`);
        last = answer.from;
      }
      yield* print(sys, `  ${milliseconds(elapsed(sentAt, sys.now))} ms${remark(answer)}`);
      if (
        answer.from === destination ||
        answer.what === "port-unreachable" ||
        answer.what === "reply" ||
        answer.what === "protocol-unreachable"
      )
        arrived = true;
      else if (answer.what !== "time-exceeded") unreachable++;
    }
    yield* print(sys, "\n");
    if (arrived || (unreachable > 0 && unreachable >= options.probes - 1)) break;
  }
  return 0;
}

function* waitFor(sys: NetSys, prober: Prober, index: number, until: ReturnType<typeof after>): Routine<Heard | "interrupted" | undefined> {
  while (sys.now < until) {
    const heard = yield* prober.hear(until);
    if (heard === undefined) return "interrupted";
    const mine = heard.find((one) => one.index === index);
    if (mine) return mine;
  }
  return undefined;
}

function* shown(sys: NetSys, options: Options, address: Ip): Routine<string> {
  if (options.isNumeric) return address;
  const name = yield* resolveAddress(sys, address);
  return `${name ?? address} (${address})`;
}

const REMARKS = {
  "net-unreachable": " !N",
  "host-unreachable": " !H",
  "protocol-unreachable": " !P",
  "port-unreachable": "",
  "fragmentation-needed": " !F",
  "net-prohibited": " !A",
  "host-prohibited": " !C",
  "admin-prohibited": " !A",
  "time-exceeded": "",
} as const satisfies Record<IcmpErrorName, string>;

function remark(heard: Heard): string {
  if (heard.what === "reply") return "";
  return heard.what === "fragmentation-needed" ? ` !F-${heard.mtu ?? 0}` : REMARKS[heard.what];
}

function* readOptions(sys: NetSys): Routine<Options | number> {
  const parsed = getopt(sys.argv.slice(1), { short: "FIlnrdvxt:i:m:p:q:s:w:g:f:z:46", long: { help: "help" } });
  const usage = function* (message?: string): Routine<number> {
    yield* complain(sys, `${message === undefined ? "" : `traceroute: ${message}\n`}${BUSYBOX_BANNER}\n\n${USAGE}`);
    return 1;
  };
  if (!parsed.ok) return yield* usage(parsed.error);
  const { options, operands } = parsed.value;
  const has = (key: string): boolean => options.some((option) => option.key === key);
  const last = (key: string): string | undefined => options.findLast((option) => option.key === key)?.value;
  const [host, bytes] = operands;
  if (has("help") || host === undefined || operands.length > 2) return yield* usage();
  const refused = options.find((option) => "lrdvxtg".includes(option.key));
  if (refused) {
    yield* complain(sys, `${notSimulated(`traceroute ${refused.spelled}`)}\n`);
    return 1;
  }
  for (const text of [last("m"), last("p"), last("q"), last("w"), last("f"), last("z"), bytes]) {
    if (text !== undefined && !/^\d+$/.test(text)) {
      yield* complain(sys, `traceroute: invalid number '${text}'\n`);
      return 1;
    }
  }
  const number = (key: string, otherwise: number): number => Number(last(key) ?? otherwise);
  const source = last("s");
  return {
    host,
    family: has("6") ? 6 : has("4") ? 4 : "any",
    isNumeric: has("n"),
    usesIcmp: has("I"),
    first: number("f", 1),
    hops: number("m", 30),
    probes: number("q", 3),
    port: number("p", 33_434) + 1,
    wait: number("w", 3),
    pause: number("z", 0),
    source: source === undefined ? undefined : parseIp(source),
    link: last("i"),
    dontFragment: has("F"),
    length: bytes === undefined ? undefined : Number(bytes),
  };
}
