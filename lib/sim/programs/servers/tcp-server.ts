/** What the servers in images have in common: they listen, serve many connections, and end on a signal. */

import { complain } from "@/lib/sim/core/stdio";
import type { SignalName } from "@/lib/sim/core/signal";
import type { Routine } from "@/lib/sim/core/task";
import { millis } from "@/lib/sim/core/time";
import { Together } from "@/lib/sim/core/together";
import { ANY_V6, type Ip } from "@/lib/sim/net/address";
import type { NetSys, TcpConnection, TcpListener } from "@/lib/sim/kernel";
import { strerror } from "@/lib/sim/core/errno";

export type TcpService = {
  readonly name: string;
  readonly ports: readonly number[];
  /** Default `::`, which takes IPv4 as well. */
  readonly address?: Ip;
  /** Signals that end it, and with which status. */
  readonly endOn: Readonly<Partial<Record<SignalName, number>>>;
  readonly serve: (sys: NetSys, connection: TcpConnection) => Routine<void>;
  /** How often it tries again to bind, half a second apart (nginx: five times). */
  readonly retries?: number;
  /** Printed once for each try that failed. */
  readonly onRetry?: (port: number, why: string) => string;
  /** Printed to stderr when a port is taken; the status then. */
  readonly onTaken?: (port: number, why: string) => { readonly text: string; readonly status: number };
};

export function* runTcpService(sys: NetSys, service: TcpService): Routine<number> {
  sys.catchSignals(...(Object.keys(service.endOn) as SignalName[]));
  const listeners: TcpListener[] = [];
  for (const port of service.ports) {
    let listening = sys.netns.sockets.listen({ address: service.address ?? ANY_V6, port }, { backlog: 511 });
    for (let left = service.retries ?? 0; left > 0 && !listening.ok && listening.error === "EADDRINUSE"; left--) {
      if (service.onRetry) yield* complain(sys, service.onRetry(port, strerror(listening.error)));
      yield* sys.sleep(millis(500));
      const signal = sys.takeSignal();
      if (signal !== undefined) return service.endOn[signal] ?? 1;
      listening = sys.netns.sockets.listen({ address: service.address ?? ANY_V6, port }, { backlog: 511 });
    }
    if (!listening.ok) {
      const words = strerror(listening.error);
      const taken = service.onTaken?.(port, words) ?? { text: `${service.name}: bind: ${words}\n`, status: 1 };
      yield* complain(sys, taken.text);
      return taken.status;
    }
    listeners.push(listening.value);
  }
  const together = new Together();
  for (const listener of listeners) together.add(acceptAll(sys, service, listener, together));
  for (;;) {
    yield* together.run(() => sys.now);
    for (let signal = sys.takeSignal(); signal !== undefined; signal = sys.takeSignal()) {
      const status = service.endOn[signal];
      if (status === undefined) continue;
      together.end();
      for (const listener of listeners) listener.close();
      return status;
    }
  }
}

function* acceptAll(sys: NetSys, service: TcpService, listener: TcpListener, together: Together): Routine<void> {
  for (;;) {
    const accepted = yield* listener.accept();
    if (!accepted.ok) return;
    together.add(serveOne(sys, service, accepted.value));
  }
}

function* serveOne(sys: NetSys, service: TcpService, connection: TcpConnection): Routine<void> {
  try {
    yield* service.serve(sys, connection);
  } finally {
    connection.close();
  }
}
