/**
 * OpenBSD's netcat, the `nc` of Debian: `nc -zv HOST PORT` tells whether somebody listens, `nc -l` waits for a connection.
 *
 * Follows netcat-openbsd 1.239 (netcat.c) by what it prints; what it says goes to standard error. Without `-N` or `-q` it
 * keeps the connection after the end of its input until the other side closes it.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Errno, strerror } from "@/lib/sim/core/errno";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, millis, seconds } from "@/lib/sim/core/time";
import { ANY_V4, ANY_V6, type Ip, parseIp } from "@/lib/sim/net/address";
import type { NetSys, TcpConnection, UdpSocket } from "@/lib/sim/kernel";
import { resolveAddress, resolveName, RESOLVE_TEXT } from "../resolv/resolve-name";
import { exchange } from "./exchange";
import { type NcOptions, parseNcOptions } from "./openbsd-options";
import { portNumber, Services } from "./service-port";

export function* openbsdNc(sys: NetSys): Routine<number> {
  const parsed = parseNcOptions(sys.argv.slice(1));
  if (!parsed.ok) {
    yield* complain(sys, parsed.error.stderr);
    return parsed.error.status;
  }
  const nc = new Nc(sys, parsed.value);
  if (parsed.value.listens) return yield* parsed.value.isUdp ? nc.listenUdp() : nc.listenTcp();
  return yield* nc.connectAll();
}

class Nc {
  readonly #sys: NetSys;
  readonly #options: NcOptions;
  readonly #services: Services;

  constructor(sys: NetSys, options: NcOptions) {
    this.#sys = sys;
    this.#options = options;
    this.#services = new Services(sys);
  }

  /** One port after the other; 0 when one of them answered. */
  *connectAll(): Routine<number> {
    const { host = "", port = "" } = this.#options;
    const ports = yield* this.#ports(port);
    if (ports === undefined) return 1;
    let status = 1;
    for (const one of ports) {
      const addresses = yield* this.#resolve(host, one);
      if (addresses === undefined) return 1;
      for (const address of addresses) {
        const isUp = yield* this.#options.isUdp ? this.#tryUdp(host, address, one) : this.#tryTcp(host, address, one);
        if (!isUp) continue;
        status = 0;
        break;
      }
    }
    return status;
  }

  *listenTcp(): Routine<number> {
    const sys = this.#sys;
    const { host, port = "", keeps, isVerbose } = this.#options;
    const place = yield* this.#listenPlace(host, port);
    if (place === undefined) return 1;
    const listener = sys.netns.sockets.listen(place, { backlog: 1 });
    if (!listener.ok) return yield* this.#die(strerror(listener.error));
    if (isVerbose) yield* complain(sys, `Listening on ${place.address} ${place.port}\n`);
    for (;;) {
      const accepted = yield* listener.value.accept();
      if (!accepted.ok) return 1;
      if (!keeps) listener.value.close();
      const connection = accepted.value;
      if (isVerbose)
        yield* complain(sys, `Connection received on ${yield* this.#nameOf(connection.remote.address)} ${connection.remote.port}\n`);
      yield* this.#join(connection);
      connection.close();
      if (!keeps) return 0;
    }
  }

  *listenUdp(): Routine<number> {
    const sys = this.#sys;
    const { host, port = "", isVerbose, keeps } = this.#options;
    const place = yield* this.#listenPlace(host, port);
    if (place === undefined) return 1;
    const socket = sys.netns.sockets.udp(place);
    if (!socket.ok) return yield* this.#die(strerror(socket.error));
    if (isVerbose) yield* complain(sys, `Bound on ${place.address} ${place.port}\n`);
    const first = yield* socket.value.receive();
    if (!first.ok) return 1;
    if (isVerbose)
      yield* complain(sys, `Connection received on ${yield* this.#nameOf(first.value.from.address)} ${first.value.from.port}\n`);
    if (first.value.payload.kind === "text") yield* print(sys, first.value.payload.text);
    // Without -k it speaks only with whoever spoke first.
    if (!keeps) socket.value.connect(first.value.from);
    yield* this.#joinUdp(socket.value);
    return 0;
  }

  *#tryTcp(host: string, address: Ip, port: number): Routine<boolean> {
    const sys = this.#sys;
    const { timeout, isVerbose, scans } = this.#options;
    const bind = this.#bind();
    const connected = yield* sys.netns.sockets.connect(
      { address, port },
      {
        ...(bind ? { bind } : {}),
        ...(timeout !== undefined ? { timeout: seconds(timeout) } : {}),
      },
    );
    if (!connected.ok) {
      if (isVerbose) yield* complain(sys, `nc: connect to ${shown(host, address)} port ${port} (tcp) ${why(connected.error, timeout)}\n`);
      return false;
    }
    if (isVerbose || scans) yield* this.#succeeded(host, address, port, "tcp");
    if (!scans) yield* this.#join(connected.value);
    connected.value.close();
    return true;
  }

  /** UDP has no handshake: with `-z` or `-v` a few datagrams are sent, and silence is taken for success. */
  *#tryUdp(host: string, address: Ip, port: number): Routine<boolean> {
    const sys = this.#sys;
    const { isVerbose, scans, sourceAddress, sourcePort } = this.#options;
    const local = {
      address: (sourceAddress === undefined ? undefined : parseIp(sourceAddress)) ?? ANY_V4,
      port: portNumber(sourcePort ?? "0") ?? 0,
    };
    const opened = sys.netns.sockets.udp(local);
    if (!opened.ok) {
      yield* complain(sys, `nc: bind failed: ${strerror(opened.error)}\n`);
      return false;
    }
    const socket = opened.value;
    try {
      const connected = socket.connect({ address, port });
      if (!connected.ok) {
        if (isVerbose)
          yield* complain(sys, `nc: connect to ${shown(host, address)} port ${port} (udp) ${why(connected.error, undefined)}\n`);
        return false;
      }
      if (isVerbose || scans) {
        if (!(yield* this.#isUdpOpen(socket))) return false;
        yield* this.#succeeded(host, address, port, "udp");
      }
      if (!scans) yield* this.#joinUdp(socket);
      return true;
    } finally {
      socket.close();
    }
  }

  /** Four datagrams; the answer "port unreachable" to one makes the next fail. */
  *#isUdpOpen(socket: UdpSocket): Routine<boolean> {
    let isSent = true;
    for (let i = 0; i < 4; i++) {
      isSent = socket.send({ kind: "text", text: "X" }).ok;
      yield* this.#sys.sleep(millis(1));
    }
    return isSent;
  }

  *#succeeded(host: string, address: Ip, port: number, protocol: "tcp" | "udp"): Routine<void> {
    const service = this.#options.isNumeric ? undefined : this.#services.name(port, protocol);
    yield* complain(this.#sys, `Connection to ${shown(host, address)} ${port} port [${protocol}/${service ?? "*"}] succeeded!\n`);
  }

  *#join(connection: TcpConnection): Routine<void> {
    const { readsInput, shutsDown, quitAfter, timeout, listens } = this.#options;
    yield* exchange(this.#sys, connection, {
      input: readsInput ? 0 : undefined,
      output: 1,
      onInputEnd: shutsDown ? "shutdown" : "keep",
      onRemoteEnd: listens ? "end" : "await-input",
      ...(timeout !== undefined ? { idle: seconds(timeout) } : {}),
      ...(quitAfter !== undefined ? { lingerAfterInput: seconds(quitAfter) } : {}),
    });
  }

  *#joinUdp(socket: UdpSocket): Routine<void> {
    const sys = this.#sys;
    const { readsInput, timeout, quitAfter } = this.#options;
    let reads = readsInput;
    let until = timeout === undefined ? undefined : after(sys.now, seconds(timeout));
    for (;;) {
      if (socket.hasData) {
        const datagram = yield* socket.receive(sys.now);
        if (!datagram.ok) return;
        if (datagram.value.payload.kind === "text") yield* print(sys, datagram.value.payload.text);
      } else if (reads && sys.isReadable(0)) {
        const text = yield* sys.read(0);
        if (!text.ok || text.value === "") {
          reads = false;
          if (quitAfter !== undefined) until = after(sys.now, seconds(quitAfter));
        } else if (!socket.send({ kind: "text", text: text.value }).ok) return;
      } else {
        const on = reads ? [socket.readable, ...sys.readable(0).on] : [socket.readable];
        const wake = yield* sys.wait(until === undefined ? { on } : { on, until });
        if (wake.kind !== "ready") return;
        continue;
      }
      if (timeout !== undefined && reads) until = after(sys.now, seconds(timeout));
    }
  }

  #bind(): { readonly address?: Ip; readonly port?: number } | undefined {
    const { sourceAddress, sourcePort } = this.#options;
    const address = sourceAddress === undefined ? undefined : parseIp(sourceAddress);
    const port = sourcePort === undefined ? undefined : portNumber(sourcePort);
    if (address === undefined && port === undefined) return undefined;
    return { ...(address !== undefined ? { address } : {}), ...(port !== undefined ? { port } : {}) };
  }

  *#listenPlace(host: string | undefined, text: string): Routine<{ readonly address: Ip; readonly port: number } | undefined> {
    const port = this.#port(text);
    if (port === undefined) {
      yield* this.#badPort(text);
      return undefined;
    }
    if (host === undefined) return { address: this.#options.family === 6 ? ANY_V6 : ANY_V4, port };
    const [address] = (yield* this.#resolve(host, port)) ?? [];
    return address === undefined ? undefined : { address, port };
  }

  *#resolve(host: string, port: number): Routine<readonly Ip[] | undefined> {
    const { isNumeric, family } = this.#options;
    const found: Result<readonly Ip[], string> = isNumeric ? numeric(host) : yield* this.#lookUp(host, family);
    if (found.ok) return found.value;
    yield* complain(this.#sys, `nc: getaddrinfo for host "${host}" port ${port}: ${found.error}\n`);
    return undefined;
  }

  *#lookUp(host: string, family: NcOptions["family"]): Routine<Result<readonly Ip[], string>> {
    const found = yield* resolveName(this.#sys, host, { family });
    return found.ok ? found : fail(RESOLVE_TEXT[found.error.kind]);
  }

  /** `80`, `http`, `20-25` or several with commas, low to high unless `-r`. */
  *#ports(text: string): Routine<readonly number[] | undefined> {
    const ports: number[] = [];
    for (const part of text.split(",")) {
      const range = /^(\d+)-(\d+)$/.exec(part);
      const low = range ? portNumber(range[1] ?? "") : this.#port(part);
      const high = range ? portNumber(range[2] ?? "") : low;
      if (low === undefined || high === undefined) {
        yield* this.#badPort(range ? ((low === undefined ? range[1] : range[2]) ?? part) : part);
        return undefined;
      }
      for (let port = Math.min(low, high); port <= Math.max(low, high); port++) ports.push(port);
    }
    return this.#options.isRandom ? this.#sys.random.shuffle(ports) : ports;
  }

  #port(text: string): number | undefined {
    const number = portNumber(text);
    if (number !== undefined) return number >= 1 ? number : undefined;
    return /^\d+$/.test(text) ? undefined : this.#services.port(text, this.#options.isUdp ? "udp" : "tcp");
  }

  *#badPort(text: string): Routine<void> {
    const trouble = /^\d+$/.test(text) ? (Number(text) > 65_535 ? "too large" : "too small") : "invalid";
    yield* complain(this.#sys, `nc: port number ${trouble}: ${text}\n`);
  }

  *#nameOf(address: Ip): Routine<string> {
    if (this.#options.isNumeric) return address;
    return (yield* resolveAddress(this.#sys, address)) ?? address;
  }

  *#die(message: string): Routine<number> {
    yield* complain(this.#sys, `nc: ${message}\n`);
    return 1;
  }
}

function shown(host: string, address: Ip): string {
  return host === address ? host : `${host} (${address})`;
}

function why(error: Errno, timeout: number | undefined): string {
  return error === "ETIMEDOUT" && timeout !== undefined ? `timed out: ${strerror("EINPROGRESS")}` : `failed: ${strerror(error)}`;
}

function numeric(host: string): Result<readonly Ip[], string> {
  const address = parseIp(host);
  return address === undefined ? fail(RESOLVE_TEXT["no-name"]) : ok([address]);
}
