/** What sends signals, and finds whom to send them to: `kill`, `pgrep`, `pkill`, `pidof`, `killall`. */

import { parseSignal, SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";
import { complain } from "@/lib/sim/core/stdio";
import type { Program } from "@/lib/sim/core/sys";
import { BUSYBOX_BANNER, command, type Flavour } from "../command/command";
import { Output } from "../command/output";
import { PosixRegex } from "../regex/posix-regex";
import { commandLine, listProcesses, type ProcessFacts } from "./process-facts";

const NAMES = Object.keys(SIGNAL_NUMBERS) as SignalName[];

/** `kill` by itself; shells have one of their own. */
export function kill(flavour: Flavour): Program {
  return function* (sys) {
    let args = sys.argv.slice(1);
    const self = flavour === "gnu" ? (sys.argv[0] ?? "kill") : "kill";
    const out = new Output(sys);
    const [first] = args;
    if (first === undefined) {
      yield* complain(sys, flavour === "gnu" ? "\nUsage:\n kill [options] <pid> [...]\n" : "kill: you need to specify whom to kill\n");
      return 1;
    }
    if (first === "-l" || first === "--list") {
      const asked = args.slice(1);
      if (asked.length > 0) {
        for (const one of asked) {
          const signal = parseSignal(one);
          if (!signal) {
            yield* complain(sys, flavour === "gnu" ? `${self}: unknown signal name ${one}\n` : `kill: unknown signal '${one}'\n`);
            return 1;
          }
          yield* out.put(`${/^\d+$/.test(one) ? signal : SIGNAL_NUMBERS[signal]}\n`);
        }
      } else if (flavour === "busybox")
        for (const name of NAMES) yield* out.put(`${String(SIGNAL_NUMBERS[name]).padStart(2)}) ${listedName(name)}\n`);
      else yield* out.put(`${NAMES.slice(0, 16).map(listedName).join(" ")}\n${NAMES.slice(16).map(listedName).join(" ")}\n`);
      yield* out.flush();
      return 0;
    }
    let signal: SignalName | 0 = "TERM";
    const named =
      first === "-s" || first === "--signal"
        ? args[1]
        : /^-s./.test(first) && flavour === "gnu" && parseSignal(first.slice(1)) === undefined
          ? first.slice(2)
          : /^-[A-Za-z0-9]/.test(first)
            ? first.slice(1)
            : undefined;
    if (named !== undefined) {
      const found = named === "0" ? 0 : parseSignal(named);
      if (found === undefined) {
        yield* complain(
          sys,
          flavour === "gnu"
            ? `kill: invalid argument ${named.slice(0, 1)}\n\nUsage:\n kill [options] <pid> [...]\n`
            : `kill: bad signal name '${named}'\n`,
        );
        return 1;
      }
      signal = found;
      args = args.slice(first === "-s" || first === "--signal" ? 2 : 1);
    }
    if (args[0] === "--") args = args.slice(1);
    if (args.length === 0) {
      yield* complain(sys, flavour === "gnu" ? "\nUsage:\n kill [options] <pid> [...]\n" : "kill: you need to specify whom to kill\n");
      return 1;
    }
    let status = 0;
    for (const text of args) {
      if (!/^-?\d+$/.test(text)) {
        yield* complain(sys, flavour === "gnu" ? `${self}: failed to parse argument: '${text}'\n` : `kill: invalid number '${text}'\n`);
        status = 1;
        if (flavour === "gnu") return 1;
        continue;
      }
      const sent = sys.kill(Number(text), signal);
      if (sent.ok) continue;
      status = 1;
      const words = sent.error === "ESRCH" ? "No such process" : "Operation not permitted";
      yield* complain(sys, flavour === "gnu" ? `${self}: (${text}): ${words}\n` : `kill: can't kill pid ${text}: ${words}\n`);
    }
    return status;
  };
}

function listedName(name: SignalName): string {
  return name === "IO" ? "POLL" : name;
}

function finder(name: "pgrep" | "pkill"): (flavour: Flavour) => Program {
  return (flavour) =>
    command(
      {
        name,
        usage: { gnu: "[options] <pattern>", busybox: "[-flnovx] [-s SID|-P PPID|PATTERN]" },
        options: {
          gnu: {
            short: "acd:efFg:G:hHilLnoP:qs:t:u:U:vwx",
            long: {
              "list-name": "l",
              "list-full": "a",
              full: "f",
              count: "c",
              delimiter: "d:",
              echo: "e",
              exact: "x",
              newest: "n",
              oldest: "o",
              parent: "P:",
              session: "s:",
              terminal: "t:",
              euid: "u:",
              uid: "U:",
              inverse: "v",
              "ignore-case": "i",
              signal: "signal:",
              quiet: "q",
            },
          },
          busybox: { short: "flnovxs:P:" },
        },
        usageStatus: 2,
        package: "procps-ng",
        // `pkill -9 NAME`, `pkill -HUP NAME`.
        rewrite: (args) =>
          args.flatMap((arg) =>
            name === "pkill" && /^-(\d+|[A-Z][A-Z0-9]+)$/.test(arg) && parseSignal(arg.slice(1)) ? ["--signal", arg.slice(1)] : [arg],
          ),
      },
      flavour,
      function* (context) {
        const { args, sys, out } = context;
        const [pattern, extra] = args.operands;
        const hasCriteria = ["P", "s", "t", "u", "U", "g", "G"].some((key) => args.has(key));
        if (extra !== undefined) {
          yield* complain(sys, `${name}: only one pattern can be provided\nTry \`${name} --help' for more information.\n`);
          return 2;
        }
        if (pattern === undefined && !hasCriteria) {
          yield* complain(sys, `${name}: no matching criteria specified\nTry \`${name} --help' for more information.\n`);
          return 2;
        }
        const signal = parseSignal(args.value("signal") ?? "TERM");
        if (!signal) {
          yield* complain(sys, `${name}: Unknown signal "${args.value("signal")}".\n`);
          return 2;
        }
        const regex =
          pattern === undefined
            ? undefined
            : PosixRegex.compile(args.has("x") ? `^(${pattern})$` : pattern, { extended: true, ignoreCase: args.has("i") });
        if (regex && !regex.ok) {
          yield* complain(sys, `${name}: ${regex.error}\n`);
          return 2;
        }
        const listed = (key: string): string[] | undefined => (args.has(key) ? (args.value(key) ?? "").split(",") : undefined);
        const [parents, sessions, users, terminals] = [listed("P"), listed("s"), listed("u") ?? listed("U"), listed("t")];
        const fits = (one: ProcessFacts): boolean =>
          (!regex || regex.value.test(args.has("f") ? commandLine(one) : one.name)) &&
          (!parents || parents.includes(String(one.ppid))) &&
          (!sessions || sessions.includes(String(one.session))) &&
          (!users || users.includes(one.owner) || users.includes(String(one.uid))) &&
          (!terminals || terminals.includes(one.tty));
        let found = listProcesses(sys).filter((one) => one.pid !== sys.pid && fits(one) !== args.has("v"));
        const byAge = [...found].sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
        if (args.has("n")) found = byAge.slice(-1);
        if (args.has("o")) found = byAge.slice(0, 1);
        if (name === "pkill") {
          for (const one of found) {
            const sent = sys.kill(one.pid, signal);
            if (!sent.ok) yield* complain(sys, `pkill: killing pid ${one.pid} failed: ${context.words(sent.error)}\n`);
            else if (args.has("e")) yield* out.put(`${one.name} killed (pid ${one.pid})\n`);
          }
        } else if (args.has("c")) yield* out.put(`${found.length}\n`);
        else if (found.length > 0 && !args.has("q")) {
          const shown = found.map((one) =>
            args.has("a") || (flavour === "busybox" && args.has("l") && args.has("f"))
              ? `${one.pid} ${commandLine(one)}`
              : args.has("l")
                ? `${one.pid} ${one.name}`
                : String(one.pid),
          );
          yield* out.put(`${shown.join(args.value("d") ?? "\n")}\n`);
        }
        return found.length > 0 ? 0 : 1;
      },
    );
}

export const pgrep = finder("pgrep");
export const pkill = finder("pkill");

export function pidof(flavour: Flavour): Program {
  return command(
    {
      name: "pidof",
      usage: { gnu: "[options] [program [...]]", busybox: "[-s] [-o PID] [NAME]..." },
      options: { gnu: { short: "so:xcqwtS:", long: { "single-shot": "s", "omit-pid": "o:", separator: "S:" } }, busybox: { short: "so:" } },
    },
    flavour,
    function* ({ args, sys, out }) {
      const omitted = args.values("o").flatMap((one) => one.split(","));
      const found = listProcesses(sys)
        .filter(
          (one) =>
            args.operands.some((name) => programName(one) === name || one.name === name.slice(0, 15)) &&
            !omitted.includes(String(one.pid)) &&
            one.pid !== sys.pid,
        )
        .map((one) => one.pid)
        .reverse();
      if (found.length === 0) return 1;
      yield* out.put(`${(args.has("s") ? found.slice(0, 1) : found).join(args.value("S") ?? " ")}\n`);
      return 0;
    },
  );
}

function programName({ argv }: ProcessFacts): string {
  const [path = ""] = argv;
  return path.slice(path.lastIndexOf("/") + 1);
}

export function killall(flavour: Flavour): Program {
  return function* (sys) {
    const args = sys.argv.slice(1);
    let signal: SignalName = "TERM";
    let quiet = false;
    const names: string[] = [];
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] ?? "";
      if (arg === "-l") {
        yield* sys.write(1, `${NAMES.map(listedName).join(" ")}\n`);
        return 0;
      }
      if (arg === "-q" || arg === "--quiet") quiet = true;
      else if (arg.startsWith("-") && arg.length > 1) {
        const text = arg === "-s" || arg === "--signal" ? (args[++i] ?? "") : arg.slice(1);
        const found = parseSignal(text);
        if (!found) {
          yield* complain(
            sys,
            flavour === "gnu" ? `${text}: unknown signal; killall -l lists signals.\n` : `killall: bad signal name '${text}'\n`,
          );
          return 1;
        }
        signal = found;
      } else names.push(arg);
    }
    if (names.length === 0) {
      yield* complain(
        sys,
        flavour === "gnu" ? "Usage: killall [OPTION]... [--] NAME...\n" : `${BUSYBOX_BANNER}\n\nUsage: killall [-lq] [-SIG] NAME...\n`,
      );
      return 1;
    }
    let missed = 0;
    for (const name of names) {
      const found = listProcesses(sys).filter(
        (one) => one.pid !== sys.pid && (one.name === name.slice(0, 15) || programName(one) === name),
      );
      if (found.length === 0) {
        missed++;
        if (!quiet) yield* complain(sys, flavour === "gnu" ? `${name}: no process found\n` : `killall: ${name}: no process killed\n`);
      }
      for (const one of found) sys.kill(one.pid, signal);
    }
    return flavour === "gnu" ? (missed > 0 ? 1 : 0) : missed;
  };
}
