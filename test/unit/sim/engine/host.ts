/** A machine with a daemon and an image of a few small programs, and a client of its API. */

import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import type { ServiceBody, ServiceRequest, ServiceResponse } from "@/lib/sim/core/sys";
import { type Routine, Task } from "@/lib/sim/core/task";
import { instantAt } from "@/lib/sim/core/time";
import { Daemon, type ImageConfig, type ImageManifest } from "@/lib/sim/engine";
import { executable, type FileSpec, Kernel } from "@/lib/sim/kernel";
import { parseIp, parsePrefix } from "@/lib/sim/net/address";
import { programs as proxy } from "@/lib/sim/programs/docker-proxy";
import { testPrograms } from "./programs";

type Method = ServiceRequest["method"];

export type Reply = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string };

export type Stream = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What came so far, each chunk with the name of its stream in front: `out:`, `err:`. */
  readonly chunks: readonly string[];
  readonly text: string;
  readonly hasEnded: boolean;
  send(text: string): void;
  closeInput(): void;
  leave(): void;
};

export type TestHost = {
  readonly kernel: Kernel;
  readonly scheduler: Scheduler;
  readonly daemon: Daemon;
  /** A request and its whole answer. */
  ask(method: Method, path: string, body?: unknown): Reply;
  /** The answer's body as JSON; it must have the status. */
  json<T>(method: Method, path: string, body?: unknown, status?: number): T;
  /** What the daemon says as it refuses. */
  refusal(method: Method, path: string, body?: unknown): string;
  /** A request whose answer goes on. */
  open(method: Method, path: string, body?: unknown): Stream;
  pass(seconds: number): void;
  /** A container that is created and started; its id. */
  run(name: string, cmd: readonly string[], more?: Record<string, unknown>): string;
  /** Events so far as `TYPE ACTION NAME key=value…`. */
  events(): readonly string[];
  runRoutine<T>(routine: Routine<T>): T;
};

const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const CONFIG: ImageConfig = {
  user: "",
  exposedPorts: [],
  env: [PATH],
  entrypoint: undefined,
  cmd: ["sleep", "1000"],
  volumes: [],
  workingDir: "",
  labels: {},
  stopSignal: undefined,
};

const BIN: readonly FileSpec[] = [
  ...[...testPrograms.keys()].map((key): FileSpec => ({ path: `/bin/${key.slice(5)}`, kind: "file", text: executable(key), mode: 0o755 })),
  { path: "/etc/passwd", kind: "file", text: "root:x:0:0:root:/root:/bin/sh\nwww:x:33:33:www:/var/www:/bin/sh\n" },
  { path: "/etc/group", kind: "file", text: "root:x:0:\nwww:x:33:\n" },
  { path: "/docker-entrypoint.sh", kind: "file", text: executable("test/docker-entrypoint.sh"), mode: 0o755 },
  { path: "/etc/note", kind: "file", text: "a note\n" },
  { path: "/data/seed", kind: "file", text: "seed\n" },
];

export function manifest(
  name: string,
  config: Partial<ImageConfig> = {},
  tags: readonly string[] = ["latest"],
  created = 1_700_000_000,
): ImageManifest {
  const random = new Random(`test image ${name}`);
  return {
    repository: name.includes("/") ? `docker.io/${name}` : `docker.io/library/${name}`,
    tags,
    id: random.hex(64),
    digest: `sha256:${random.hex(64)}`,
    architecture: "amd64",
    created,
    size: 2_000_000,
    layers: [{ id: new Random(`layer of ${name}`).hex(12), size: 1_000_000, files: BIN }],
    config: { ...CONFIG, ...config },
  };
}

export const IMAGES: readonly ImageManifest[] = [
  manifest("box", {}, ["latest", "1"]),
  manifest(
    "web",
    {
      exposedPorts: ["80/tcp"],
      cmd: ["sleep", "500"],
      entrypoint: ["run"],
      stopSignal: "SIGQUIT",
      env: [PATH, "MODE=web"],
      labels: { kind: "server" },
    },
    ["latest"],
    1_700_000_100,
  ),
  manifest("busybox", { cmd: ["sh"] }, ["1.36", "1.37", "latest"], 1_699_999_000),
  manifest(
    "nginx",
    { exposedPorts: ["80/tcp"], cmd: ["nginx", "-g", "daemon off;"], entrypoint: ["/docker-entrypoint.sh"], stopSignal: "SIGQUIT" },
    ["1.27", "1.27-alpine", "alpine", "latest", "stable"],
    1_700_000_150,
  ),
  manifest(
    "redis",
    { exposedPorts: ["6379/tcp"], cmd: ["redis-server"], entrypoint: ["docker-entrypoint.sh"], volumes: ["/data"], workingDir: "/data" },
    ["7", "7-alpine", "alpine", "latest"],
    1_700_000_150,
  ),
  manifest("store", { volumes: ["/data"], workingDir: "/data", user: "www" }, ["latest"], 1_700_000_200),
];
export const REMOTE: readonly ImageManifest[] = [...IMAGES, manifest("team/app", {}, ["latest", "2"])];

export function boot(files: readonly FileSpec[] = [], images = IMAGES): TestHost {
  const scheduler = new Scheduler();
  scheduler.limit(2_000_000);
  const random = new Random("engine test");
  const programs = new Map([...testPrograms, ...proxy]);
  const kernel = new Kernel({ host: "node1", scheduler, random: random.fork("kernel"), trace: () => {}, programs });
  kernel.root.mnt.root.add([
    { path: "/usr/sbin/docker-proxy", kind: "file", text: executable("docker/docker-proxy"), mode: 0o755 },
    { path: "/bin/ps", kind: "file", text: executable("test/ps"), mode: 0o755 },
    { path: "/etc/resolv.conf", kind: "file", text: "nameserver 192.168.56.1\n" },
    { path: "/etc/hosts", kind: "file", text: "127.0.0.1\tlocalhost\n" },
    { path: "/etc/passwd", kind: "file", text: "root:x:0:0:root:/root:/bin/sh\n" },
    ...files,
  ]);
  kernel.plugIn({ name: "eth0", mac: "02:42:c0:a8:38:0b" }, () => {});
  const { links } = kernel.root.net;
  for (const name of ["lo", "eth0"]) unwrap(links.change(indexOf(kernel, name), { set: "up", up: true }));
  unwrap(links.addAddress(indexOf(kernel, "eth0"), { prefix: some(parsePrefix("192.168.56.11/24")) }));
  unwrap(links.addRoute({ destination: some(parsePrefix("0.0.0.0/0")), gateway: some(parseIp("192.168.56.1")) }));
  const registry = {
    find: (repository: string, reference: { readonly tag: string } | { readonly digest: string }) =>
      REMOTE.find(
        (image) =>
          image.repository === repository && ("tag" in reference ? image.tags.includes(reference.tag) : image.digest === reference.digest),
      ),
  };
  const daemon = new Daemon({ kernel, random: random.fork("docker"), registry, preloaded: images });
  return hostOf(kernel, scheduler, daemon);
}

/** As `boot`, with the daemon up. */
export function start(files: readonly FileSpec[] = [], images = IMAGES): TestHost {
  const host = boot(files, images);
  const started = host.daemon.start();
  if (!started.ok) throw new Error(started.error);
  return host;
}

function hostOf(kernel: Kernel, scheduler: Scheduler, daemon: Daemon): TestHost {
  const runRoutine = <T>(routine: Routine<T>): T => {
    const task = new Task(scheduler, routine);
    for (let steps = 0; !task.end; steps++) if (steps > 200_000 || !scheduler.step()) throw new Error("it waits for ever");
    if (task.end.kind !== "returned") throw new Error("it was cancelled");
    return task.end.value;
  };
  const request = (method: Method, path: string, body: unknown): ServiceRequest => ({
    method,
    target: path.startsWith("/v1.") || path === "/_ping" ? path : `/v1.51${path}`,
    ...(body === undefined
      ? {}
      : { body: typeof body === "string" ? body : JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const ask: TestHost["ask"] = (method, path, body) =>
    runRoutine(
      (function* (): Routine<Reply> {
        const { status, headers, body: answer } = yield* daemon.service.call(request(method, path, body));
        return { status, headers, text: yield* textOf(answer) };
      })(),
    );
  const json = <T>(method: Method, path: string, body?: unknown, status?: number): T => {
    const reply = ask(method, path, body);
    if (status === undefined ? reply.status >= 300 : reply.status !== status)
      throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return (reply.text === "" ? null : JSON.parse(reply.text)) as T;
  };
  const open: TestHost["open"] = (method, path, body) => {
    const response = runRoutine(daemon.service.call(request(method, path, body)));
    return streamOf(scheduler, response);
  };
  return {
    kernel,
    scheduler,
    daemon,
    ask,
    json,
    open,
    runRoutine,
    refusal(method, path, body) {
      const reply = ask(method, path, body);
      const { message } = JSON.parse(reply.text) as { readonly message: string };
      return `${reply.status}: ${message}`;
    },
    pass: (seconds) => scheduler.runUntil(instantAt(scheduler.now + seconds * 1_000_000)),
    run(name, cmd, more = {}) {
      const { Id: id } = json<{ readonly Id: string }>("POST", `/containers/create?name=${name}`, { Image: "box", Cmd: cmd, ...more }, 201);
      json("POST", `/containers/${id}/start`, undefined, 204);
      return id;
    },
    events() {
      const until = (1_767_603_600_000_000 + scheduler.now) / 1_000_000;
      const { text } = ask("GET", `/events?since=1&until=${until.toFixed(6)}`);
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const { Type, Action, Actor } = JSON.parse(line) as {
            Type: string;
            Action: string;
            Actor: { ID: string; Attributes: Record<string, string> };
          };
          const { name, ...rest } = Actor.Attributes;
          const others = Object.entries(rest).map(([key, value]) => `${key}=${/^[0-9a-f]{64}$/.test(value) ? "ID" : value}`);
          return [Type, Action, name ?? (/^[0-9a-f]{64}$/.test(Actor.ID) ? "ID" : Actor.ID), ...others].join(" ").trimEnd();
        });
    },
  };
}

function* textOf(body: ServiceBody): Routine<string> {
  if (body.kind === "none") return "";
  if (body.kind === "text") return body.text;
  let text = "";
  for (;;) {
    const chunk = yield* body.read();
    if (chunk === undefined) return text;
    text += typeof chunk === "string" ? chunk : chunk.text;
  }
}

function streamOf(scheduler: Scheduler, { status, headers, body }: ServiceResponse): Stream {
  const chunks: string[] = [];
  let text = body.kind === "text" ? body.text : "";
  const task = new Task(
    scheduler,
    (function* (): Routine<void> {
      if (body.kind !== "chunks" && body.kind !== "upgrade") return;
      for (;;) {
        const chunk = yield* body.read();
        if (chunk === undefined) return;
        chunks.push(typeof chunk === "string" ? chunk : `${chunk.stream === "stdout" ? "out" : "err"}:${chunk.text}`);
        text += typeof chunk === "string" ? chunk : chunk.text;
      }
    })(),
  );
  return {
    status,
    headers,
    chunks,
    get text() {
      return text;
    },
    get hasEnded() {
      return task.end !== undefined;
    },
    send: (input) => body.kind === "upgrade" && body.write(input),
    closeInput: () => body.kind === "upgrade" && body.closeWrite(),
    leave: () => (body.kind === "upgrade" || body.kind === "chunks" ? body.cancel() : undefined),
  };
}

function indexOf(kernel: Kernel, name: string): NonNullable<ReturnType<Kernel["root"]["net"]["links"]["linkByName"]>>["index"] {
  return some(kernel.root.net.links.linkByName(name)).index;
}

export function some<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is none");
  return value;
}
