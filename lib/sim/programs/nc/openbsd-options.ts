/** The command line of OpenBSD's netcat as Debian packages it (1.239): what it accepts, and how it refuses. */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { getopt } from "../command/getopt";

export type NcOptions = {
  readonly family: 4 | 6 | "any";
  readonly listens: boolean;
  /** `-k`: goes on listening. */
  readonly keeps: boolean;
  readonly isUdp: boolean;
  readonly isVerbose: boolean;
  /** `-z`: only looks whether somebody listens. */
  readonly scans: boolean;
  readonly isNumeric: boolean;
  readonly readsInput: boolean;
  /** `-N`: FIN after the end of input. */
  readonly shutsDown: boolean;
  /** `-q`: seconds after the end of input. */
  readonly quitAfter: number | undefined;
  /** `-w`, in seconds. */
  readonly timeout: number | undefined;
  readonly sourceAddress: string | undefined;
  readonly sourcePort: string | undefined;
  readonly isRandom: boolean;
  readonly crlf: boolean;
  readonly host: string | undefined;
  readonly port: string | undefined;
};

export type Refusal = { readonly stderr: string; readonly status: number };

export const USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]
`;

const HELP = `OpenBSD netcat (Debian patchlevel 1.239-1)
${USAGE}\tCommand Summary:
\t\t-4\t\tUse IPv4
\t\t-6\t\tUse IPv6
\t\t-b\t\tAllow broadcast
\t\t-C\t\tSend CRLF as line-ending
\t\t-D\t\tEnable the debug socket option
\t\t-d\t\tDetach from stdin
\t\t-F\t\tPass socket fd
\t\t-h\t\tThis help text
\t\t-I length\tTCP receive buffer length
\t\t-i interval\tDelay interval for lines sent, ports scanned
\t\t-k\t\tKeep inbound sockets open for multiple connects
\t\t-l\t\tListen mode, for inbound connects
\t\t-M ttl\t\tOutgoing TTL / Hop Limit
\t\t-m minttl\tMinimum incoming TTL / Hop Limit
\t\t-N\t\tShutdown the network socket after EOF on stdin
\t\t-n\t\tSuppress name/port resolutions
\t\t-O length\tTCP send buffer length
\t\t-P proxyuser\tUsername for proxy authentication
\t\t-p port\t\tSpecify local port for remote connects
\t\t-q secs\t\tquit after EOF on stdin and delay of secs
\t\t-r\t\tRandomize remote ports
\t\t-S\t\tEnable the TCP MD5 signature option
\t\t-s sourceaddr\tLocal source address
\t\t-T keyword\tTOS value
\t\t-t\t\tAnswer TELNET negotiation
\t\t-U\t\tUse UNIX domain socket
\t\t-u\t\tUDP mode
\t\t-V rtable\tSpecify alternate routing table
\t\t-v\t\tVerbose
\t\t-W recvlimit\tTerminate after receiving a number of packets
\t\t-w timeout\tTimeout for connects and final net reads
\t\t-X proto\tProxy protocol: "4", "4A", "5" (SOCKS) or "connect"
\t\t-x addr[:port]\tSpecify proxy address and port
\t\t-Z\t\tDCCP mode
\t\t-z\t\tZero-I/O mode [used for scanning]
\tPort numbers can be individual or ranges: lo-hi [inclusive]
`;

/** Real, and not here. */
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  F: "nc -F (passing a descriptor)",
  M: "nc -M",
  m: "nc -m",
  P: "nc -P (proxy)",
  S: "nc -S (TCP MD5)",
  T: "nc -T",
  t: "nc -t (telnet)",
  U: "nc -U (Unix sockets)",
  V: "nc -V",
  W: "nc -W",
  X: "nc -X (proxy)",
  x: "nc -x (proxy)",
  Z: "nc -Z (DCCP)",
  i: "nc -i",
};

export function parseNcOptions(args: readonly string[]): Result<NcOptions, Refusal> {
  const parsed = getopt(args, { short: "46bCDdFhI:i:klM:m:NnO:P:p:q:rSs:T:tUuV:vW:w:X:x:Zz" });
  if (!parsed.ok) return fail({ stderr: `nc: ${parsed.error}\n${USAGE}`, status: 1 });
  const { options, operands } = parsed.value;
  const has = (key: string): boolean => options.some((option) => option.key === key);
  const last = (key: string): string | undefined => options.findLast((option) => option.key === key)?.value;
  if (has("h")) return fail({ stderr: HELP, status: 0 });
  for (const { key } of options) {
    const what = NOT_SIMULATED[key];
    if (what !== undefined) return fail({ stderr: `${notSimulated(what)}\n`, status: 1 });
  }
  const timeout = last("w");
  if (timeout !== undefined && !/^\d+$/.test(timeout)) return fail({ stderr: `nc: timeout invalid: ${timeout}\n`, status: 1 });
  const quit = last("q");
  if (quit !== undefined && !/^-?\d+$/.test(quit)) return fail({ stderr: `nc: quit timer invalid: ${quit}\n`, status: 1 });
  const listens = has("l");
  const sourcePort = last("p");
  const place = findPlace(operands, listens, sourcePort);
  if (!place.ok) return place;
  if (listens && has("z")) return fail({ stderr: "nc: cannot use -z and -l\n", status: 1 });
  if (!listens && has("k")) return fail({ stderr: "nc: must use -l with -k\n", status: 1 });
  return ok({
    family: has("6") ? 6 : has("4") ? 4 : "any",
    listens,
    keeps: has("k"),
    isUdp: has("u"),
    isVerbose: has("v"),
    scans: has("z"),
    isNumeric: has("n"),
    readsInput: !has("d"),
    shutsDown: has("N"),
    quitAfter: quit === undefined || quit.startsWith("-") ? undefined : Number(quit),
    timeout: timeout === undefined ? undefined : Number(timeout),
    sourceAddress: last("s"),
    sourcePort,
    isRandom: has("r"),
    crlf: has("C"),
    ...place.value,
  });
}

/** `nc HOST PORT`, `nc -l [HOST] PORT`, `nc -l -p PORT [HOST]`. */
function findPlace(
  operands: readonly string[],
  listens: boolean,
  sourcePort: string | undefined,
): Result<{ readonly host: string | undefined; readonly port: string | undefined }, Refusal> {
  const [first, second] = operands;
  if (operands.length > 2) return fail({ stderr: USAGE, status: 1 });
  if (listens) {
    if (sourcePort !== undefined && second === undefined) return ok({ host: first, port: sourcePort });
    if (first === undefined) return fail({ stderr: "nc: missing port number\n", status: 1 });
    return second === undefined ? ok({ host: undefined, port: first }) : ok({ host: first, port: second });
  }
  if (first === undefined) return fail({ stderr: USAGE, status: 1 });
  if (second === undefined) return fail({ stderr: "nc: missing port number\n", status: 1 });
  return ok({ host: first, port: second });
}
