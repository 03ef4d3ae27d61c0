/** What tells of the machine: `free`, `top -b`, `w`, `vmstat`; and `watch`, which runs a command again and again. */

import type { Program, Sys } from "@/lib/sim/core/sys";
import { seconds } from "@/lib/sim/core/time";
import { both, command, type Flavour } from "../command/command";
import { formatDate } from "../coreutils/date";
import { uptime } from "../coreutils/identity";
import { humanSize } from "../coreutils/size";
import { commandLine, listProcesses, statLetters } from "./process-facts";
import { busyboxCommand } from "./ps-busybox";
import { cpuShare } from "./ps-columns";

/** /proc/meminfo, in KiB. */
function memory(sys: Sys): (name: string) => number {
  const text = sys.readFile("/proc/meminfo");
  const values = new Map(
    (text.ok ? text.value : "").split("\n").map((line) => {
      const match = /^(\w+):\s+(\d+)/.exec(line);
      return [match?.[1] ?? "", Number(match?.[2] ?? 0)] as const;
    }),
  );
  return (name) => values.get(name) ?? 0;
}

export function free(flavour: Flavour): Program {
  return command(
    {
      name: "free",
      usage: { gnu: "[options]", busybox: "[-bkmgh]" },
      options: {
        gnu: {
          short: "bkmghtwls:c:",
          long: { bytes: "b", kibi: "k", mebi: "m", gibi: "g", human: "h", total: "t", wide: "w", seconds: "s:", count: "c:" },
        },
        busybox: { short: "bkmgh" },
      },
      package: "procps-ng",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const of = memory(sys);
      const cache = of("Buffers") + of("Cached") + of("SReclaimable");
      const used = flavour === "gnu" ? of("MemTotal") - of("MemAvailable") : of("MemTotal") - of("MemFree") - cache;
      const unit = args.last("b", "k", "m", "g", "h") ?? "k";
      const show = (kib: number): string => {
        if (unit === "h") {
          if (flavour === "busybox") return humanSize(kib * 1_024, "busybox");
          return kib === 0 ? "0B" : gnuHuman(kib);
        }
        return String(unit === "b" ? kib * 1_024 : Math.floor(kib / (unit === "m" ? 1_024 : unit === "g" ? 1_024 ** 2 : 1)));
      };
      const lead = flavour === "gnu" ? 9 : 8;
      const column = (text: string): string => text.padStart(11);
      yield* out.put(`${" ".repeat(lead)}${["total", "used", "free", "shared", "buff/cache", "available"].map(column).join(" ")}\n`);
      const row = (name: string, values: readonly number[]): string =>
        `${name.padEnd(lead)}${values.map((value) => column(show(value))).join(" ")}\n`;
      yield* out.put(row("Mem:", [of("MemTotal"), used, of("MemFree"), of("Shmem"), cache, of("MemAvailable")]));
      yield* out.put(row("Swap:", [of("SwapTotal"), 0, of("SwapFree")]));
      if (args.has("t")) yield* out.put(row("Total:", [of("MemTotal"), used, of("MemFree")]));
      return 0;
    },
  );
}

function gnuHuman(kib: number): string {
  const units = ["Ki", "Mi", "Gi", "Ti"];
  let value = kib;
  let power = 0;
  while (value >= 1_024 && power < units.length - 1) {
    value /= 1_024;
    power++;
  }
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.floor(value)}${units[power]}`;
}

/** Without -b it would be a screen that is drawn again and again: one picture is drawn here, unless -b asks for several. */
export function top(flavour: Flavour): Program {
  return command(
    {
      name: "top",
      usage: { gnu: "[options]", busybox: "[-bmH] [-n COUNT] [-d SECONDS]" },
      options: { gnu: { short: "bcd:eE:Hin:o:Op:sSu:U:w::1" }, busybox: { short: "d:n:bHmt" } },
      package: "procps-ng",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const isBatch = args.has("b");
      if (!isBatch && sys.tty(1)) return yield* context.notSimulated("as a full-screen program (use top -b -n 1)");
      const count = Number(args.value("n") ?? (isBatch ? Number.POSITIVE_INFINITY : 1));
      const delay = Number(args.value("d") ?? (flavour === "gnu" ? 3 : 5));
      for (let i = 0; i < count; i++) {
        if (i > 0) {
          yield* sys.sleep(seconds(Math.max(0.1, delay)));
          yield* out.put("\n");
        }
        yield* out.put(flavour === "gnu" ? procpsTop(sys) : busyboxTop(sys));
        yield* out.flush();
        if (out.failure) return 1;
      }
      return 0;
    },
  );
}

function procpsTop(sys: Sys): string {
  const processes = listProcesses(sys);
  const of = memory(sys);
  const count = (...states: readonly string[]): number => processes.filter((one) => states.includes(one.state)).length;
  const mib = (kib: number): string => (kib / 1_024).toFixed(1).padStart(8);
  const load = sys.readFile("/proc/loadavg");
  const total = Math.floor(sys.now / 1_000_000);
  const up =
    total >= 3_600
      ? `${String(Math.floor(total / 3_600)).padStart(2)}:${String(Math.floor(total / 60) % 60).padStart(2, "0")}`
      : `${Math.floor(total / 60)} min`;
  const users = new Set(processes.map((one) => one.tty).filter((tty) => tty !== "?")).size;
  const cache = of("Buffers") + of("Cached");
  const head = [
    `top - ${formatDate(sys.dateMs, "%H:%M:%S")} up ${up},  ${users} user${users === 1 ? "" : "s"},  load average: ${(load.ok ? load.value : "0.00 0.00 0.00").split(" ").slice(0, 3).join(", ")}`,
    `Tasks: ${processes.length} total, ${count("R")} running, ${count("S")} sleep, 0 d-sleep, ${count("T")} stopped, ${count("Z")} zombie`,
    "%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ",
    `MiB Mem :${mib(of("MemTotal")).padStart(9)} total,${mib(of("MemFree")).padStart(9)} free,${mib(of("MemTotal") - of("MemAvailable")).padStart(9)} used,${mib(cache).padStart(9)} buff/cache     `,
    `MiB Swap:${mib(0).padStart(9)} total,${mib(0).padStart(9)} free,${mib(0).padStart(9)} used.${mib(of("MemAvailable")).padStart(9)} avail Mem `,
    "",
    "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND",
  ];
  const rows = [...processes]
    .sort((a, b) => cpuShare(b, sys) - cpuShare(a, sys) || a.pid - b.pid)
    .map((one) => {
      const hundredths = Math.floor(one.cpu / 10_000);
      const time = `${Math.floor(hundredths / 6_000)}:${String(Math.floor(hundredths / 100) % 60).padStart(2, "0")}.${String(hundredths % 100).padStart(2, "0")}`;
      return `${String(one.pid).padStart(7)} ${one.owner.padEnd(8)}  20   0 ${"0".padStart(7)} ${"0".padStart(6)} ${"0".padStart(6)} ${one.state} ${cpuShare(one, sys).toFixed(1).padStart(5)} ${"0.0".padStart(5)} ${time.padStart(9)} ${one.name}`;
    });
  return [...head, ...rows].map((line) => `${line}\n`).join("");
}

function busyboxTop(sys: Sys): string {
  const of = memory(sys);
  const load = sys.readFile("/proc/loadavg");
  const head = [
    `Mem: ${of("MemTotal") - of("MemFree")}K used, ${of("MemFree")}K free, ${of("Shmem")}K shrd, ${of("Buffers")}K buff, ${of("Cached")}K cached`,
    "CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq",
    `Load average: ${load.ok ? load.value.trimEnd() : ""}`,
    "  PID  PPID USER     STAT   RSS %RSS %CPU COMMAND",
  ];
  const rows = listProcesses(sys).map(
    (one) =>
      `${String(one.pid).padStart(5)} ${String(one.ppid).padStart(5)} ${one.owner.padEnd(8)} ${statLetters(one, "busybox").padEnd(4)} ${"0".padStart(5)} ${"0%".padStart(4)} ${`${Math.floor(cpuShare(one, sys))}%`.padStart(4)} ${busyboxCommand(one)}`,
  );
  return [...head, ...rows].map((line) => `${line}\n`).join("");
}

export function w(flavour: Flavour): Program {
  const first = uptime("gnu");
  return function* (sys) {
    if (flavour === "busybox") {
      yield* sys.write(1, "USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n");
      return 0;
    }
    // The first line is uptime's, whatever options were given.
    yield* first({ ...withArgv(sys, ["uptime"]) });
    let text = "USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU  WHAT\n";
    const seen = new Set<string>();
    for (const one of listProcesses(sys)) {
      if (one.tty === "?" || seen.has(one.tty)) continue;
      seen.add(one.tty);
      text += `${one.owner.padEnd(8)} ${one.tty.padEnd(8)} -                ${formatDate(sys.dateMs - (sys.now - one.startedAt) / 1_000, "%H:%M")}    0.00s  0.00s  0.00s ${commandLine(one)}\n`;
    }
    yield* sys.write(1, text);
    return 0;
  };
}

/** The same system calls under another command line. */
function withArgv(sys: Sys, argv: readonly string[]): Sys {
  return new Proxy(sys, {
    get(target, key) {
      if (key === "argv") return argv;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

export function vmstat(flavour: Flavour): Program {
  return command(
    { name: "vmstat", usage: { gnu: "[options] [delay [count]]", busybox: "" }, options: both({ short: "" }), package: "procps-ng" },
    flavour,
    function* (context) {
      return yield* context.notSimulated("(processors and memory are not simulated)");
    },
  );
}

/** Every two seconds, as `watch` draws it: without a terminal, or with `-f`, one picture follows the other. */
export function watch(flavour: Flavour): Program {
  return command(
    {
      name: "watch",
      usage: { gnu: "[options] command", busybox: "[-n SEC] [-tx] PROG ARGS" },
      options: {
        gnu: {
          short: "bcCd::efgn:pq:rs:twx",
          long: { interval: "n:", "no-title": "t", exec: "x", errexit: "e", chgexit: "g", differences: "d::", color: "c" },
          stopsAtOperand: true,
        },
        busybox: { short: "n:tx", stopsAtOperand: true },
      },
      package: "procps-ng",
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      if (args.operands.length === 0) return yield* context.usageError();
      const interval = Math.max(0.1, Number(args.value("n") ?? 2));
      const line = args.operands.join(" ");
      for (;;) {
        const width = sys.tty(1)?.columns ?? 80;
        const left = `Every ${flavour === "gnu" ? interval.toFixed(1) : String(interval)}s: ${line}`;
        const right =
          flavour === "gnu"
            ? `${sys.hostname}: ${formatDate(sys.dateMs, "%a %b %e %H:%M:%S %Y")}`
            : formatDate(sys.dateMs, "%Y-%m-%d %H:%M:%S");
        const title = args.has("t") ? "" : `${left}${" ".repeat(Math.max(1, width - left.length - right.length))}${right}\n\n`;
        yield* sys.write(1, `\x1b[H\x1b[J${title}`);
        const child = args.has("x")
          ? sys.spawn({ image: { path: args.operands[0] ?? "" }, argv: args.operands })
          : sys.spawn({ image: { path: "/bin/sh" }, argv: ["sh", "-c", line] });
        if (!child.ok) {
          yield* context.complain(`unable to run '${line}': ${context.words(child.error)}`);
          return 1;
        }
        const report = yield* sys.waitpid(child.value);
        if (args.has("e") && report.ok && report.value && !(report.value.kind === "exited" && report.value.status === 0)) return 8;
        yield* sys.sleep(seconds(interval));
      }
    },
  );
}
