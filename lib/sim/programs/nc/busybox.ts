/**
 * busybox's nc: a connection to a port, or one taken in, joined to standard input and output.
 *
 * Follows busybox 1.38 networking/nc.c by what it prints. After the end of its input it sends a FIN and waits for the other
 * side's. `-f` (a file in place of the network) is not simulated.
 */

import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { seconds } from "@/lib/sim/core/time";
import { ANY_V4, type Ip, isV4, parseIp } from "@/lib/sim/net/address";
import type { NetSys, TcpConnection } from "@/lib/sim/kernel";
import { BUSYBOX_BANNER } from "../command/command";
import { getopt } from "../command/getopt";
import { resolveName } from "../resolv/resolve-name";
import { exchange } from "./exchange";
import { portNumber } from "./service-port";

const USAGE = `Usage: nc [-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]

Open a pipe to IP:PORT or FILE

\t-l\tListen mode, for inbound connects
\t\t(use -ll with -e for persistent server)
\t-p PORT\tLocal port
\t-w SEC\tConnect timeout
\t-i SEC\tDelay interval for lines sent
\t-f FILE\tUse file (ala /dev/ttyS0) instead of network
\t-e PROG\tRun PROG after connect
`;

type Options = {
  /** How many `-l` there were. */
  readonly listens: number;
  readonly localPort: number;
  readonly wait: number | undefined;
  /** What `-e` runs: all that follows. */
  readonly program: readonly string[] | undefined;
  readonly operands: readonly string[];
};

export function* busyboxNc(sys: NetSys): Routine<number> {
  const options = yield* readOptions(sys);
  if (typeof options === "number") return options;
  if (options.listens > 0) return yield* listen(sys, options);
  const [host = "", port = "0"] = options.operands;
  const found = yield* resolveName(sys, host, { family: "any" });
  const address = found.ok ? found.value[0] : undefined;
  if (address === undefined) return yield* die(sys, `bad address '${host}'`);
  const remotePort = portNumber(port);
  if (remotePort === undefined) return yield* die(sys, `bad port '${port}'`);
  const connected = yield* sys.netns.sockets.connect(
    { address, port: remotePort },
    {
      ...(options.localPort > 0 ? { bind: { port: options.localPort } } : {}),
      ...(options.wait !== undefined ? { timeout: seconds(options.wait) } : {}),
    },
  );
  if (!connected.ok) {
    if (connected.error === "ETIMEDOUT" && options.wait !== undefined) return yield* die(sys, "timed out");
    return yield* die(sys, `can't connect to remote host${isV4(address) ? ` (${address})` : ""}: ${strerror(connected.error)}`);
  }
  return yield* serve(sys, connected.value, options);
}

function* listen(sys: NetSys, options: Options): Routine<number> {
  const address = listenAddress(options.operands);
  const listener = sys.netns.sockets.listen({ address, port: options.localPort }, { backlog: 1 });
  if (!listener.ok) return yield* die(sys, `bind: ${strerror(listener.error)}`);
  for (;;) {
    const accepted = yield* listener.value.accept();
    if (!accepted.ok) return yield* die(sys, `accept: ${strerror(accepted.error)}`);
    const isPersistent = options.listens > 1;
    if (!isPersistent) listener.value.close();
    const status = yield* serve(sys, accepted.value, options);
    if (!isPersistent) return status;
  }
}

function listenAddress(operands: readonly string[]): Ip {
  const [host] = operands;
  return (host === undefined ? undefined : parseIp(host)) ?? ANY_V4;
}

function* serve(sys: NetSys, connection: TcpConnection, options: Options): Routine<number> {
  try {
    if (options.program === undefined) {
      yield* exchange(sys, connection, { input: 0, output: 1, onInputEnd: "shutdown", onRemoteEnd: "end" });
      return 0;
    }
    return yield* runProgram(sys, connection, options.program);
  } finally {
    connection.close();
  }
}

/** `-e`: a program whose standard input and output are the connection. Here two pipes stand between them. */
function* runProgram(sys: NetSys, connection: TcpConnection, argv: readonly string[]): Routine<number> {
  const [name = ""] = argv;
  const path = findProgram(sys, name);
  if (path === undefined) return yield* die(sys, `can't execute '${name}': ${strerror("ENOENT")}`, 127);
  const toProgram = sys.pipe();
  const fromProgram = sys.pipe();
  const child = sys.spawn({
    image: { path },
    argv,
    fds: new Map([
      [0, toProgram.read],
      [1, fromProgram.write],
      [2, fromProgram.write],
    ]),
  });
  sys.close(toProgram.read);
  sys.close(fromProgram.write);
  if (!child.ok) return yield* die(sys, `can't execute '${name}': ${strerror(child.error)}`, 127);
  sys.ignoreSignals("PIPE");
  yield* exchange(sys, connection, {
    input: fromProgram.read,
    output: toProgram.write,
    onInputEnd: "shutdown",
    onRemoteEnd: "end",
    lingerAfterInput: seconds(0),
  });
  sys.close(toProgram.write);
  sys.close(fromProgram.read);
  connection.close();
  const end = yield* sys.waitpid(child.value);
  return end.ok && end.value?.kind === "exited" ? end.value.status : 0;
}

function findProgram(sys: NetSys, name: string): string | undefined {
  if (name.includes("/")) return sys.stat(name).ok ? name : undefined;
  const directories = (sys.env.get("PATH") ?? "/sbin:/usr/sbin:/bin:/usr/bin").split(":");
  return directories.map((directory) => `${directory}/${name}`).find((path) => sys.stat(path).ok);
}

function* readOptions(sys: NetSys): Routine<Options | number> {
  const args = sys.argv.slice(1);
  // `-e` takes the rest of the line.
  const at = args.findIndex((arg) => /^-[^-]*e$/.test(arg));
  const program = at >= 0 ? args.slice(at + 1) : undefined;
  const before = at >= 0 ? [...args.slice(0, at), ...(args[at] === "-e" ? [] : [(args[at] ?? "").slice(0, -1)])] : args;
  const parsed = getopt(before, { short: "lp:w:i:f:n", long: { help: "help" } });
  const usage = function* (message?: string): Routine<number> {
    yield* complain(sys, `${message === undefined ? "" : `nc: ${message}\n`}${BUSYBOX_BANNER}\n\n${USAGE}`);
    return 1;
  };
  if (!parsed.ok) return yield* usage(parsed.error);
  const { options, operands } = parsed.value;
  const has = (key: string): boolean => options.some((option) => option.key === key);
  const last = (key: string): string | undefined => options.findLast((option) => option.key === key)?.value;
  if (has("help") || (program !== undefined && program.length === 0)) return yield* usage();
  if (has("f")) {
    yield* complain(sys, `${notSimulated("nc -f")}\n`);
    return 1;
  }
  const listens = options.filter((option) => option.key === "l").length;
  if (listens === 0 ? operands.length < 1 || operands.length > 2 : operands.length > 1) return yield* usage();
  const port = last("p");
  const localPort = port === undefined ? 0 : portNumber(port);
  if (localPort === undefined) return yield* die(sys, `bad port '${port}'`);
  for (const key of ["w", "i"]) {
    const value = last(key);
    if (value !== undefined && !/^\d+$/.test(value)) return yield* die(sys, `invalid number '${value}'`);
  }
  const wait = last("w");
  return { listens, localPort, wait: wait === undefined ? undefined : Number(wait), program, operands };
}

function* die(sys: NetSys, message: string, status = 1): Routine<number> {
  yield* complain(sys, `nc: ${message}\n`);
  return status;
}
