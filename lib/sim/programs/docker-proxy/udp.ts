/**
 * Passing datagrams on: moby's cmd/docker-proxy/udp_proxy_linux.go. Every client gets a socket of its own towards the
 * container, which answers come back through; it is given up when nothing came or went for 90 seconds.
 */

import type { Routine } from "@/lib/sim/core/task";
import { after, elapsed, type Instant, seconds } from "@/lib/sim/core/time";
import { Together } from "@/lib/sim/core/together";
import type { NetSys, SocketAddress, UdpDatagram, UdpSocket } from "@/lib/sim/kernel";
import { ANY_V4, ANY_V6, isV4 } from "@/lib/sim/net/address";
import { hostPort, log, opError } from "./log";

const IDLE = seconds(90);

type Conversation = { readonly backend: UdpSocket; lastSent: Instant };

export function* relayUdp(sys: NetSys, socket: UdpSocket, backend: SocketAddress): Routine<number> {
  const conversations = new Together();
  conversations.add(receiveAll(sys, socket, backend, conversations));
  try {
    while ((yield* conversations.run(() => sys.now)) !== "ended");
  } finally {
    conversations.end();
    socket.close();
  }
  return 0;
}

function* receiveAll(sys: NetSys, socket: UdpSocket, to: SocketAddress, tasks: Together): Routine<void> {
  const byClient = new Map<string, Conversation>();
  for (;;) {
    const received = yield* socket.receive();
    if (!received.ok) {
      if (received.error === "EBADF") return;
      continue;
    }
    const datagram = received.value;
    const key = hostPort(datagram.from);
    let conversation = byClient.get(key);
    if (!conversation) {
      const dialled = dial(sys, to);
      if (!dialled.ok) {
        yield* log(sys, `Can't proxy a datagram to udp/${hostPort(to)}: ${opError("dial", "udp", to, dialled.error)}`);
        continue;
      }
      conversation = { backend: dialled.value, lastSent: sys.now };
      byClient.set(key, conversation);
      tasks.add(answer(sys, socket, conversation, datagram, () => byClient.delete(key)));
    }
    const sent = conversation.backend.send(datagram.payload);
    if (sent.ok) conversation.lastSent = sys.now;
    else yield* log(sys, `Can't proxy a datagram to udp/${hostPort(to)}: ${opError("write", "udp", to, sent.error)}`);
  }
}

function dial(sys: NetSys, to: SocketAddress): ReturnType<NetSys["netns"]["sockets"]["udp"]> {
  const opened = sys.netns.sockets.udp({ address: isV4(to.address) ? ANY_V4 : ANY_V6, port: 0 });
  if (!opened.ok) return opened;
  const connected = opened.value.connect(to);
  if (connected.ok) return opened;
  opened.value.close();
  return connected;
}

/** Answers to one client, from the address that it asked. */
function* answer(sys: NetSys, socket: UdpSocket, conversation: Conversation, asked: UdpDatagram, ended: () => void): Routine<void> {
  const { backend } = conversation;
  try {
    for (;;) {
      const received = yield* backend.receive(after(sys.now, IDLE));
      if (received.ok) {
        const sent = socket.send(received.value.payload, asked.from, { from: asked.to.address });
        if (!sent.ok) return;
        continue;
      }
      // Nobody listens there now; somebody may before the client gives up.
      if (received.error === "ECONNREFUSED") continue;
      if (received.error === "EAGAIN" && elapsed(conversation.lastSent, sys.now) < IDLE) continue;
      return;
    }
  } finally {
    ended();
    backend.close();
  }
}
