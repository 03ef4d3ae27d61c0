// What the real tools said: coreutils 9.10, grep 3.12, sed 4.9, mawk 1.3.4-20260302, findutils 4.11, diffutils 3.12, procps 4.0.7 and jq 1.8.2
// of Debian sid, and busybox 1.38.0 of the same, each run in a fresh directory with the files of recorded/files.json.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { instantAt } from "@/lib/sim/core/time";
import { executable, Kernel, type Registry } from "@/lib/sim/kernel";
import { programs as awk } from "@/lib/sim/programs/awk";
import { programs as coreutils } from "@/lib/sim/programs/coreutils";
import { programs as diffutils } from "@/lib/sim/programs/diffutils";
import { programs as findutils } from "@/lib/sim/programs/findutils";
import { programs as grep } from "@/lib/sim/programs/grep";
import { programs as jq } from "@/lib/sim/programs/jq";
import { programs as procps } from "@/lib/sim/programs/procps";
import { programs as sed } from "@/lib/sim/programs/sed";
import { programs as utilLinux } from "@/lib/sim/programs/util-linux";
import { makeShells } from "@/lib/sim/shell";

type Recording = {
  readonly flavour: "gnu" | "busybox";
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** The directory afterwards, when the command changed it. */
  readonly files?: readonly string[];
};

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), "utf8")) as T;

const FILES = Object.entries(read<Record<string, string>>("files"));
const PROGRAMS: Registry = new Map(
  [makeShells(), awk, coreutils, diffutils, findutils, grep, jq, procps, sed, utilLinux].flatMap((one) => [...one]),
);
const PASSWD = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\n";

function replay(recording: Recording): Omit<Recording, "flavour" | "argv" | "stdin"> {
  const scheduler = new Scheduler();
  scheduler.limit(1_000_000);
  const kernel = new Kernel({ host: "node1", scheduler, random: new Random("recorded"), trace: () => {}, programs: PROGRAMS });
  const tree = kernel.root.mnt.root;
  tree.add([
    { path: "/tmp/w", kind: "directory" },
    { path: "/etc/passwd", kind: "file", text: PASSWD },
    { path: "/etc/group", kind: "file", text: "root:x:0:\ndaemon:x:1:\nbin:x:2:\n" },
    { path: "/bin", kind: "symlink", target: "usr/bin" },
    { path: "/usr/bin/sh", kind: "file", text: executable("dash/sh") },
    ...[...PROGRAMS.keys()].flatMap((key) => {
      const [family, applet] = key.split("/");
      return (family === "busybox") === (recording.flavour === "busybox") && applet !== "sh"
        ? [{ path: `/usr/bin/${applet}`, kind: "file" as const, text: executable(key) }]
        : [];
    }),
    ...FILES.map(([name, text]) =>
      text.startsWith("->")
        ? { path: `/tmp/w/${name}`, kind: "symlink" as const, target: text.slice(2) }
        : { path: `/tmp/w/${name}`, kind: "file" as const, text, mode: name === "x.sh" ? 0o755 : 0o644 },
    ),
  ]);
  const before = listing(tree);
  const env = new Map([
    ["PATH", "/usr/sbin:/usr/bin"],
    ["LANG", "C.UTF-8"],
    ["TZ", "UTC"],
    ["HOME", "/root"],
  ]);
  const started = kernel.processes.start({
    namespaces: kernel.root,
    path: `/usr/bin/${recording.argv[0]}`,
    argv: recording.argv,
    env,
    cwd: "/tmp/w",
    stdio: { kind: "streams", stdin: true },
  });
  if (!started.ok) return { stderr: started.error };
  const process = started.value;
  process.stdin?.write(recording.stdin ?? "");
  process.stdin?.close();
  let [stdout, stderr] = ["", ""];
  for (let i = 0; i < 40 && !process.end; i++) {
    scheduler.runUntil(instantAt(scheduler.now + 250_000));
    stdout += process.stdout?.take() ?? "";
    stderr += process.stderr?.take() ?? "";
  }
  const status = process.end?.kind === "exited" ? process.end.status : -1;
  const after = listing(tree);
  return {
    ...(stdout === "" ? {} : { stdout }),
    ...(stderr === "" ? {} : { stderr }),
    ...(status === 0 ? {} : { status }),
    ...(after.join("\n") === before.join("\n") ? {} : { files: after }),
  };
}

function listing(tree: Kernel["root"]["mnt"]["root"]): string[] {
  const walk = (directory: number, base: string): string[] =>
    tree.names(directory).flatMap((name) => {
      const number = tree.lookup(directory, name) ?? 0;
      const inode = tree.inode(number);
      const path = base + name;
      if (inode.kind === "directory") return [`${path}/`, ...walk(number, `${path}/`)];
      if (inode.kind === "symlink") return [`${path}->${inode.target}`];
      return inode.kind === "file" ? [`${path} ${inode.mode.toString(8)} ${JSON.stringify(inode.text)}`] : [path];
    });
  const found = tree.find("/tmp/w");
  return found.ok ? walk(found.value, "") : [];
}

const cases = ["awk", "coreutils", "diffutils", "findutils", "grep", "jq", "processes", "sed"].flatMap((name) =>
  read<Recording[]>(name).map(
    (recording) =>
      [
        `${recording.flavour}: ${recording.argv.join(" ")}${recording.stdin === undefined ? "" : ` < ${JSON.stringify(recording.stdin)}`}`,
        recording,
      ] as const,
  ),
);

test.each(cases)("%s", (_, recording) => {
  const { flavour: _flavour, argv: _argv, stdin: _stdin, ...said } = recording;

  expect(replay(recording)).toEqual(said);
});
