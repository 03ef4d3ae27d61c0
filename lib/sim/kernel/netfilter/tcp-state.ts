/**
 * How conntrack follows a TCP connection (net/netfilter/nf_conntrack_proto_tcp.c, `tcp_conntracks`). `conntrack -L` prints the
 * state's name. Sequence numbers and windows are not checked (as with nf_conntrack_tcp_be_liberal).
 */

import { type Duration, seconds } from "@/lib/sim/core/time";
import type { TcpFlags } from "@/lib/sim/net/frame";

export type ConntrackTcpState =
  | "NONE"
  | "SYN_SENT"
  | "SYN_RECV"
  | "ESTABLISHED"
  | "FIN_WAIT"
  | "CLOSE_WAIT"
  | "LAST_ACK"
  | "TIME_WAIT"
  | "CLOSE"
  | "SYN_SENT2";

/** net.netfilter.nf_conntrack_tcp_timeout_*. */
export const TCP_TIMEOUTS: Readonly<Record<ConntrackTcpState, Duration>> = {
  NONE: seconds(0),
  SYN_SENT: seconds(120),
  SYN_RECV: seconds(60),
  ESTABLISHED: seconds(432_000),
  FIN_WAIT: seconds(120),
  CLOSE_WAIT: seconds(60),
  LAST_ACK: seconds(30),
  TIME_WAIT: seconds(120),
  CLOSE: seconds(10),
  SYN_SENT2: seconds(120),
};

/** nf_conntrack_tcp_timeout_unacknowledged: the limit while only one side has been heard. */
export const TCP_UNACKNOWLEDGED: Duration = seconds(300);

/** `ignore`: the state stays. `invalid`: the packet belongs to no connection. */
export type TcpStep = ConntrackTcpState | "ignore" | "invalid";

/** What a segment makes of a connection's state. */
export function nextTcpState(state: ConntrackTcpState, direction: "original" | "reply", flags: TcpFlags): TcpStep {
  return STEPS[direction][segmentKind(flags)][STATES.indexOf(state)] ?? "invalid";
}

type SegmentKind = "syn" | "synack" | "fin" | "ack" | "rst" | "none";

function segmentKind(flags: TcpFlags): SegmentKind {
  if (flags.rst) return "rst";
  if (flags.syn) return flags.ack ? "synack" : "syn";
  if (flags.fin) return "fin";
  return flags.ack ? "ack" : "none";
}

const STATES: readonly ConntrackTcpState[] = [
  "NONE",
  "SYN_SENT",
  "SYN_RECV",
  "ESTABLISHED",
  "FIN_WAIT",
  "CLOSE_WAIT",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSE",
  "SYN_SENT2",
];

/** A row of the kernel's table in its own abbreviations: one word for each of `STATES`. */
function row(words: string): readonly TcpStep[] {
  return words.split(" ").map((word) => ABBREVIATIONS.get(word) ?? "invalid");
}

const ABBREVIATIONS: ReadonlyMap<string, TcpStep> = new Map<string, TcpStep>([
  ["NO", "NONE"],
  ["SS", "SYN_SENT"],
  ["SR", "SYN_RECV"],
  ["ES", "ESTABLISHED"],
  ["FW", "FIN_WAIT"],
  ["CW", "CLOSE_WAIT"],
  ["LA", "LAST_ACK"],
  ["TW", "TIME_WAIT"],
  ["CL", "CLOSE"],
  ["S2", "SYN_SENT2"],
  ["IG", "ignore"],
  ["IV", "invalid"],
]);

const STEPS: Readonly<Record<"original" | "reply", Readonly<Record<SegmentKind, readonly TcpStep[]>>>> = {
  original: {
    syn: row("SS SS IG IG IG IG IG SS SS S2"),
    synack: row("IV IV SR IV IV IV IV IV IV SR"),
    fin: row("IV IV FW FW LA LA LA TW CL IV"),
    ack: row("ES IV ES ES CW CW TW TW CL IV"),
    rst: row("IV CL CL CL CL CL CL CL CL CL"),
    none: row("IV IV IV IV IV IV IV IV IV IV"),
  },
  reply: {
    syn: row("IV S2 IV IV IV IV IV SS IV S2"),
    synack: row("IV SR IG IG IG IG IG IG IG SR"),
    fin: row("IV IV FW FW LA LA LA TW CL IV"),
    ack: row("IV IG SR ES CW CW TW TW CL IG"),
    rst: row("IV CL CL CL CL CL CL CL CL CL"),
    none: row("IV IV IV IV IV IV IV IV IV IV"),
  },
};
