/** Paths as text and as the kernel resolves them: `basename`, `dirname`, `pwd`, `readlink`, `realpath`, `which`. */

import type { Program, Sys } from "@/lib/sim/core/sys";
import { both, command, type Flavour } from "../command/command";
import { quoteIfNeeded } from "../command/quote";

export function basename(flavour: Flavour): Program {
  return command(
    {
      name: "basename",
      usage: { gnu: "NAME [SUFFIX]", busybox: "FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE..." },
      options: both({ short: "as:z", long: { multiple: "a", suffix: "s:", zero: "z" }, stopsAtOperand: true }),
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const suffixOption = args.value("s");
      const multiple = args.has("a") || suffixOption !== undefined;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      if (!multiple && args.operands.length > 2)
        return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(args.operands[2] ?? "")}` : undefined);
      const names = multiple ? args.operands : args.operands.slice(0, 1);
      const suffix = suffixOption ?? (multiple ? "" : (args.operands[1] ?? ""));
      for (const name of names) yield* out.put(baseName(name, suffix) + (args.has("z") ? "\0" : "\n"));
      return 0;
    },
  );
}

function baseName(path: string, suffix: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "" : "/";
  const name = trimmed.slice(trimmed.lastIndexOf("/") + 1);
  return suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export function dirname(flavour: Flavour): Program {
  return command(
    { name: "dirname", usage: { gnu: "[OPTION] NAME...", busybox: "FILENAME" }, options: both({ short: "z", long: { zero: "z" } }) },
    flavour,
    function* (context) {
      const { args, out } = context;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      for (const path of args.operands) yield* out.put(directoryOf(path) + (args.has("z") ? "\0" : "\n"));
      return 0;
    },
  );
}

/** POSIX dirname: the text before the last name. */
export function directoryOf(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, "");
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return ".";
  return trimmed.slice(0, slash).replace(/(?<=.)\/+$/, "") || "/";
}

export function pwd(flavour: Flavour): Program {
  return command(
    { name: "pwd", usage: { gnu: "[OPTION]...", busybox: "" }, options: both({ short: "LP", long: { logical: "L", physical: "P" } }) },
    flavour,
    function* ({ args, sys, out }) {
      const logical = sys.env.get("PWD");
      const isTrue =
        logical !== undefined &&
        logical.startsWith("/") &&
        sys.realpath(logical).ok &&
        JSON.stringify(sys.realpath(logical)) === JSON.stringify(sys.realpath("."));
      yield* out.put(`${args.last("L", "P") === "L" && isTrue ? logical : sys.cwd}\n`);
      return 0;
    },
  );
}

export function readlink(flavour: Flavour): Program {
  return command(
    {
      name: "readlink",
      usage: { gnu: "[OPTION]... FILE...", busybox: "[-fnv] FILE" },
      options: {
        gnu: {
          short: "femnqsvz",
          long: {
            canonicalize: "f",
            "canonicalize-existing": "e",
            "canonicalize-missing": "m",
            "no-newline": "n",
            quiet: "q",
            silent: "s",
            verbose: "v",
            zero: "z",
          },
        },
        busybox: { short: "fnvsq" },
      },
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      const mode = args.last("f", "e", "m");
      let status = 0;
      for (const path of args.operands) {
        const found =
          mode === undefined
            ? sys.readlink(path)
            : canonical(sys, path, mode === "e" || flavour === "busybox" ? "existing" : mode === "m" ? "missing" : "all-but-last");
        if (!found.ok) {
          status = 1;
          if (args.has("v")) yield* context.complain(`${flavour === "gnu" ? quoteIfNeeded(path) : path}: ${context.words(found.error)}`);
          continue;
        }
        yield* out.put(found.value + (args.has("z") ? "\0" : args.has("n") && args.operands.length === 1 ? "" : "\n"));
      }
      return status;
    },
  );
}

export function realpath(flavour: Flavour): Program {
  return command(
    {
      name: "realpath",
      usage: { gnu: "[OPTION]... FILE...", busybox: "FILE..." },
      options: {
        gnu: {
          short: "eELmPqsz",
          long: {
            "canonicalize-existing": "e",
            "canonicalize-missing": "m",
            quiet: "q",
            strip: "s",
            "no-symlinks": "s",
            zero: "z",
            "relative-to": "relative:",
          },
        },
        busybox: { short: "" },
      },
      unsimulatedLong: ["relative-base:"],
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      let status = 0;
      const relativeTo = args.value("relative");
      const base = relativeTo === undefined ? undefined : canonical(sys, relativeTo, "missing");
      for (const path of args.operands) {
        const found = canonical(
          sys,
          path,
          args.has("e") || flavour === "busybox" ? "existing" : args.has("m") ? "missing" : "all-but-last",
        );
        if (!found.ok) {
          status = 1;
          if (!args.has("q")) yield* context.complain(`${flavour === "gnu" ? quoteIfNeeded(path) : path}: ${context.words(found.error)}`);
          continue;
        }
        yield* out.put((base?.ok ? relative(base.value, found.value) : found.value) + (args.has("z") ? "\0" : "\n"));
      }
      return status;
    },
  );
}

function relative(base: string, path: string): string {
  const [from, to] = [base.split("/").filter(Boolean), path.split("/").filter(Boolean)];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/") || ".";
}

/** The path without links: all names must be there, all but the last, or as many as are. */
export function canonical(sys: Sys, path: string, must: "existing" | "all-but-last" | "missing"): ReturnType<Sys["realpath"]> {
  const whole = sys.realpath(path);
  if (whole.ok || must === "existing" || (whole.error !== "ENOENT" && must !== "missing") || path === "") return whole;
  const link = sys.readlink(path);
  if (link.ok) return canonical(sys, link.value.startsWith("/") ? link.value : `${directoryOf(path)}/${link.value}`, must);
  const parent = canonical(sys, directoryOf(path), must === "missing" ? "missing" : "existing");
  if (!parent.ok) return parent;
  const name = baseName(path, "");
  return { ok: true, value: parent.value === "/" ? `/${name}` : `${parent.value}/${name}` };
}

export function which(flavour: Flavour): Program {
  return command(
    {
      name: "which",
      usage: { gnu: "[-as] args", busybox: "[-a] COMMAND..." },
      options: both({ short: flavour === "gnu" ? "as" : "a" }),
      usageStatus: 2,
    },
    flavour,
    function* ({ args, sys, out }) {
      let status = 0;
      for (const name of args.operands) {
        const candidates = name.includes("/")
          ? [name]
          : (sys.env.get("PATH") ?? "").split(":").map((directory) => `${directory === "" ? "." : directory.replace(/\/+$/, "")}/${name}`);
        const found = candidates.filter((path) => {
          const stat = sys.stat(path);
          return stat.ok && stat.value.kind === "file" && (stat.value.mode & 0o111) !== 0;
        });
        if (found.length === 0) status = 1;
        else if (!args.has("s")) for (const path of args.has("a") ? found : found.slice(0, 1)) yield* out.put(`${path}\n`);
      }
      return status;
    },
  );
}
