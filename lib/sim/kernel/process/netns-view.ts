/**
 * A network namespace as one process sees it: its sockets are closed when it ends, and what needs CAP_NET_ADMIN or
 * CAP_NET_RAW is refused without it (capabilities(7); the checks are in Linux's net/core/rtnetlink.c, net/packet/af_packet.c).
 */

import { fail, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Instant } from "@/lib/sim/core/time";
import type { Netns } from "../netns";
import type { Rtnetlink } from "../net/rtnetlink";
import type { SocketOwner, Sockets, TcpConnection, TcpListener } from "../net/socket";
import type { Netfilter } from "../netfilter/rule";
import type { Proc } from "./process";

const PRIVILEGED_PORTS = "net.ipv4.ip_unprivileged_port_start";

/** `owner` is what `ss -p` shows of the process. */
export function netnsView(netns: Netns, proc: Proc, owner: SocketOwner): Netns {
  const mayAdminister = proc.capabilities.has("NET_ADMIN");
  return {
    id: netns.id,
    links: mayAdminister ? netns.links : readOnlyLinks(netns.links),
    sockets: ownedSockets(netns, proc, owner),
    iptables: mayAdminister ? netns.iptables : readOnlyRules(netns.iptables),
    ip6tables: mayAdminister ? netns.ip6tables : readOnlyRules(netns.ip6tables),
    conntrack: mayAdminister ? netns.conntrack : { list: () => netns.conntrack.list(), remove: () => 0 },
    sysctl: (key) => netns.sysctl(key),
    setSysctl: (key, value) => (mayAdminister || proc.user.uid === 0 ? netns.setSysctl(key, value) : fail("EACCES")),
    sysctls: () => netns.sysctls(),
  };
}

function ownedSockets(netns: Netns, proc: Proc, owner: SocketOwner): Sockets {
  const { sockets } = netns;
  const mayUseRaw = proc.capabilities.has("NET_RAW");
  const mayBind = (port: number): boolean => {
    if (port === 0 || port >= 1024 || proc.capabilities.has("NET_BIND_SERVICE")) return true;
    const start = netns.sysctl(PRIVILEGED_PORTS);
    return start.ok && port >= Number(start.value);
  };
  return {
    udp(local, options) {
      if (!mayBind(local.port)) return fail("EACCES");
      return mapped(sockets.udp(local, { owner, ...options }), (socket) => owned(socket, proc));
    },
    listen(local, options) {
      if (!mayBind(local.port)) return fail("EACCES");
      return mapped(sockets.listen(local, { owner, ...options }), (listener) => ownedListener(listener, proc));
    },
    *connect(to, options) {
      return mapped(yield* sockets.connect(to, { owner, ...options }), (connection) => ownedConnection(connection, proc));
    },
    echo: (options) => owned(sockets.echo({ owner, ...options }), proc),
    probe: (to, options) => sockets.probe(to, options),
    tap: (link) => (mayUseRaw ? mapped(sockets.tap(link), (tap) => owned(tap, proc)) : fail("EPERM")),
    sendFrame: (link, frame) => (mayUseRaw ? sockets.sendFrame(link, frame) : fail("EPERM")),
    list: () => sockets.list(),
  };
}

function mapped<T, U>(result: Result<T, Errno>, map: (value: T) => U): Result<U, Errno> {
  return result.ok ? { ok: true, value: map(result.value) } : result;
}

/** Closing a socket takes it off the process's list. */
function owned<T extends { close(): void }>(socket: T, proc: Proc): T {
  const handle = {
    close: () => {
      proc.sockets.delete(handle);
      socket.close();
    },
  };
  proc.sockets.add(handle);
  return forwarding(socket, { close: handle.close });
}

function ownedConnection(connection: TcpConnection, proc: Proc): TcpConnection {
  const handle = {
    close: () => {
      proc.sockets.delete(handle);
      connection.close();
    },
  };
  proc.sockets.add(handle);
  return forwarding(connection, {
    close: handle.close,
    abort: () => {
      proc.sockets.delete(handle);
      connection.abort();
    },
  });
}

function ownedListener(listener: TcpListener, proc: Proc): TcpListener {
  return forwarding(owned(listener, proc), {
    *accept(until?: Instant) {
      return mapped(yield* listener.accept(until), (connection) => ownedConnection(connection, proc));
    },
  });
}

/** `target` with some members replaced; everything else is passed on to it. */
function forwarding<T extends object>(target: T, replaced: Readonly<Record<string, unknown>>): T {
  return new Proxy(target, {
    get(_, key) {
      if (Object.hasOwn(replaced, key)) return Reflect.get(replaced, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function readOnlyLinks(links: Rtnetlink): Rtnetlink {
  const refuse = (): Result<never, { readonly errno: Errno }> => fail({ errno: "EPERM" });
  return forwarding(links, {
    addLink: refuse,
    change: refuse,
    deleteLink: refuse,
    addAddress: refuse,
    deleteAddress: refuse,
    addRoute: refuse,
    deleteRoute: refuse,
    addNeighbour: refuse,
    deleteNeighbour: refuse,
    flushNeighbours: () => {},
    addFdb: refuse,
    deleteFdb: refuse,
  });
}

function readOnlyRules(rules: Netfilter): Netfilter {
  const refuse = (): Result<never, { readonly kind: "invalid"; readonly why: string }> =>
    fail({ kind: "invalid", why: "Operation not permitted" });
  return forwarding(rules, {
    newChain: refuse,
    deleteChain: refuse,
    renameChain: refuse,
    setPolicy: refuse,
    append: refuse,
    insert: refuse,
    replace: refuse,
    deleteNumber: refuse,
    deleteRule: refuse,
    flush: refuse,
    zero: refuse,
  });
}
