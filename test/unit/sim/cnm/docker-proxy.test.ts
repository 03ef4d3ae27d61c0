import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { type Routine, Task } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import type { Netns } from "@/lib/sim/kernel";
import { ANY_V4 } from "@/lib/sim/net/address";
import { boot, ip, published, type TestHost } from "./host";

/** Runs until the routine has ended; what it returned. */
function run<T>(host: TestHost, routine: Routine<T>, span = 10): T | undefined {
  const task = new Task(host.scheduler, routine);
  host.pass(span);
  return task.end?.kind === "returned" ? task.end.value : undefined;
}

/** A server that says what it heard, once the other side has said all, and from whom. */
function serveTcp(host: TestHost, netns: Netns): void {
  const listener = unwrap(netns.sockets.listen({ address: ANY_V4, port: 80 }));
  new Task(
    host.scheduler,
    (function* () {
      for (;;) {
        const accepted = yield* listener.accept();
        if (!accepted.ok) return;
        let heard = "";
        for (let text = yield* accepted.value.read(); text.ok && text.value !== ""; text = yield* accepted.value.read())
          heard += text.value;
        yield* accepted.value.write(`${accepted.value.remote.address} said ${heard}`);
        accepted.value.close();
      }
    })(),
  );
}

function* talk(host: TestHost, netns: Netns, address: string, port: number): Routine<string> {
  const connected = yield* netns.sockets.connect({ address: ip(address), port }, { timeout: seconds(3) });
  if (!connected.ok) return connected.error;
  const connection = connected.value;
  yield* connection.write("hello ");
  yield* connection.write("there");
  connection.shutdownWrite();
  let answer = "";
  for (;;) {
    const text = yield* connection.read(after(host.scheduler.now, seconds(3)));
    if (!text.ok) return text.error;
    if (text.value === "") return answer;
    answer += text.value;
  }
}

test("The proxy carries a connection from the host's own loopback to the container, and both ways to their end", () => {
  const host = boot();
  const web = host.container("web");
  unwrap(web.connect("bridge", published("8080:80")));
  serveTcp(host, web.sandbox.netns);
  expect(run(host, talk(host, host.kernel.root.net, "127.0.0.1", 8080))).toBe("172.17.0.1 said hello there");
});

test("The proxy ends a connection to a port where nobody listens in the container", () => {
  const host = boot();
  unwrap(host.container("web").connect("bridge", published("8080:80")));
  expect(run(host, talk(host, host.kernel.root.net, "127.0.0.1", 8080))).toBe("ECONNRESET");
  expect(run(host, talk(host, host.kernel.root.net, "127.0.0.1", 8081))).toBe("ECONNREFUSED");
});

test("When the container leaves, the proxy and its connections go", () => {
  const host = boot();
  const web = host.container("web");
  unwrap(web.connect("bridge", published("8080:80")));
  const listener = unwrap(web.sandbox.netns.sockets.listen({ address: ANY_V4, port: 80 }));
  const client = unwrap(
    run(host, host.kernel.root.net.sockets.connect({ address: ip("127.0.0.1"), port: 8080 }), 1) ??
      ({ ok: false, error: "EAGAIN" } as const),
  );
  expect(listener.hasPending).toBe(true);
  web.sandbox.delete();
  expect(host.kernel.processes.list().map(({ name }) => name)).toEqual(["systemd"]);
  const ended = run(host, client.read());
  expect(ended).toEqual({ ok: true, value: "" });
});

/** Asks once over UDP; what came back, and from where. */
function* askUdp(host: TestHost, netns: Netns, address: string, port: number): Routine<string> {
  const socket = unwrap(netns.sockets.udp({ address: ANY_V4, port: 0 }));
  unwrap(socket.send({ kind: "text", text: "ping" }, { address: ip(address), port }));
  const answer = yield* socket.receive(after(host.scheduler.now, seconds(3)));
  socket.close();
  if (!answer.ok) return answer.error;
  const { from, payload } = answer.value;
  return `${payload.kind === "text" ? payload.text : payload.kind} from ${from.address}:${from.port}`;
}

function serveUdp(host: TestHost, netns: Netns): void {
  const socket = unwrap(netns.sockets.udp({ address: ANY_V4, port: 53 }));
  new Task(
    host.scheduler,
    (function* () {
      for (;;) {
        const received = yield* socket.receive();
        if (!received.ok) return;
        socket.send({ kind: "text", text: `pong ${received.value.from.address}` }, received.value.from);
      }
    })(),
  );
}

test("Datagrams come back from the address that was asked, also to the container's own neighbours", () => {
  const host = boot();
  const [web, other] = [host.container("web"), host.container("other")];
  unwrap(web.connect("bridge", published("5353:53/udp")));
  unwrap(other.connect("bridge"));
  serveUdp(host, web.sandbox.netns);
  expect(run(host, askUdp(host, host.kernel.root.net, "127.0.0.1", 5353))).toBe("pong 172.17.0.1 from 127.0.0.1:5353");
  expect(run(host, askUdp(host, other.sandbox.netns, "192.168.56.11", 5353))).toBe("pong 172.17.0.1 from 192.168.56.11:5353");
});

test("A conversation over UDP is given up after 90 idle seconds", () => {
  const host = boot();
  const web = host.container("web");
  unwrap(web.connect("bridge", published("5353:53/udp")));
  serveUdp(host, web.sandbox.netns);
  run(host, askUdp(host, host.kernel.root.net, "127.0.0.1", 5353));
  const sockets = (): number => host.kernel.root.net.sockets.list().filter(({ protocol }) => protocol === "udp").length;
  expect(sockets()).toBe(3);
  host.pass(70);
  expect(sockets()).toBe(3);
  host.pass(30);
  expect(sockets()).toBe(2);
});

/** By hand, without the daemon. */
function byHand(host: TestHost, ...words: readonly string[]): string {
  const started = unwrap(
    host.kernel.processes.start({
      namespaces: host.kernel.root,
      path: "/usr/sbin/docker-proxy",
      argv: ["docker-proxy", ...words],
      env: new Map(),
      cwd: "/",
      stdio: { kind: "streams", stdin: false },
    }),
  );
  host.pass(1);
  const status = started.end?.kind === "exited" ? started.end.status : "runs";
  return `${status} ${started.stdout?.take()}${started.stderr?.take()}`;
}

test("Its flags are those of a Go program", () => {
  const host = boot();
  expect(byHand(host, "-v")).toBe("0 docker-proxy (commit 89c5e8fd66634b6128fc4c0e6f1236e2540e46e0) version 28.5.2\n");
  expect(byHand(host, "-h")).toMatch(/^0 Usage of docker-proxy:\n {2}-container-ip value\n {4}\tcontainer ip \(default 0\.0\.0\.0\)\n/);
  expect(byHand(host, "-x")).toMatch(/^2 flag provided but not defined: -x\nUsage of/);
  expect(byHand(host, "-host-port", "abc")).toMatch(/^2 invalid value "abc" for flag -host-port: parse error\nUsage of/);
  expect(byHand(host, "-host-ip", "abc")).toMatch(/^2 invalid value "abc" for flag -host-ip: invalid IP address: abc\n/);
  expect(byHand(host, "-use-listen-fd=maybe")).toMatch(/^2 invalid boolean value "maybe" for -use-listen-fd: parse error\n/);
  expect(byHand(host, "-proto")).toMatch(/^2 flag needs an argument: -proto\n/);
  expect(byHand(host, "-proto", "sctpx")).toBe("1 ");
  expect(byHand(host, "-host-port", "9000", "-container-ip", "127.0.0.1", "-container-port", "9001")).toBe("runs ");
  expect(run(host, talk(host, host.kernel.root.net, "127.0.0.1", 9000))).toBe("ECONNRESET");
});
