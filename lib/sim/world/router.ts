/**
 * The LAN's router, and all of the Internet that there is: it answers ping, forwards, resolves names, and is 8.8.8.8.
 *
 * It is a Linux kernel like the hosts', without programs. Names are those of the recorded world: `dns.google` and Docker
 * Hub's; every other name is NXDOMAIN at once. Its answers carry the authoritative bit, as the recorded server's do.
 */

import { unwrap } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import { type Routine, Task } from "@/lib/sim/core/task";
import { type Ipv4, parseIpv4, parsePrefix } from "@/lib/sim/net/address";
import type { DnsMessage, DnsRecord } from "@/lib/sim/net/dns";
import { Kernel, type KernelTrace, type UdpSocket } from "@/lib/sim/kernel";
import type { Lan } from "./lan";

/** The one host beyond the router that answers. */
const OUTSIDE = "8.8.8.8";
const TTL_SECONDS = 60;

const ZONE: Readonly<Record<string, string>> = {
  "dns.google": OUTSIDE,
  "registry-1.docker.io": "192.168.56.1",
  "auth.docker.io": "192.168.56.1",
  "index.docker.io": "192.168.56.1",
};

export function startRouter(env: {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: KernelTrace;
  readonly lan: Lan;
  readonly address: string;
  readonly length: number;
}): Kernel {
  const kernel = new Kernel({ host: "router", scheduler: env.scheduler, random: env.random, trace: env.trace, programs: new Map() });
  const cable = env.lan.connect();
  const mac = macOfAddress(env.address);
  cable.onFrame(kernel.plugIn({ name: "lan", mac }, cable.send));

  const { links, sockets } = kernel.root.net;
  const lo = unwrap(found(links.linkByName("lo")?.index, "lo"));
  const lan = unwrap(found(links.linkByName("lan")?.index, "lan"));
  unwrap(links.change(lo, { set: "up", up: true }));
  unwrap(links.addAddress(lo, { prefix: unwrap(found(parsePrefix(`${OUTSIDE}/32`), OUTSIDE)) }));
  unwrap(links.change(lan, { set: "up", up: true }));
  unwrap(links.addAddress(lan, { prefix: unwrap(found(parsePrefix(`${env.address}/${env.length}`), env.address)) }));
  unwrap(kernel.root.net.setSysctl("net.ipv4.ip_forward", "1"));

  const server = unwrap(sockets.udp({ address: unwrap(found(parseIpv4(env.address), env.address)), port: 53 }));
  new Task(env.scheduler, serveNames(server));
  return kernel;
}

/** 02:42 and the address, as the recorded hosts' network cards. */
export function macOfAddress(address: string): string {
  return `02:42:${address
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join(":")}`;
}

function* serveNames(server: UdpSocket): Routine<void> {
  for (;;) {
    const datagram = yield* server.receive();
    if (!datagram.ok) return;
    const { payload, from } = datagram.value;
    if (payload.kind !== "dns" || payload.message.isResponse) continue;
    server.send({ kind: "dns", message: answer(payload.message) }, from);
  }
}

function answer(query: DnsMessage): DnsMessage {
  const { name, type } = query.question;
  const address = ZONE[name.toLowerCase().replace(/\.$/, "")];
  const answers: DnsRecord[] =
    address !== undefined && (type === "A" || type === "ANY") ? [{ type: "A", name, ttl: TTL_SECONDS, address: address as Ipv4 }] : [];
  return {
    id: query.id,
    isResponse: true,
    recursionDesired: query.recursionDesired,
    recursionAvailable: true,
    isAuthoritative: true,
    code: address === undefined ? "NXDOMAIN" : "NOERROR",
    question: query.question,
    answers,
  };
}

function found<T>(
  value: T | undefined,
  what: string,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string } {
  return value === undefined ? { ok: false, error: `${what} is missing` } : { ok: true, value };
}
