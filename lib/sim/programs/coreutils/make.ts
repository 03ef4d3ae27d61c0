/** What makes files and directories: `mkdir`, `touch`, `ln`, `mktemp`, `truncate`, `sync`, `chmod`, `chown`, `chgrp`. */

import { utf8Bytes, utf8Text } from "@/lib/base/utf8";
import type { Errno } from "@/lib/sim/core/errno";
import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { both, command, type Context, type Flavour } from "../command/command";
import { applyMode, modeText } from "../command/file-mode";
import { quote, quoteIfNeeded } from "../command/quote";
import { accounts } from "./identity";
import { directoryOf } from "./paths";
import { parseSize } from "./size";

export function mkdir(flavour: Flavour): Program {
  return command(
    {
      name: "mkdir",
      usage: { gnu: "[OPTION]... DIRECTORY...", busybox: "[-m MODE] [-p] DIRECTORY..." },
      options: {
        gnu: { short: "m:pv", long: { mode: "m:", parents: "p", verbose: "v" } },
        busybox: { short: "m:pv", long: { mode: "m:", parents: "p" } },
      },
      unsimulated: flavour === "gnu" ? "Z" : "",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      const modeText = args.value("m");
      const mode = modeText === undefined ? undefined : applyMode(modeText, 0o777, { isDirectory: true, umask: sys.umask });
      if (modeText !== undefined && mode === undefined) {
        yield* context.complain(flavour === "gnu" ? `invalid mode ${context.quoted(modeText)}` : `invalid mode '${modeText}'`);
        return 1;
      }
      let status = 0;
      for (const path of args.operands) {
        const made: string[] = [];
        if (args.has("p")) {
          const failed = makeParents(sys, path, made);
          for (const one of made.map((name) => (flavour === "busybox" && name !== path ? `${name}/` : name)))
            if (args.has("v"))
              yield* out.put(flavour === "gnu" ? `mkdir: created directory ${quote(one)}\n` : `created directory: '${one}'\n`);
          if (failed) {
            yield* context.complain(
              cannotMake(
                context,
                flavour === "busybox" && failed.path !== path ? `${failed.path}/` : failed.path,
                context.words(failed.errno),
              ),
            );
            status = 1;
            continue;
          }
        } else {
          const result = sys.mkdir(path);
          if (!result.ok) {
            yield* context.complain(cannotMake(context, path, context.words(result.error)));
            status = 1;
            continue;
          }
          if (args.has("v"))
            yield* out.put(flavour === "gnu" ? `mkdir: created directory ${quote(path)}\n` : `created directory: '${path}'\n`);
        }
        if (mode !== undefined && (!args.has("p") || made.includes(path))) sys.chmod(path, mode);
      }
      return status;
    },
  );
}

function cannotMake({ flavour, quoted }: Context, path: string, words: string): string {
  return flavour === "gnu" ? `cannot create directory ${quoted(path)}: ${words}` : `can't create directory '${path}': ${words}`;
}

function makeParents(sys: Sys, path: string, made: string[]): { readonly path: string; readonly errno: Errno } | undefined {
  const stat = sys.stat(path);
  if (stat.ok) return stat.value.kind === "directory" ? undefined : { path, errno: "EEXIST" };
  const parent = directoryOf(path);
  if (parent !== path) {
    const failed = makeParents(sys, parent, made);
    if (failed) return failed.errno === "EEXIST" ? { path: failed.path, errno: "ENOTDIR" } : failed;
  }
  const result = sys.mkdir(path);
  if (result.ok) {
    made.push(path);
    return undefined;
  }
  return { path, errno: result.error };
}

export function touch(flavour: Flavour): Program {
  return command(
    {
      name: "touch",
      usage: { gnu: "[OPTION]... FILE...", busybox: "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE..." },
      options: {
        gnu: { short: "acfhmd:r:t:", long: { "no-create": "c", "no-dereference": "h", date: "d:", reference: "r:", time: "time:" } },
        busybox: { short: "chamd:t:r:" },
      },
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const dated = args.last("d", "r", "t");
      // A file's time of last change can only become now.
      if (dated !== undefined) return yield* context.notSimulated(`-${dated} (a file's times are those of its last change)`);
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing file operand" : undefined);
      let status = 0;
      for (const path of args.operands) {
        const touched = sys.touch(path);
        if (touched.ok || (touched.error === "ENOENT" && args.has("c"))) continue;
        const opened = touched.error === "ENOENT" ? sys.open(path, { write: true, create: true }) : touched;
        if (opened.ok && typeof opened.value === "number") sys.close(opened.value);
        if (opened.ok) continue;
        const isThere = sys.stat(path).ok;
        yield* context.complain(
          flavour === "gnu"
            ? `${isThere ? "setting times of" : "cannot touch"} ${quote(path)}: ${context.words(opened.error)}`
            : `${path}: ${context.words(opened.error)}`,
        );
        status = 1;
      }
      return status;
    },
  );
}

export function ln(flavour: Flavour): Program {
  return command(
    {
      name: "ln",
      usage: { gnu: "[OPTION]... [-T] TARGET LINK_NAME", busybox: "[-sfnbtv] [-S SUF] TARGET... LINK|DIR" },
      options: {
        gnu: {
          short: "fiLnPrst:Tv",
          long: {
            force: "f",
            interactive: "i",
            symbolic: "s",
            "no-dereference": "n",
            relative: "r",
            "target-directory": "t:",
            "no-target-directory": "T",
            verbose: "v",
          },
        },
        busybox: { short: "sfnbS:vT" },
      },
      unsimulated: flavour === "gnu" ? "bdFS" : "",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const directory = args.value("t");
      const operands = directory === undefined ? args.operands : [...args.operands, directory];
      if (operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing file operand" : undefined);
      const targets = operands.length === 1 ? operands : operands.slice(0, -1);
      const last = operands.length === 1 ? "." : (operands.at(-1) ?? ".");
      const stat = args.has("n") || args.has("T") ? sys.lstat(last) : sys.stat(last);
      const isDirectory = stat.ok && stat.value.kind === "directory" && !args.has("T");
      if (!isDirectory && (targets.length > 1 || directory !== undefined)) {
        yield* context.complain(
          flavour === "gnu"
            ? `target ${quote(last)}: ${stat.ok ? "Not a directory" : context.words(stat.error)}`
            : `'${last}' is not a directory`,
        );
        return 1;
      }
      let status = 0;
      for (const target of targets) {
        const base = target.replace(/\/+$/, "");
        const name = isDirectory ? `${last.replace(/(?<=.)\/+$/, "")}/${base.slice(base.lastIndexOf("/") + 1)}` : last;
        if (!args.has("s") && flavour === "gnu" && !sys.lstat(target).ok) {
          yield* context.complain(`failed to access ${quote(target)}: ${context.words("ENOENT")}`);
          status = 1;
          continue;
        }
        if (args.has("f") && sys.lstat(name).ok) sys.unlink(name);
        const made = args.has("s") ? sys.symlink(target, name) : sys.link(target, name);
        if (made.ok) {
          if (args.has("v"))
            yield* out.put(
              flavour === "gnu" ? `${quote(name)} ${args.has("s") ? "->" : "=>"} ${quote(target)}\n` : `'${name}' -> '${target}'\n`,
            );
          continue;
        }
        status = 1;
        const words = context.words(made.error);
        if (flavour === "busybox")
          yield* context.complain(`${made.error === "ENOENT" && !args.has("s") && !sys.lstat(target).ok ? target : name}: ${words}`);
        else if (!args.has("s") && made.error === "EPERM")
          yield* context.complain(`${quoteIfNeeded(target)}: hard link not allowed for directory`);
        else
          yield* context.complain(
            `failed to create ${args.has("s") ? "symbolic" : "hard"} link ${quote(name)}${args.has("s") || made.error === "EEXIST" ? "" : ` => ${quote(target)}`}: ${words}`,
          );
      }
      return status;
    },
  );
}

export function mktemp(flavour: Flavour): Program {
  return command(
    {
      name: "mktemp",
      usage: { gnu: "[OPTION]... [TEMPLATE]", busybox: "[-dt] [-p DIR] [TEMPLATE]" },
      options: {
        gnu: { short: "dp:qtu", long: { directory: "d", quiet: "q", "dry-run": "u", tmpdir: "P::", suffix: "suffix:" } },
        busybox: { short: "dqtp:u" },
      },
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const [template = "tmp.XXXXXXXXXX", extra] = args.operands;
      if (extra !== undefined) return yield* context.usageError(flavour === "gnu" ? "too many templates" : undefined);
      const suffix = args.value("suffix") ?? "";
      const xs = /X+$/.exec(template)?.[0].length ?? 0;
      const minimum = flavour === "gnu" ? 3 : 6;
      if (xs < minimum && !(flavour === "gnu" && /X{3}/.test(template))) {
        yield* context.complain(flavour === "gnu" ? `too few X's in template ${context.quoted(template)}` : ": Invalid argument");
        return 1;
      }
      const inTemporary = args.operands.length === 0 || args.has("t") || args.has("p") || args.has("P");
      const directory = (args.value("p") ?? args.value("P")) || sys.env.get("TMPDIR") || "/tmp";
      const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
      for (let attempt = 0; attempt < 100; attempt++) {
        const name =
          template.replace(/X{3,}(?=[^X]*$)/, (run) => Array.from({ length: run.length }, () => letters[sys.random.below(62)]).join("")) +
          suffix;
        const path = inTemporary && !name.startsWith("/") ? `${directory.replace(/\/+$/, "")}/${name}` : name;
        if (sys.lstat(path).ok) continue;
        const made = args.has("u") ? undefined : args.has("d") ? sys.mkdir(path, 0o700) : sys.writeFile(path, "", { mode: 0o600 });
        if (made && !made.ok) {
          if (!args.has("q"))
            yield* context.complain(
              flavour === "gnu"
                ? `failed to create ${args.has("d") ? "directory" : "file"} via template ${context.quoted(inTemporary ? `${directory}/${template}` : template)}: ${context.words(made.error)}`
                : `${path.slice(0, path.length - name.length)}${template}: ${context.words(made.error)}`,
            );
          return 1;
        }
        yield* out.put(`${path}\n`);
        return 0;
      }
      return 1;
    },
  );
}

export function truncate(flavour: Flavour): Program {
  return command(
    {
      name: "truncate",
      usage: { gnu: "OPTION... FILE...", busybox: "[-c] -s SIZE FILE..." },
      options: { gnu: { short: "cs:r:", long: { "no-create": "c", size: "s:", reference: "r:" } }, busybox: { short: "cs:" } },
      unsimulated: flavour === "gnu" ? "o" : "",
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const sizeText = args.value("s");
      const reference = args.value("r");
      const referred = reference === undefined ? undefined : sys.stat(reference);
      if (sizeText === undefined && !referred)
        return yield* context.usageError(
          flavour === "gnu" ? `you must specify either ${context.quoted("--size")} or ${context.quoted("--reference")}` : undefined,
        );
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing file operand" : undefined);
      if (referred && !referred.ok) {
        yield* context.complain(`cannot stat ${quote(reference ?? "")}: ${context.words(referred.error)}`);
        return 1;
      }
      const sign = flavour === "gnu" ? (/^[-+<>/%]/.exec(sizeText ?? "")?.[0] ?? "") : "";
      const amount = sizeText === undefined ? (referred?.ok ? referred.value.size : 0) : parseSize(sizeText.slice(sign.length));
      if (amount === undefined) {
        yield* context.complain(flavour === "gnu" ? `Invalid number: ${context.quoted(sizeText ?? "")}` : `invalid number '${sizeText}'`);
        return 1;
      }
      let status = 0;
      for (const path of args.operands) {
        const before = sys.readFile(path);
        if (!before.ok && before.error === "ENOENT" && args.has("c")) continue;
        const bytes = utf8Bytes(before.ok ? before.value : "");
        const wanted =
          sign === "+"
            ? bytes.length + amount
            : sign === "-"
              ? Math.max(0, bytes.length - amount)
              : sign === "<"
                ? Math.min(bytes.length, amount)
                : sign === ">"
                  ? Math.max(bytes.length, amount)
                  : amount;
        const text =
          wanted <= bytes.length ? utf8Text(bytes.slice(0, wanted)) : (before.ok ? before.value : "") + "\0".repeat(wanted - bytes.length);
        const written = sys.writeFile(path, text);
        if (written.ok) continue;
        yield* context.complain(
          flavour === "gnu"
            ? `cannot open ${quote(path)} for writing: ${context.words(written.error)}`
            : `${path}: ${context.words(written.error)}`,
        );
        status = 1;
      }
      return status;
    },
  );
}

export function sync(flavour: Flavour): Program {
  return command(
    { name: "sync", usage: { gnu: "[OPTION] [FILE]...", busybox: "[-df] [FILE]..." }, options: both({ short: "df" }) },
    flavour,
    function* () {
      return 0;
    },
  );
}

export function chmod(flavour: Flavour): Program {
  return command(
    {
      name: "chmod",
      usage: { gnu: "[OPTION]... MODE[,MODE]... FILE...", busybox: "[-Rcvf] MODE[,MODE]... FILE..." },
      options: {
        gnu: { short: "cfRv", long: { changes: "c", quiet: "f", silent: "f", recursive: "R", verbose: "v", reference: "reference:" } },
        busybox: { short: "Rcvf" },
      },
      // `chmod -x FILE`: a mode, not an option.
      rewrite: (args) => {
        const at = args.findIndex((arg) => /^-[rwxXstugoa,+=-]+$/.test(arg) && arg !== "--" && !/^-[cfRv]+$/.test(arg));
        return at < 0 || args.slice(0, at).includes("--")
          ? args
          : [
              ...args.slice(0, at),
              ...args.slice(at + 1).filter((arg) => /^-[cfRv]+$/.test(arg)),
              "--",
              args[at] ?? "",
              ...args.slice(at + 1).filter((arg) => !/^-[cfRv]+$/.test(arg)),
            ];
      },
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const reference = args.value("reference");
      const referred = reference === undefined ? undefined : sys.stat(reference);
      if (referred && !referred.ok) {
        yield* context.complain(`failed to get attributes of ${quote(reference ?? "")}: ${context.words(referred.error)}`);
        return 1;
      }
      const [first, ...others] = args.operands;
      const modeSpec = referred ? referred.value.mode.toString(8) : first;
      const files = referred ? args.operands : others;
      if (modeSpec === undefined) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      if (files.length === 0)
        return yield* context.usageError(flavour === "gnu" ? `missing operand after ${context.quoted(modeSpec)}` : undefined);
      if (applyMode(modeSpec, 0, { isDirectory: false, umask: 0 }) === undefined) {
        if (flavour === "gnu") return yield* context.usageError(`invalid mode: ${context.quoted(modeSpec)}`);
        yield* context.complain(`invalid mode '${modeSpec}'`);
        return 1;
      }
      return yield* overTree(context, files, function* (path) {
        const stat = sys.stat(path);
        if (!stat.ok) {
          const dangling = sys.lstat(path).ok;
          if (!args.has("f"))
            yield* context.complain(
              flavour === "gnu"
                ? dangling
                  ? `cannot operate on dangling symlink ${quote(path)}`
                  : `cannot access ${quote(path)}: ${context.words(stat.error)}`
                : `${path}: ${context.words(stat.error)}`,
            );
          return false;
        }
        const mode =
          applyMode(modeSpec, stat.value.mode, { isDirectory: stat.value.kind === "directory", umask: sys.umask }) ?? stat.value.mode;
        const changed = sys.chmod(path, mode);
        if (!changed.ok) {
          if (!args.has("f"))
            yield* context.complain(
              flavour === "gnu"
                ? `changing permissions of ${quote(path)}: ${context.words(changed.error)}`
                : `${path}: ${context.words(changed.error)}`,
            );
          return false;
        }
        const isChange = mode !== stat.value.mode;
        if (args.has("v") || (args.has("c") && isChange)) {
          const octal = (value: number): string => `${value.toString(8).padStart(4, "0")} (${modeText("file", value).slice(1)})`;
          if (flavour === "busybox") yield* context.out.put(`mode of '${path}' changed to ${octal(mode)}\n`);
          else
            yield* context.out.put(
              isChange
                ? `mode of ${quote(path)} changed from ${octal(stat.value.mode)} to ${octal(mode)}\n`
                : `mode of ${quote(path)} retained as ${octal(mode)}\n`,
            );
        }
        return true;
      });
    },
  );
}

/** Each file, and with -R what is below it; whether all worked, as a status. */
function* overTree(context: Context, files: readonly string[], change: (path: string) => Routine<boolean>): Routine<number> {
  const { args, sys } = context;
  let status = 0;
  const visit = function* (path: string): Routine<void> {
    if (!(yield* change(path))) {
      status = 1;
      return;
    }
    const stat = args.has("R") ? sys.lstat(path) : undefined;
    if (!stat?.ok || stat.value.kind !== "directory") return;
    const names = sys.readdir(path);
    if (!names.ok) return;
    for (const name of names.value) {
      const child = `${path.replace(/\/+$/, "")}/${name}`;
      const own = sys.lstat(child);
      if (own.ok && own.value.kind !== "symlink") yield* visit(child);
    }
  };
  for (const file of files) yield* visit(file);
  return status;
}

function owner(kind: "chown" | "chgrp"): (flavour: Flavour) => Program {
  return (flavour) =>
    command(
      {
        name: kind,
        usage: {
          gnu: kind === "chown" ? "[OPTION]... [OWNER][:[GROUP]] FILE..." : "[OPTION]... GROUP FILE...",
          busybox: kind === "chown" ? "[-RhLHPcvf] USER[:[GRP]] FILE..." : "[-RhLHPcvf] GROUP FILE...",
        },
        options: both({
          short: "RhLHPcvf",
          long: { recursive: "R", "no-dereference": "h", verbose: "v", changes: "c", quiet: "f", silent: "f" },
        }),
        unsimulatedLong: ["reference:", "from:"],
      },
      flavour,
      function* (context) {
        const { args, sys } = context;
        const [spec, ...files] = args.operands;
        if (spec === undefined) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
        if (files.length === 0)
          return yield* context.usageError(flavour === "gnu" ? `missing operand after ${context.quoted(spec)}` : undefined);
        const [userText, groupText] =
          kind === "chgrp"
            ? ["", spec]
            : spec.includes(":")
              ? [spec.slice(0, spec.indexOf(":")), spec.slice(spec.indexOf(":") + 1)]
              : [spec, ""];
        const number = (text: string, file: "/etc/passwd" | "/etc/group"): number | undefined => {
          const account = accounts(sys, file).find((fields) => fields[0] === text);
          return account ? Number(account[2]) : /^\d+$/.test(text) ? Number(text) : undefined;
        };
        const uid = userText === "" ? undefined : number(userText, "/etc/passwd");
        const gid = groupText === "" ? undefined : number(groupText, "/etc/group");
        if ((userText !== "" && uid === undefined) || (groupText !== "" && gid === undefined)) {
          if (flavour === "busybox")
            yield* context.complain(uid === undefined && userText !== "" ? `unknown user ${userText}` : `unknown group ${groupText}`);
          else
            yield* context.complain(
              kind === "chgrp"
                ? `invalid group: ${context.quoted(groupText ?? "")}`
                : `invalid ${uid === undefined && userText !== "" ? "user" : "group"}: ${context.quoted(spec)}`,
            );
          return 1;
        }
        return yield* overTree(context, files, function* (path) {
          const stat = sys.stat(path);
          const changed = stat.ok ? sys.chown(path, { uid: uid ?? stat.value.uid, gid: gid ?? stat.value.gid }) : stat;
          if (changed.ok) return true;
          if (args.has("f")) return false;
          if (flavour === "busybox") yield* context.complain(`${path}: ${context.words(changed.error)}`);
          else
            yield* context.complain(
              stat.ok
                ? `changing ${kind === "chown" ? "ownership" : "group"} of ${quote(path)}: ${context.words(changed.error)}`
                : `cannot access ${quote(path)}: ${context.words(changed.error)}`,
            );
          return false;
        });
      },
    );
}

export const chown = owner("chown");
export const chgrp = owner("chgrp");
