/** Runs `docker` in a real kernel, with a daemon behind the socket that answers by a table. */

import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { instantAt, seconds } from "@/lib/sim/core/time";
import type { LocalService, Program, ServiceBody, ServiceRequest, StreamName } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { executable, Kernel } from "@/lib/sim/kernel";
import { programs } from "@/lib/sim/programs/docker";

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body comes as a stream of JSON lines. */
  readonly chunks?: boolean;
  /** The body are the two streams of a container: 1 is stdout. */
  readonly frames?: readonly (readonly [number, string])[];
};

export type Options = {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** By request as `normalised` writes it; undefined: there is no daemon. */
  readonly answer?: (request: string) => Answer | undefined;
  readonly files?: Readonly<Record<string, string>>;
  /** Executables besides docker, by path. */
  readonly executables?: Readonly<Record<string, Program>>;
};

export type Outcome = { readonly stdout: string; readonly stderr: string; readonly status: number; readonly requests: readonly string[] };

const PING: Answer = {
  status: 200,
  headers: { "Api-Version": "1.51", OSType: "linux", "Docker-Experimental": "false", Swarm: "inactive", "Builder-Version": "2" },
};

export function runDocker(options: Options): Outcome {
  const scheduler = new Scheduler();
  const executables = Object.entries(options.executables ?? {});
  const kernel = new Kernel({ host: "node1", scheduler, random: new Random("docker"), trace: () => {}, programs: new Map(executables) });
  kernel.root.mnt.root.add([
    { path: "/root", kind: "directory" },
    { path: "/var/run", kind: "directory" },
    ...Object.entries(options.files ?? {}).map(([path, text]) => ({ path, kind: "file" as const, text })),
    ...executables.map(([path]) => ({ path, kind: "file" as const, text: executable(path), mode: 0o755 })),
  ]);
  const requests: string[] = [];
  const { answer } = options;
  if (answer) unwrap(kernel.root.mnt.listenUnix("/var/run/docker.sock", serviceOf(answer, requests)));

  const docker = programs.get("docker/docker");
  if (!docker) throw new Error("there is no docker");
  const process = unwrap(
    kernel.processes.start({
      namespaces: kernel.root,
      path: "/usr/bin/docker",
      run: docker,
      argv: ["docker", ...options.argv],
      env: new Map(Object.entries({ PATH: "/usr/bin", HOME: "/root", ...options.env })),
      cwd: "/",
      stdio: { kind: "streams", stdin: true },
    }),
  );
  process.stdin?.write(options.stdin ?? "");
  process.stdin?.close();
  scheduler.runUntil(instantAt(seconds(60)));
  const { end } = process;
  return {
    stdout: process.stdout?.take() ?? "",
    stderr: process.stderr?.take() ?? "",
    status: end?.kind === "exited" ? end.status : -1,
    requests,
  };
}

function serviceOf(answer: (request: string) => Answer | undefined, requests: string[]): LocalService {
  return {
    // biome-ignore lint/correctness/useYield: a daemon that answers at once
    *call(request) {
      const text = normalised(request);
      if (text === "HEAD /_ping") return { ...PING, body: { kind: "none" } };
      requests.push(text);
      const found = answer(text);
      if (!found) throw new Error(`nobody expected ${text}`);
      return { status: found.status, headers: found.headers, body: bodyOf(found) };
    },
  };
}

function bodyOf({ frames, chunks, body = "" }: Answer): ServiceBody {
  if (frames) {
    const rest = frames.map(([stream, text]): { readonly stream: StreamName; readonly text: string } => ({
      stream: stream === 1 ? "stdout" : "stderr",
      text,
    }));
    return { kind: "upgrade", read: () => next(rest), write() {}, closeWrite() {}, cancel() {} };
  }
  if (!chunks) return { kind: "text", text: body };
  const rest = [body];
  return { kind: "chunks", read: () => next(rest), cancel() {} };
}

// biome-ignore lint/correctness/useYield: nothing to wait for
function* next<T>(items: T[]): Routine<T | undefined> {
  return items.shift();
}

/** Method, target with its query in order, and the body without what is empty in it, its members in order. */
function normalised({ method, target, body }: ServiceRequest): string {
  const [path = "", query = ""] = target.split("?");
  const sorted =
    query === "" ? "" : `?${new URLSearchParams([...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : 1))).toString()}`;
  return `${method} ${path}${sorted}${body ? ` ${JSON.stringify(essence(JSON.parse(body)))}` : ""}`;
}

/** Go leaves out of a request what is empty, or does not; the daemon cannot tell. */
function essence(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essence);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]): [string, unknown] => [key, essence(member)]);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || value === 0 || value === false || (typeof value === "object" && Object.keys(value).length === 0);
}
