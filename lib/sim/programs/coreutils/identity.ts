/** Who and where: `id`, `whoami`, `groups`, `logname`, `hostname`, `uname`, `arch`, `nproc`, `tty`, `uptime`, `who`. */

import type { Program, Sys } from "@/lib/sim/core/sys";
import { both, command, type Flavour } from "../command/command";
import { formatDate } from "./date";

/** The lines of /etc/passwd or /etc/group, by fields. */
export function accounts(sys: Sys, file: "/etc/passwd" | "/etc/group"): string[][] {
  const text = sys.readFile(file);
  return text.ok
    ? text.value
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split(":"))
    : [];
}

export function userName(sys: Sys, uid: number): string | undefined {
  return accounts(sys, "/etc/passwd").find((fields) => fields[2] === String(uid))?.[0];
}

export function groupName(sys: Sys, gid: number): string | undefined {
  return accounts(sys, "/etc/group").find((fields) => fields[2] === String(gid))?.[0];
}

/** Group numbers of a user: the first one, then those that /etc/group lists. */
function groupsOf(sys: Sys, name: string | undefined, gid: number): number[] {
  const listed = accounts(sys, "/etc/group")
    .filter((fields) => (fields[3] ?? "").split(",").includes(name ?? "\0"))
    .map((fields) => Number(fields[2]));
  return [gid, ...listed.filter((one) => one !== gid)];
}

export function id(flavour: Flavour): Program {
  return command(
    {
      name: "id",
      usage: { gnu: "[OPTION]... [USER]...", busybox: "[-ugGnr] [USER]" },
      options: {
        gnu: { short: "aGgnruz", long: { group: "g", groups: "G", name: "n", real: "r", user: "u", zero: "z" } },
        busybox: { short: "ugGnr" },
      },
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const [named] = args.operands;
      let { uid, gid } = sys.user;
      if (named !== undefined) {
        const account = accounts(sys, "/etc/passwd").find((fields) => fields[0] === named || fields[2] === named);
        if (!account) {
          yield* context.complain(flavour === "gnu" ? `${context.quoted(named)}: no such user` : `unknown user ${named}`);
          return 1;
        }
        [uid, gid] = [Number(account[2]), Number(account[3])];
      }
      const user = userName(sys, uid);
      const groups = groupsOf(sys, user, gid);
      const kinds = ["u", "g", "G"].filter((key) => args.has(key));
      if (kinds.length > 1) return yield* context.usageError(flavour === "gnu" ? 'cannot print "only" of more than one choice' : undefined);
      const byName = args.has("n");
      if (byName && kinds.length === 0) {
        if (flavour === "busybox") return yield* context.usageError();
        yield* context.complain("printing only names or real IDs requires -u, -g, or -G");
        return 1;
      }
      const [kind] = kinds;
      const one = (name: string | undefined, number: number): string => (byName ? (name ?? String(number)) : String(number));
      if (kind === "u") yield* out.put(`${one(user, uid)}\n`);
      else if (kind === "g") yield* out.put(`${one(groupName(sys, gid), gid)}\n`);
      else if (kind === "G") yield* out.put(`${groups.map((group) => one(groupName(sys, group), group)).join(" ")}\n`);
      else {
        const labelled = (number: number, name: string | undefined): string => `${number}${name === undefined ? "" : `(${name})`}`;
        const more = ` groups=${groups.map((group) => labelled(group, groupName(sys, group))).join(",")}`;
        yield* out.put(`uid=${labelled(uid, user)} gid=${labelled(gid, groupName(sys, gid))}${more}\n`);
      }
      return 0;
    },
  );
}

export function whoami(flavour: Flavour): Program {
  return command(
    { name: "whoami", usage: { gnu: "[OPTION]...", busybox: "" }, options: both({ short: "" }) },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands[0] !== undefined)
        return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(args.operands[0] ?? "")}` : undefined);
      const name = userName(sys, sys.user.uid);
      if (name === undefined) {
        yield* context.complain(flavour === "gnu" ? `cannot find name for user ID ${sys.user.uid}` : `unknown uid ${sys.user.uid}`);
        return 1;
      }
      yield* out.put(`${name}\n`);
      return 0;
    },
  );
}

export function groups(flavour: Flavour): Program {
  return command(
    { name: "groups", usage: { gnu: "[OPTION]... [USERNAME]...", busybox: "[USER]" }, options: both({ short: "" }) },
    flavour,
    function* ({ args, sys, out }) {
      const [named] = args.operands;
      const account = named === undefined ? undefined : accounts(sys, "/etc/passwd").find((fields) => fields[0] === named);
      const list = groupsOf(sys, named ?? userName(sys, sys.user.uid), account ? Number(account[3]) : sys.user.gid);
      const names = list.map((group) => groupName(sys, group) ?? String(group)).join(" ");
      yield* out.put(`${named !== undefined && flavour === "gnu" ? `${named} : ` : ""}${names}\n`);
      return 0;
    },
  );
}

export function logname(flavour: Flavour): Program {
  return command({ name: "logname", usage: { gnu: "[OPTION]", busybox: "" }, options: both({ short: "" }) }, flavour, function* (context) {
    const { sys, out } = context;
    if (!sys.tty(0)) {
      yield* context.complain(flavour === "gnu" ? "no login name" : `getlogin: ${context.words("ENOTTY")}`);
      return 1;
    }
    yield* out.put(`${sys.user.name}\n`);
    return 0;
  });
}

export function hostname(flavour: Flavour): Program {
  return command(
    {
      name: "hostname",
      usage: { gnu: "[-b] {hostname|-F file}         set host name (from file)", busybox: "[-sidf] [HOSTNAME | -F FILE]" },
      options: {
        gnu: {
          short: "aAbdfF:iIsyn",
          long: {
            short: "s",
            fqdn: "f",
            long: "f",
            domain: "d",
            "ip-address": "i",
            "all-ip-addresses": "I",
            file: "F:",
            all: "A",
            alias: "a",
          },
        },
        busybox: { short: "dfisF:I" },
      },
      unsimulated: flavour === "gnu" ? "y" : "",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const file = args.value("F");
      let name = args.operands[0];
      if (file !== undefined) {
        const text = sys.readFile(file);
        if (!text.ok) {
          yield* context.complain(`can't open '${file}': ${context.words(text.error)}`);
          return 1;
        }
        name = text.value
          .split("\n")
          .find((line) => line.trim() !== "" && !line.startsWith("#"))
          ?.trim();
      }
      if (name !== undefined) {
        const set = sys.sethostname(name);
        if (set.ok) return 0;
        const words =
          set.error === "EPERM"
            ? flavour === "gnu"
              ? "you must be root to change the host name"
              : `sethostname: ${context.words(set.error)}`
            : set.error === "EINVAL"
              ? "name too long"
              : context.words(set.error);
        yield* context.complain(words);
        return 1;
      }
      const own = sys.hostname;
      const lines = accountsOfHosts(sys);
      const entry = lines.find((words) => words.slice(1).includes(own));
      switch (args.last("s", "f", "d", "i", "I", "A", "a")) {
        case "s":
          yield* out.put(`${own.split(".")[0]}\n`);
          return 0;
        case "f":
          yield* out.put(`${entry?.[1] ?? own}\n`);
          return 0;
        case "d": {
          const full = entry?.[1] ?? own;
          if (full.includes(".")) yield* out.put(`${full.slice(full.indexOf(".") + 1)}\n`);
          return 0;
        }
        case "a":
          yield* out.put(`${entry?.slice(2).join(" ") ?? ""}\n`);
          return 0;
        case "i": {
          const addresses = lines.filter((words) => words.slice(1).includes(own)).map((words) => words[0]);
          if (addresses.length === 0) {
            yield* context.complain("Name or service not known");
            return 1;
          }
          yield* out.put(`${addresses.join(" ")}\n`);
          return 0;
        }
        case "I":
        case "A":
          return yield* context.notSimulated(`-${args.last("I", "A")}`);
        default:
          yield* out.put(`${own}\n`);
          return 0;
      }
    },
  );
}

function accountsOfHosts(sys: Sys): string[][] {
  const text = sys.readFile("/etc/hosts");
  return text.ok
    ? text.value
        .split("\n")
        .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
        .filter((words) => words.length > 1)
    : [];
}

export function uname(flavour: Flavour): Program {
  return command(
    {
      name: "uname",
      usage: { gnu: "[OPTION]...", busybox: "[-amnrspvio]" },
      options: {
        gnu: {
          short: "asnrvmpio",
          long: {
            all: "a",
            "kernel-name": "s",
            nodename: "n",
            "kernel-release": "r",
            "kernel-version": "v",
            machine: "m",
            processor: "p",
            "hardware-platform": "i",
            "operating-system": "o",
          },
        },
        busybox: { short: "amnrspvio", long: { all: "a" } },
      },
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands[0] !== undefined)
        return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(args.operands[0] ?? "")}` : undefined);
      const read = (file: string): string => {
        const text = sys.readFile(`/proc/sys/kernel/${file}`);
        return text.ok ? text.value.trimEnd() : "";
      };
      const facts: readonly (readonly [key: string, fact: () => string])[] = [
        ["s", () => read("ostype")],
        ["n", () => sys.hostname],
        ["r", () => read("osrelease")],
        ["v", () => read("version")],
        ["m", () => "x86_64"],
        ["p", () => "unknown"],
        ["i", () => "unknown"],
        ["o", () => "GNU/Linux"],
      ];
      const all = args.has("a");
      const any = args.all.length > 0;
      const wanted = facts.filter(([key]) => (all ? key !== "p" && key !== "i" : any ? args.has(key) : key === "s"));
      yield* out.put(`${wanted.map(([, fact]) => fact()).join(" ")}\n`);
      return 0;
    },
  );
}

export function arch(flavour: Flavour): Program {
  return command({ name: "arch", usage: { gnu: "[OPTION]...", busybox: "" }, options: both({ short: "" }) }, flavour, function* ({ out }) {
    yield* out.put("x86_64\n");
    return 0;
  });
}

export function nproc(flavour: Flavour): Program {
  return command(
    {
      name: "nproc",
      usage: { gnu: "[OPTION]...", busybox: "[--all] [--ignore=N]" },
      options: both({ short: "", long: { all: "all", ignore: "ignore:" } }),
    },
    flavour,
    function* ({ args, sys, out }) {
      const info = sys.readFile("/proc/cpuinfo");
      const count = info.ok ? (info.value.match(/^processor\t/gm) ?? []).length : 1;
      yield* out.put(`${Math.max(1, count - Number(args.value("ignore") ?? 0))}\n`);
      return 0;
    },
  );
}

export function tty(flavour: Flavour): Program {
  return command(
    { name: "tty", usage: { gnu: "[OPTION]...", busybox: "" }, options: both({ short: "s", long: { silent: "s", quiet: "s" } }) },
    flavour,
    function* ({ args, sys, out }) {
      const terminal = sys.tty(0);
      if (!args.has("s")) yield* out.put(terminal ? `/dev/${terminal.name}\n` : "not a tty\n");
      return terminal ? 0 : 1;
    },
  );
}

export function uptime(flavour: Flavour): Program {
  return command(
    {
      name: "uptime",
      usage: { gnu: "[options]", busybox: "" },
      options: { gnu: { short: "ps", long: { pretty: "p", since: "s" } }, busybox: { short: "" } },
      package: "procps-ng",
    },
    flavour,
    function* ({ args, sys, out }) {
      const total = Math.floor(sys.now / 1_000_000);
      const [days, hours, minutes] = [Math.floor(total / 86_400), Math.floor(total / 3_600) % 24, Math.floor(total / 60) % 60];
      if (args.has("s")) {
        yield* out.put(`${formatDate(sys.dateMs - sys.now / 1_000, "%F %T")}\n`);
        return 0;
      }
      if (args.has("p")) {
        const unit = (count: number, name: string): string[] => (count > 0 ? [`${count} ${name}${count === 1 ? "" : "s"}`] : []);
        const parts = [...unit(days, "day"), ...unit(hours, "hour"), ...unit(minutes, "minute")];
        yield* out.put(`up ${parts.length > 0 ? parts.join(", ") : "0 minutes"}\n`);
        return 0;
      }
      const clock = formatDate(sys.dateMs, "%H:%M:%S");
      const dayText = days > 0 ? `${days} day${days === 1 ? "" : "s"}, ` : "";
      const time = hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, "0")}` : `${minutes} min`;
      const terminals = new Set(
        sys
          .processes()
          .map((process) => process.tty)
          .filter((name) => name !== "?"),
      ).size;
      const load = sys.readFile("/proc/loadavg");
      const loads = (load.ok ? load.value : "0.00 0.00 0.00").split(" ").slice(0, 3).join(", ");
      yield* out.put(
        flavour === "gnu"
          ? ` ${clock} up ${dayText}${time},  ${terminals} user${terminals === 1 ? "" : "s"},  load average: ${loads}\n`
          : ` ${clock} up ${dayText}${time},  load average: ${loads}\n`,
      );
      return 0;
    },
  );
}

/** No login accounting here: a terminal with a session on it counts as a login. */
export function who(flavour: Flavour): Program {
  return command(
    { name: "who", usage: { gnu: "[OPTION]... [ FILE | ARG1 ARG2 ]", busybox: "[-aH]" }, options: both({ short: "aHq" }) },
    flavour,
    function* ({ args, sys, out }) {
      if (args.has("H")) yield* out.put("NAME     LINE         TIME             COMMENT\n");
      const seen = new Set<string>();
      for (const process of sys.processes()) {
        if (process.tty === "?" || seen.has(process.tty)) continue;
        seen.add(process.tty);
        yield* out.put(
          `${process.user.padEnd(8)} ${process.tty.padEnd(12)} ${formatDate(sys.dateMs - (sys.now - process.startedAt) / 1_000, "%F %H:%M")}\n`,
        );
      }
      return 0;
    },
  );
}
