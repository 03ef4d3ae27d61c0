/**
 * Carries out a probe: a process with the namespaces of its source asks by real frames, and the kernels tell what became
 * of them.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { Routine } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import type { Kernel, KernelEvent, Namespaces, NetSys } from "@/lib/sim/kernel";
import { resolveName } from "@/lib/sim/programs/resolv/resolve-name";
import { fetchHttp } from "@/lib/sim/programs/http/client";
import type { Host } from "./host";
import type { ProbeOutcome, ProbeReport, ProbeRequest, ProbeSource } from "./probe";

/** How long a probe waits for an answer: longer than three lost ARP requests, shorter than a person's patience. */
const PATIENCE = seconds(5);

export type ProbeEnvironment = {
  readonly request: ProbeRequest;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly router: Kernel;
  readonly scheduler: Scheduler;
  /** Filled by the world while the probe runs. */
  readonly events: KernelEvent[];
};

export function runProbe(env: ProbeEnvironment): ProbeReport {
  const source = findSource(env.request.from, env);
  if (!source.ok) return { outcome: { kind: "no-source", why: source.why }, events: [] };

  let outcome: ProbeOutcome | undefined;
  const started = source.kernel.processes.start({
    namespaces: source.namespaces,
    path: "/proc/self/exe",
    run: function* (sys) {
      outcome = yield* ask(sys, env.request);
      return 0;
    },
    argv: ["probe"],
    env: new Map(),
    cwd: "/",
    stdio: { kind: "null" },
  });
  if (!started.ok) throw new InvariantViolation(`a probe does not start: ${started.error}`);
  const deadline = after(env.scheduler.now, seconds(30));
  while (!started.value.end && (env.scheduler.nextAt ?? deadline) < deadline) env.scheduler.step();
  if (!outcome) throw new InvariantViolation("a probe did not end within its own patience");

  const death =
    outcome.kind === "ok" ? undefined : env.events.find((event) => event.kind === "drop" && isOurs(event, outcome as ProbeOutcome));
  return { outcome, events: env.events, ...(death?.kind === "drop" ? { death } : {}) };
}

type Source =
  | { readonly ok: true; readonly kernel: Kernel; readonly namespaces: Namespaces }
  | { readonly ok: false; readonly why: string };

function findSource(from: ProbeSource, env: ProbeEnvironment): Source {
  if (from.kind === "outside") return { ok: true, kernel: env.router, namespaces: env.router.root };
  const host = env.hosts.get(from.host);
  if (!host) return { ok: false, why: `there is no host ${from.host}` };
  if (from.kind === "host") return { ok: true, kernel: host.kernel, namespaces: host.kernel.root };
  const container = host.daemon.containers().find((one) => one.name === from.name);
  if (!container) return { ok: false, why: `there is no container ${from.name} on ${from.host}` };
  const namespaces = host.daemon.namespacesOf(container.id);
  if (!namespaces) return { ok: false, why: `the container ${from.name} is ${container.state}, not running` };
  return { ok: true, kernel: host.kernel, namespaces };
}

function* ask(sys: NetSys, request: ProbeRequest): Routine<ProbeOutcome> {
  const literal = parseIp(request.to);
  let addresses: readonly Ip[] = literal ? [literal] : [];
  if (!literal) {
    const resolved = yield* resolveName(sys, request.to, { family: 4 });
    if (!resolved.ok) return { kind: "no-such-name", name: request.to };
    addresses = resolved.value;
  }
  const [address] = addresses;
  if (!address) return { kind: "no-such-name", name: request.to };
  switch (request.what.kind) {
    case "resolve":
      return { kind: "ok", address, addresses };
    case "ping":
      return yield* ping(sys, address);
    case "tcp": {
      const connected = yield* sys.netns.sockets.connect({ address, port: request.what.port }, { timeout: PATIENCE });
      if (!connected.ok) return failure(connected.error, address);
      connected.value.close();
      return { kind: "ok", address };
    }
    case "http": {
      const { port, path } = request.what;
      const answer = yield* fetchHttp(sys, { address, port, host: request.to, path: path ?? "/", timeout: PATIENCE });
      if (!answer.ok) return failure(answer.error, address);
      return { kind: "ok", address, status: answer.value.status, body: answer.value.body };
    }
  }
}

function* ping(sys: NetSys, address: Ip): Routine<ProbeOutcome> {
  const socket = sys.netns.sockets.echo();
  try {
    const sent = socket.send(address, { sequence: 1, length: 56 });
    if (!sent.ok) return failure(sent.error, address);
    const reply = yield* socket.receive(after(sys.now, PATIENCE));
    if (!reply.ok) return failure(reply.error === "EAGAIN" ? "ETIMEDOUT" : reply.error, address);
    if (reply.value.kind === "reply") return { kind: "ok", address };
    const why = reply.value.error.startsWith("net") ? "net" : reply.value.error.endsWith("prohibited") ? "prohibited" : "host";
    return { kind: "unreachable", address, why };
  } finally {
    socket.close();
  }
}

function failure(errno: string, address: Ip): ProbeOutcome {
  switch (errno) {
    case "ECONNREFUSED":
    case "ECONNRESET":
      return { kind: "refused", address };
    case "ENETUNREACH":
    case "ENETDOWN":
      return { kind: "unreachable", address, why: "net" };
    case "EHOSTUNREACH":
    case "EHOSTDOWN":
      return { kind: "unreachable", address, why: "host" };
    case "EACCES":
    case "EPERM":
      return { kind: "unreachable", address, why: "prohibited" };
    default:
      return { kind: "timeout", address };
  }
}

/** Whether a drop is of a packet that this probe sent or was to get: it has the probed address as an end. */
function isOurs(event: Extract<KernelEvent, { kind: "drop" }>, outcome: ProbeOutcome): boolean {
  if (event.reason.kind === "not-for-us") return false;
  if (!("address" in outcome)) return true;
  const packet = "payload" in event.packet && !("kind" in event.packet) ? event.packet.payload : event.packet;
  if (!("kind" in packet)) return false;
  if (packet.kind === "arp") return packet.targetIp === outcome.address || packet.senderIp === outcome.address;
  return (
    packet.destination === outcome.address ||
    packet.source === outcome.address ||
    event.reason.kind === "rule" ||
    event.reason.kind === "policy"
  );
}
