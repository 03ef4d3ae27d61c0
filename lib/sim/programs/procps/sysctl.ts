/** `sysctl`: /proc/sys by names with dots. */

import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Context, type Flavour } from "../command/command";

export function sysctl(flavour: Flavour): Program {
  return command(
    {
      name: "sysctl",
      usage: { gnu: "[options] [variable[=value] ...]", busybox: "[-enq] { -a | -p [FILE]... | [-w] [KEY[=VALUE]]... }" },
      options: {
        gnu: {
          short: "neNbqwoxaAXp::f::r:",
          long: {
            all: "a",
            names: "N",
            values: "n",
            ignore: "e",
            quiet: "q",
            write: "w",
            load: "p::",
            system: "system",
            pattern: "r:",
            binary: "b",
          },
        },
        busybox: { short: "neAapwq" },
      },
      package: "procps-ng",
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      let status = 0;
      if (args.has("a") || args.has("A") || args.has("X")) {
        for (const key of allKeys(sys, "/proc/sys", "")) if (!(yield* read(context, key, true))) status = 1;
        return status;
      }
      if (args.has("p") || args.has("f") || args.has("system")) return yield* load(context);
      if (args.operands.length === 0) return yield* context.usageError();
      for (const operand of args.operands) {
        const done = operand.includes("=")
          ? yield* write(context, operand)
          : args.has("w")
            ? yield* noValue(context, operand)
            : yield* read(context, operand, false);
        if (!done) status = 1;
      }
      return status;
    },
  );
}

/** `net.ipv4.conf.eth0/50.forwarding` → /proc/sys/net/ipv4/conf/eth0.50/forwarding. With a slash first in it, they change places. */
function pathOf(key: string): string {
  const slash = key.indexOf("/");
  const dot = key.indexOf(".");
  if (slash >= 0 && (dot < 0 || slash < dot)) return `/proc/sys/${key}`;
  return `/proc/sys/${key.replace(/[./]/g, (c) => (c === "." ? "/" : "."))}`;
}

function keyOf(path: string): string {
  return path.slice("/proc/sys/".length).replace(/[./]/g, (c) => (c === "/" ? "." : "/"));
}

function allKeys(sys: Sys, directory: string, key: string): string[] {
  const names = sys.readdir(directory);
  if (!names.ok) return [];
  return names.value.flatMap((name) => {
    const path = `${directory}/${name}`;
    const stat = sys.stat(path);
    const full = key === "" ? name : `${key}.${name.replaceAll(".", "/")}`;
    return stat.ok && stat.value.kind === "directory" ? allKeys(sys, path, full) : [full];
  });
}

function* read(context: Context, key: string, isListing: boolean): Routine<boolean> {
  const { args, sys, out } = context;
  const path = pathOf(key);
  const stat = sys.stat(path);
  if (!stat.ok) return yield* unknown(context, key, path, stat.error);
  if (stat.value.kind === "directory") {
    let all = true;
    for (const below of allKeys(sys, path, keyOf(path))) if (!(yield* read(context, below, true))) all = false;
    return all;
  }
  const name = keyOf(path);
  if (args.has("N")) {
    yield* out.put(`${name}\n`);
    return true;
  }
  const text = sys.readFile(path);
  if (!text.ok) {
    if (!isListing)
      yield* context.complain(
        context.flavour === "gnu"
          ? `reading key "${name}": ${context.words(text.error)}`
          : `error reading key '${name}': ${context.words(text.error)}`,
      );
    return isListing;
  }
  for (const line of text.value.replace(/\n$/, "").split("\n"))
    yield* out.put(args.has("n") ? `${line}\n` : args.has("b") ? line : `${name} = ${line}\n`);
  return true;
}

function* unknown(context: Context, key: string, path: string, errno: Parameters<Context["words"]>[0]): Routine<boolean> {
  const { args, flavour } = context;
  if (args.has("e")) return flavour === "gnu";
  if (flavour === "gnu") yield* context.complain(`cannot stat ${path}: ${context.words(errno)}`);
  else yield* context.complain(`error: '${key}' is an unknown key`);
  return false;
}

function* noValue(context: Context, operand: string): Routine<boolean> {
  yield* context.complain(
    context.flavour === "gnu" ? "command line(0): invalid syntax, continuing..." : `error: '${operand}' must be of the form name=value`,
  );
  return false;
}

function* write(context: Context, assignment: string): Routine<boolean> {
  const { args, sys, out, flavour } = context;
  const at = assignment.indexOf("=");
  const key = assignment.slice(0, at).trim();
  const value = assignment.slice(at + 1).trim();
  const path = pathOf(key);
  const stat = sys.stat(path);
  if (!stat.ok) return yield* unknown(context, key, path, stat.error);
  const written = sys.writeFile(path, `${value}\n`);
  if (!written.ok) {
    const words = context.words(written.error);
    const isDenied = written.error === "EACCES" || written.error === "EROFS" || written.error === "EPERM";
    if (flavour === "gnu")
      yield* context.complain(
        isDenied
          ? `${written.error === "EROFS" ? `setting key "${keyOf(path)}", ignoring: ${words}` : `permission denied on key "${keyOf(path)}"`}`
          : `setting key "${keyOf(path)}": ${words}`,
      );
    else yield* context.complain(`error setting key '${keyOf(path)}': ${words}`);
    return false;
  }
  const name = keyOf(path);
  if (!args.has("q")) yield* out.put(args.has("n") ? `${value}\n` : args.has("N") ? `${name}\n` : `${name} = ${value}\n`);
  return true;
}

/** `-p`: settings from files. */
function* load(context: Context): Routine<number> {
  const { args, sys, flavour } = context;
  const directory = (path: string): string[] => {
    const names = sys.readdir(path);
    return names.ok ? names.value.filter((name) => name.endsWith(".conf")).map((name) => `${path}/${name}`) : [];
  };
  const given = [args.value("p"), args.value("f"), ...args.operands].filter((path): path is string => path !== undefined && path !== "");
  const files = args.has("system")
    ? [...["/run/sysctl.d", "/etc/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"].flatMap(directory), "/etc/sysctl.conf"]
    : given.length > 0
      ? given
      : ["/etc/sysctl.conf"];
  let status = 0;
  for (const file of files) {
    const text = sys.readFile(file);
    if (!text.ok) {
      if (args.has("system")) continue;
      yield* context.complain(
        flavour === "gnu" ? `cannot open "${file}": ${context.words(text.error)}` : `can't open '${file}': ${context.words(text.error)}`,
      );
      status = 1;
      continue;
    }
    if (args.has("system")) yield* context.out.put(`* Applying ${file} ...\n`);
    for (const line of text.value.split("\n")) {
      const setting = line.trim();
      if (setting === "" || /^[#;]/.test(setting)) continue;
      if (!setting.includes("=") || !(yield* write(context, setting.replace(/^-\s*/, "")))) status = 1;
    }
  }
  return status;
}
