/** The command line of tcpdump 4.99: what it accepts, and how it refuses. */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { getopt } from "../command/getopt";
import type { BytesStyle, TimeStyle } from "./print-frame";

export type TcpdumpOptions = {
  readonly link: string | undefined;
  readonly count: number | undefined;
  readonly isNumeric: boolean;
  readonly verbosity: number;
  readonly isQuick: boolean;
  readonly showsLink: boolean;
  readonly absoluteSequences: boolean;
  readonly ignoresChecksums: boolean;
  readonly isLineBuffered: boolean;
  readonly numbers: boolean;
  readonly isPromiscuous: boolean;
  readonly time: TimeStyle;
  readonly bytes: BytesStyle;
  readonly direction: "in" | "out" | "inout";
  readonly writes: string | undefined;
  readonly reads: string | undefined;
  /** `--print`: lines as well as a file. */
  readonly printsToo: boolean;
  readonly listsLinks: boolean;
  readonly countsOnly: boolean;
  readonly filter: string;
};

export type Refusal = { readonly stdout?: string; readonly stderr?: string; readonly status: number };

const VERSION = `tcpdump version 4.99.6
libpcap version 1.11.0 (64-bit time_t, with TPACKET_V3)
OpenSSL 3.6.5 29 Sep 2026
64-bit build, 64-bit time_t
`;

const USAGE = `${VERSION}Usage: tcpdump [-AbdDefghHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
\t\t[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
\t\t[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
\t\t[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
\t\t[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
\t\t[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
\t\t[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
\t\t[ -z postrotate-command ] [ -Z user ] [ expression ]
`;

const LONG = {
  count: "count",
  interface: "i:",
  "list-interfaces": "D",
  help: "h",
  version: "version",
  number: "#",
  print: "print",
  "no-promiscuous-mode": "p",
  "absolute-tcp-sequence-numbers": "S",
  "dont-verify-checksums": "K",
  direction: "Q:",
  "packet-buffered": "U",
  "relinquish-privileges": "Z:",
  "snapshot-length": "s:",
  "immediate-mode": "immediate-mode",
  micro: "micro",
  "buffer-size": "B:",
};

const NOT_SIMULATED: Readonly<Record<string, string>> = {
  b: "-b",
  d: "-d",
  E: "-E",
  F: "-F",
  G: "-G",
  C: "-C",
  W: "-W",
  z: "-z",
  I: "-I",
  J: "-J",
  j: "-j",
  L: "-L",
  M: "-M",
  T: "-T",
  V: "-V",
  y: "-y",
  H: "-H",
};

export function parseTcpdumpOptions(args: readonly string[]): Result<TcpdumpOptions, Refusal> {
  const parsed = getopt(args, {
    short: "AbB:c:C:dDeE:fF:G:hHi:Ij:JKlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:#",
    long: LONG,
    stopsAtOperand: true,
  });
  if (!parsed.ok) return fail({ stderr: `tcpdump: ${parsed.error}\n${USAGE}`, status: 1 });
  const { options, operands } = parsed.value;
  const count = (key: string): number => options.filter((option) => option.key === key).length;
  const has = (key: string): boolean => count(key) > 0;
  const last = (key: string): string | undefined => options.findLast((option) => option.key === key)?.value;
  if (has("version")) return fail({ stdout: VERSION, status: 0 });
  if (has("h")) return fail({ stdout: USAGE, status: 0 });
  for (const { key } of options) {
    const what = NOT_SIMULATED[key];
    if (what !== undefined) return fail({ stderr: `${notSimulated(`tcpdump ${what}`)}\n`, status: 1 });
  }
  const limit = last("c");
  if (limit !== undefined && (!/^\d+$/.test(limit) || Number(limit) <= 0))
    return fail({ stderr: `tcpdump: invalid packet count ${limit}\n`, status: 1 });
  const snapshot = last("s");
  if (snapshot !== undefined && !/^\d+$/.test(snapshot)) return fail({ stderr: `tcpdump: invalid snaplen ${snapshot}\n`, status: 1 });
  const direction = last("Q") ?? "inout";
  if (direction !== "in" && direction !== "out" && direction !== "inout")
    return fail({ stderr: `tcpdump: unknown capture direction '${direction}'\n`, status: 1 });
  const times: readonly TimeStyle[] = ["default", "none", "epoch", "delta", "date", "since-first"];
  const time = times[count("t")];
  if (time === undefined) return fail({ stderr: "tcpdump: only -t, -tt, -ttt, -tttt, and -ttttt are supported\n", status: 1 });
  return ok({
    link: last("i"),
    count: limit === undefined ? undefined : Number(limit),
    isNumeric: has("n"),
    verbosity: count("v"),
    isQuick: has("q"),
    showsLink: has("e"),
    absoluteSequences: has("S"),
    ignoresChecksums: has("K"),
    isLineBuffered: has("l") || has("U"),
    numbers: has("#"),
    isPromiscuous: !has("p"),
    time,
    bytes: bytesStyle(count("A"), count("x"), count("X")),
    direction,
    writes: last("w"),
    reads: last("r"),
    printsToo: has("print"),
    listsLinks: has("D"),
    countsOnly: has("count"),
    filter: operands.join(" "),
  });
}

function bytesStyle(ascii: number, hex: number, both: number): BytesStyle {
  if (both > 0) return both > 1 ? "both-link" : "both";
  if (hex > 0) return hex > 1 ? "hex-link" : "hex";
  return ascii > 0 ? "ascii" : "none";
}
