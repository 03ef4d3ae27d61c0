import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { type Routine, Task } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { type Ip, type Ipv4, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import type { PacketHooks } from "@/lib/sim/kernel/netfilter/hook";
import { createNetfilter } from "@/lib/sim/kernel/netfilter";
import type { IfIndex, NewRoute, Rtnetlink } from "@/lib/sim/kernel/net/rtnetlink";
import { type NetfilterFactory, NetworkStack } from "@/lib/sim/kernel/net/stack";
import type { Netns } from "@/lib/sim/kernel/netns";
import type { KernelEvent } from "@/lib/sim/kernel/trace";

/** One host whose packet filter is the kernel's own, unless `hooks` are given. */
export class Lab {
  readonly scheduler = new Scheduler();
  readonly events: KernelEvent[] = [];
  readonly stack: NetworkStack;

  constructor(options: { readonly hooks?: PacketHooks; readonly seed?: string; readonly scheduler?: Scheduler } = {}) {
    if (options.scheduler) this.scheduler = options.scheduler;
    const { hooks } = options;
    const netfilter: NetfilterFactory | undefined = hooks && ((stack, environment) => ({ ...createNetfilter(stack, environment), hooks }));
    this.stack = new NetworkStack({
      host: "node1",
      scheduler: this.scheduler,
      random: new Random(options.seed ?? "lab"),
      trace: (event) => this.events.push(event),
      ...(netfilter ? { netfilter } : {}),
    });
  }

  get root(): Netns {
    return this.stack.root;
  }

  /** Runs a routine to its end, or for `limit` simulated seconds. */
  run<T>(routine: Routine<T>, limit = 600): T {
    const task = new Task(this.scheduler, routine);
    const until = after(this.scheduler.now, seconds(limit));
    while (!task.end) {
      const next = this.scheduler.nextAt;
      if (next === undefined || next > until) throw new Error("the routine did not end");
      this.scheduler.step();
    }
    if (task.end.kind !== "returned") throw new Error("the routine was cancelled");
    return task.end.value;
  }

  idle(span: number): void {
    this.scheduler.runUntil(after(this.scheduler.now, seconds(span)));
  }

  drops(): string[] {
    return this.events.flatMap((event) => (event.kind === "drop" ? [`${event.where.link ?? "-"} ${event.reason.kind}`] : []));
  }

  /** A bridge in the root namespace with an address, up. */
  bridge(name: string, cidr: string): IfIndex {
    const { links } = this.root;
    const index = unwrap(links.addLink({ kind: "bridge", name, mac: mac(`02:00:00:00:ff:${(links.links().length + 16).toString(16)}`) }));
    unwrap(links.addAddress(index, address(cidr)));
    unwrap(links.change(index, { set: "up", up: true }));
    return index;
  }

  /** A namespace with `eth0` on a bridge of the root namespace. */
  container(bridge: IfIndex, cidr: string, gateway?: string): Netns {
    const netns = this.stack.create();
    const { links } = this.root;
    const host = unwrap(links.addLink({ kind: "veth", name: `veth${netns.id.slice(-4)}`, peer: { name: "eth0", netns: netns.id } }));
    unwrap(links.change(host, { set: "master", master: bridge }));
    unwrap(links.change(host, { set: "up", up: true }));
    up(netns.links, "lo");
    unwrap(netns.links.addAddress(byName(netns.links, "eth0"), address(cidr)));
    up(netns.links, "eth0");
    if (gateway !== undefined) unwrap(netns.links.addRoute(route("0.0.0.0/0", { gateway: ip(gateway) })));
    return netns;
  }
}

export function mac(text: string): NonNullable<ReturnType<typeof parseMac>> {
  const parsed = parseMac(text);
  if (parsed === undefined) throw new Error(`no MAC address: ${text}`);
  return parsed;
}

export function ip(text: string): Ipv4 {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed as Ipv4;
}

export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(`no prefix: ${text}`);
  return parsed;
}

export function anyIp(text: string): Ip {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(`no address: ${text}`);
  return parsed;
}

export function address(cidr: string): { readonly prefix: Prefix } {
  return { prefix: prefix(cidr) };
}

export function route(destination: string, rest: Omit<NewRoute, "destination"> = {}): NewRoute {
  return { destination: prefix(destination), ...rest };
}

export function byName(links: Rtnetlink, name: string): IfIndex {
  const link = links.linkByName(name);
  if (!link) throw new Error(`no link ${name}`);
  return link.index;
}

export function up(links: Rtnetlink, name: string, isUp = true): void {
  unwrap(links.change(byName(links, name), { set: "up", up: isUp }));
}

/** Sends one echo request; `reply` with its round trip in milliseconds, or the error's name, or `timeout`. */
export function* ping(
  lab: Lab,
  from: Netns,
  to: string,
  options: { readonly length?: number; readonly ttl?: number; readonly dontFragment?: boolean; readonly timeout?: number } = {},
): Routine<string> {
  const socket = from.sockets.echo();
  try {
    const sent = socket.send(anyIp(to), {
      sequence: 1,
      length: options.length ?? 56,
      ...(options.ttl !== undefined ? { ttl: options.ttl } : {}),
      ...(options.dontFragment ? { dontFragment: true } : {}),
    });
    if (!sent.ok) return sent.error;
    const answer = yield* socket.receive(after(lab.scheduler.now, seconds(options.timeout ?? 5)));
    if (!answer.ok) return answer.error === "EAGAIN" ? "timeout" : answer.error;
    const { value } = answer;
    return value.kind === "reply" ? `reply from ${value.from} ttl ${value.ttl} bytes ${value.bytes}` : `${value.error} from ${value.from}`;
  } finally {
    socket.close();
  }
}

export function showRoutes(links: Rtnetlink, table: "main" | "local" = "main"): string[] {
  return links.routes(4, table).map((entry) => {
    const words: string[] = entry.type === "unicast" ? [] : [entry.type];
    words.push(
      entry.destination.length === 0
        ? "default"
        : entry.destination.length === 32
          ? entry.destination.address
          : `${entry.destination.address}/${entry.destination.length}`,
    );
    if (entry.gateway !== undefined) words.push("via", entry.gateway);
    if (entry.link !== undefined) words.push("dev", links.link(entry.link)?.name ?? "?");
    if (entry.protocol !== "boot") words.push("proto", entry.protocol);
    if (entry.scope !== "global") words.push("scope", entry.scope);
    if (entry.source !== undefined) words.push("src", entry.source);
    if (entry.metric !== 0) words.push("metric", String(entry.metric));
    if (entry.state) words.push(entry.state);
    return words.join(" ");
  });
}
