/** Passing TCP connections on: moby's cmd/docker-proxy/tcp_proxy_linux.go. */

import type { Routine } from "@/lib/sim/core/task";
import { Together } from "@/lib/sim/core/together";
import type { NetSys, SocketAddress, TcpConnection, TcpListener } from "@/lib/sim/kernel";
import { hostPort, log, opError } from "./log";

export function* relayTcp(sys: NetSys, listener: TcpListener, backend: SocketAddress): Routine<number> {
  const connections = new Together();
  connections.add(acceptAll(sys, listener, backend, connections));
  try {
    while ((yield* connections.run(() => sys.now)) !== "ended");
  } finally {
    connections.end();
    listener.close();
  }
  return 0;
}

function* acceptAll(sys: NetSys, listener: TcpListener, backend: SocketAddress, connections: Together): Routine<void> {
  for (;;) {
    const accepted = yield* listener.accept();
    if (!accepted.ok) return;
    connections.add(serve(sys, accepted.value, backend, connections));
  }
}

function* serve(sys: NetSys, client: TcpConnection, to: SocketAddress, connections: Together): Routine<void> {
  const dialled = yield* closingOnCancel(client, sys.netns.sockets.connect(to));
  if (!dialled.ok) {
    client.close();
    yield* log(sys, `Can't forward traffic to backend tcp/${hostPort(to)}: ${opError("dial", "tcp", to, dialled.error)}`);
    return;
  }
  const backend = dialled.value;
  const pair = { open: 2 };
  const close = (): void => {
    pair.open--;
    if (pair.open > 0) return;
    client.close();
    backend.close();
  };
  connections.add(copy(backend, client, close));
  connections.add(copy(client, backend, close));
}

/** One direction, until its end; then the other side is told that no more comes. */
function* copy(from: TcpConnection, to: TcpConnection, finished: () => void): Routine<void> {
  try {
    for (;;) {
      const text = yield* from.read();
      if (!text.ok || text.value === "") break;
      const written = yield* to.write(text.value);
      if (!written.ok) break;
    }
    to.shutdownWrite();
  } finally {
    finished();
  }
}

/** Runs `routine`; when it is ended from outside, `connection` is closed. */
function* closingOnCancel<T>(connection: TcpConnection, routine: Routine<T>): Routine<T> {
  let isDone = false;
  try {
    const value = yield* routine;
    isDone = true;
    return value;
  } finally {
    if (!isDone) connection.close();
  }
}
