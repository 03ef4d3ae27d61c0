/**
 * `find`: files below directories, by tests. GNU find 4.11 and busybox's.
 *
 * Differs: a directory's names come sorted, where a real file system has an order of its own; times of access and status
 * change are the time of last change.
 */

import { strerror } from "@/lib/sim/core/errno";
import { complain } from "@/lib/sim/core/stdio";
import type { FileKind, FileStat, Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { BUSYBOX_BANNER, type Flavour } from "../command/command";
import { applyMode, modeText } from "../command/file-mode";
import { formatText } from "../command/c-format";
import { Output } from "../command/output";
import { formatDate } from "../coreutils/date";
import { unescape } from "../coreutils/escapes";
import { accounts, groupName, userName } from "../coreutils/identity";
import { modeLine } from "../coreutils/long-line";
import { findProgram, statusOf } from "../coreutils/run";
import { curly } from "../coreutils/test";
import { matchesGlob } from "../grep/grep";
import { PosixRegex } from "../regex/posix-regex";

type Visit = { readonly path: string; readonly name: string; readonly stat: FileStat; readonly depth: number; prune: boolean };

/** Whether a file passes; actions always do something as well. */
type Test = (visit: Visit) => Routine<boolean>;

class FindError extends Error {}

const KINDS: Readonly<Record<string, FileKind>> = {
  f: "file",
  d: "directory",
  l: "symlink",
  c: "character-device",
  p: "fifo",
  s: "socket",
};
const LETTERS: Readonly<Record<FileKind, string>> = {
  file: "f",
  directory: "d",
  symlink: "l",
  "character-device": "c",
  fifo: "p",
  socket: "s",
};

export function find(flavour: Flavour): Program {
  return function* (sys) {
    const args = sys.argv.slice(1);
    const paths: string[] = [];
    let follow: "P" | "L" | "H" = "P";
    let at = 0;
    for (; /^-[PLH]$/.test(args[at] ?? ""); at++) follow = (args[at] ?? "-P")[1] as "P" | "L" | "H";
    for (; at < args.length && !/^-.|^[(!]$/.test(args[at] ?? ""); at++) paths.push(args[at] ?? "");
    const out = new Output(sys);
    const finder = new Finder(sys, flavour, out, follow);
    try {
      finder.parse(args.slice(at));
    } catch (error) {
      if (!(error instanceof FindError)) throw error;
      yield* complain(sys, `find: ${flavour === "gnu" ? curly(sys, error.message) : error.message}\n`);
      if (error.message.startsWith("unrecognized"))
        yield* complain(sys, `${BUSYBOX_BANNER}\n\nUsage: find [-HL] [PATH]... [OPTIONS] [ACTIONS]\n`);
      return 1;
    }
    for (const path of paths.length > 0 ? paths : ["."]) yield* finder.walk(path);
    yield* finder.finish();
    yield* out.flush();
    return finder.failed ? 1 : 0;
  };
}

class Finder {
  readonly #sys: Sys;
  readonly #flavour: Flavour;
  readonly #out: Output;
  #follow: "P" | "L" | "H";
  #test: Test = function* () {
    return true;
  };
  #hasAction = false;
  #depthFirst = false;
  #minDepth = 0;
  #maxDepth = Number.POSITIVE_INFINITY;
  #words: readonly string[] = [];
  #at = 0;
  #isDone = false;
  /** `-exec … +`: what is collected, and what it is for. */
  readonly #batches: { readonly argv: readonly string[]; readonly files: string[] }[] = [];
  failed = false;

  constructor(sys: Sys, flavour: Flavour, out: Output, follow: "P" | "L" | "H") {
    this.#sys = sys;
    this.#flavour = flavour;
    this.#out = out;
    this.#follow = follow;
  }

  // --- the expression ---------------------------------------------------------------------------------------------------

  parse(words: readonly string[]): void {
    this.#words = words;
    if (words.length > 0) this.#test = this.#or();
    const extra = words[this.#at];
    if (extra === ")") throw new FindError(this.#flavour === "gnu" ? "invalid expression; you have too many ')'" : `unrecognized: )`);
    if (extra !== undefined) throw this.#unknown(extra);
    if (this.#hasAction) return;
    const inner = this.#test;
    const out = this.#out;
    this.#test = function* (visit) {
      if (!(yield* inner(visit))) return false;
      yield* out.put(`${visit.path}\n`);
      return true;
    };
  }

  #unknown(word: string): FindError {
    if (this.#flavour === "busybox") return new FindError(`unrecognized: ${word}`);
    return new FindError(word.startsWith("-") ? `unknown predicate \`${word}'` : `paths must precede expression: \`${word}'`);
  }

  #argument(option: string): string {
    const value = this.#words[this.#at++];
    if (value === undefined)
      throw new FindError(this.#flavour === "gnu" ? `missing argument to \`${option}'` : `${option} requires an argument`);
    return value;
  }

  #or(): Test {
    let left = this.#and();
    while (this.#words[this.#at] === "-o" || this.#words[this.#at] === "-or" || this.#words[this.#at] === ",") {
      const isComma = this.#words[this.#at++] === ",";
      const [before, after] = [left, this.#and()];
      left = function* (visit) {
        const passed = yield* before(visit);
        return isComma ? yield* after(visit) : passed || (yield* after(visit));
      };
    }
    return left;
  }

  #and(): Test {
    let left = this.#not();
    for (;;) {
      const word = this.#words[this.#at];
      if (word === undefined || word === "-o" || word === "-or" || word === ")" || word === ",") return left;
      if (word === "-a" || word === "-and") this.#at++;
      const [before, after] = [left, this.#not()];
      left = function* (visit) {
        return (yield* before(visit)) && (yield* after(visit));
      };
    }
  }

  #not(): Test {
    const word = this.#words[this.#at];
    if (word !== "!" && word !== "-not") return this.#primary();
    this.#at++;
    const inner = this.#not();
    return function* (visit) {
      return !(yield* inner(visit));
    };
  }

  #primary(): Test {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new FindError(this.#flavour === "gnu" ? "expected an expression" : "bare option");
    if (word === "(") {
      const inner = this.#or();
      if (this.#words[this.#at++] !== ")")
        throw new FindError(
          this.#flavour === "gnu" ? "invalid expression; I was expecting to find a ')' somewhere but did not see one." : "unmatched (",
        );
      return inner;
    }
    const plain = (test: (visit: Visit) => boolean): Test =>
      function* (visit) {
        return test(visit);
      };
    switch (word) {
      case "-name":
      case "-iname": {
        const glob = this.#argument(word);
        return plain(({ name }) => (word === "-iname" ? matchesGlob(glob.toLowerCase(), name.toLowerCase()) : matchesGlob(glob, name)));
      }
      case "-path":
      case "-wholename":
      case "-ipath": {
        const glob = this.#argument(word);
        return plain(({ path }) => (word === "-ipath" ? matchesGlob(glob.toLowerCase(), path.toLowerCase()) : matchesGlob(glob, path)));
      }
      case "-regex":
      case "-iregex": {
        const regex = PosixRegex.compile(`^(${this.#argument(word)})$`, { extended: true, ignoreCase: word === "-iregex" });
        if (!regex.ok) throw new FindError(regex.error);
        return plain(({ path }) => regex.value.test(path));
      }
      case "-lname": {
        const glob = this.#argument(word);
        return plain(({ path }) => {
          const target = this.#sys.readlink(path);
          return target.ok && matchesGlob(glob, target.value);
        });
      }
      case "-type":
      case "-xtype": {
        const kinds = this.#argument(word).split(",");
        for (const kind of kinds)
          if (!KINDS[kind] && kind !== "b")
            throw new FindError(
              this.#flavour === "gnu" ? `Unknown argument to ${word}: ${kind}` : `invalid argument '${kind}' to '${word}'`,
            );
        return plain(({ stat }) => kinds.some((kind) => KINDS[kind] === stat.kind));
      }
      case "-empty":
        return plain(({ path, stat }) => {
          if (stat.kind === "file") return stat.size === 0;
          const names = stat.kind === "directory" ? this.#sys.readdir(path) : undefined;
          return names?.ok === true && names.value.length === 0;
        });
      case "-size":
        return plain(this.#size(this.#argument(word)));
      case "-mtime":
      case "-ctime":
      case "-atime":
        return plain(this.#age(word, this.#argument(word), 86_400));
      case "-mmin":
      case "-cmin":
      case "-amin":
        return plain(this.#age(word, this.#argument(word), 60));
      case "-newer": {
        const reference = this.#sys.stat(this.#argument(word));
        if (!reference.ok) throw new FindError(`'${this.#words[this.#at - 1]}': No such file or directory`);
        return plain(({ stat }) => stat.modifiedAt > reference.value.modifiedAt);
      }
      case "-perm": {
        const text = this.#argument(word);
        const how = /^[-/]/.exec(text)?.[0] ?? "";
        const mode = applyMode(text.slice(how.length), 0, { isDirectory: false, umask: 0 });
        if (mode === undefined) throw new FindError(`invalid mode '${text}'`);
        return plain(({ stat }) =>
          how === "-" ? (stat.mode & mode) === mode : how === "/" ? mode === 0 || (stat.mode & mode) !== 0 : stat.mode === mode,
        );
      }
      case "-user":
      case "-group": {
        const name = this.#argument(word);
        const file = word === "-user" ? "/etc/passwd" : "/etc/group";
        const account = accounts(this.#sys, file).find((fields) => fields[0] === name);
        if (!account && !/^\d+$/.test(name))
          throw new FindError(
            this.#flavour === "gnu" ? `'${name}' is not the name of a known ${word.slice(1)}` : `unknown ${word.slice(1)} ${name}`,
          );
        const number = account ? Number(account[2]) : Number(name);
        return plain(({ stat }) => (word === "-user" ? stat.uid : stat.gid) === number);
      }
      case "-links": {
        const count = comparison(this.#argument(word));
        return plain(({ stat }) => count?.(stat.links) ?? false);
      }
      case "-inum": {
        const count = comparison(this.#argument(word));
        return plain(({ stat }) => count?.(stat.inode) ?? false);
      }
      case "-executable":
        return plain(({ stat }) => (stat.mode & 0o111) !== 0);
      case "-readable":
      case "-writable":
      case "-true":
      case "-noleaf":
      case "-mount":
      case "-xdev":
      case "-daystart":
      case "-warn":
      case "-nowarn":
        return plain(() => true);
      case "-false":
        return plain(() => false);
      case "-follow":
        this.#follow = "L";
        return plain(() => true);
      case "-depth":
      case "-d":
        this.#depthFirst = true;
        return plain(() => true);
      case "-maxdepth":
      case "-mindepth": {
        const text = this.#argument(word);
        if (!/^\d+$/.test(text))
          throw new FindError(
            this.#flavour === "gnu"
              ? `Expected a positive decimal integer argument to ${word}, but got '${text}'`
              : `invalid number '${text}'`,
          );
        if (word === "-maxdepth") this.#maxDepth = Number(text);
        else this.#minDepth = Number(text);
        return plain(() => true);
      }
      case "-prune":
        return plain((visit) => {
          visit.prune = true;
          return true;
        });
      default:
        return this.#action(word);
    }
  }

  #action(word: string): Test {
    const out = this.#out;
    switch (word) {
      case "-print":
      case "-print0":
        this.#hasAction = true;
        return function* ({ path }) {
          yield* out.put(path + (word === "-print" ? "\n" : "\0"));
          return true;
        };
      case "-printf": {
        if (this.#flavour === "busybox") break;
        this.#hasAction = true;
        const format = unescape(this.#argument(word), { octal: "any" }).text;
        const sys = this.#sys;
        return function* (visit) {
          yield* out.put(formatVisit(sys, format, visit));
          return true;
        };
      }
      case "-ls": {
        this.#hasAction = true;
        const sys = this.#sys;
        return function* ({ path, stat }) {
          const target = stat.kind === "symlink" ? sys.readlink(path) : undefined;
          const blocks = Math.ceil(stat.size / 4_096) * 4;
          yield* out.put(
            `${String(stat.inode).padStart(9)} ${String(blocks).padStart(6)} ${modeLine(sys, stat)} ${path}${target?.ok ? ` -> ${target.value}` : ""}\n`,
          );
          return true;
        };
      }
      case "-delete": {
        if (this.#flavour === "busybox") break;
        this.#hasAction = true;
        this.#depthFirst = true;
        return (visit) => this.#delete(visit);
      }
      case "-quit":
        this.#hasAction = true;
        return () => this.#quit();
      case "-exec":
      case "-execdir":
      case "-ok":
        this.#hasAction = true;
        return this.#exec(word);
    }
    this.#at--;
    throw this.#unknown(word);
  }

  *#quit(): Routine<boolean> {
    this.#isDone = true;
    return true;
  }

  *#delete({ path, stat }: Visit): Routine<boolean> {
    if (path === ".") return true;
    const removed = stat.kind === "directory" ? this.#sys.rmdir(path) : this.#sys.unlink(path);
    if (removed.ok) return true;
    yield* this.#complain(
      this.#flavour === "gnu"
        ? `cannot delete ${curly(this.#sys, `'${path}'`)}: ${strerror(removed.error)}`
        : `${path}: ${strerror(removed.error)}`,
    );
    return false;
  }

  #exec(word: string): Test {
    const argv: string[] = [];
    for (;;) {
      const arg = this.#words[this.#at++];
      if (arg === undefined)
        throw new FindError(this.#flavour === "gnu" ? `missing argument to \`${word}'` : `missing argument to '${word}'`);
      if (arg === ";") return (visit) => this.#run(argv.map((one) => one.replaceAll("{}", visit.path)));
      if (arg === "+" && argv.at(-1) === "{}") {
        const batch = { argv: argv.slice(0, -1), files: [] as string[] };
        this.#batches.push(batch);
        return function* ({ path }) {
          batch.files.push(path);
          return true;
        };
      }
      argv.push(arg);
    }
  }

  *#run(argv: readonly string[]): Routine<boolean> {
    yield* this.#out.flush();
    const name = argv[0] ?? "";
    const found = findProgram(this.#sys, name);
    const child = "errno" in found ? found : this.#sys.spawn({ image: { path: found.path }, argv });
    if ("errno" in child || !child.ok) {
      const errno = "errno" in child ? child.errno : child.error;
      // Its own exit status does not tell of this.
      yield* this.#out.flush();
      yield* complain(this.#sys, `find: ${this.#flavour === "gnu" ? curly(this.#sys, `'${name}'`) : name}: ${strerror(errno)}\n`);
      return false;
    }
    const report = yield* this.#sys.waitpid(child.value);
    return report.ok && report.value !== undefined && statusOf(report.value) === 0;
  }

  /** Runs what `-exec … +` collected. */
  *finish(): Routine<void> {
    for (const { argv, files } of this.#batches) {
      if (files.length > 0 && !(yield* this.#run([...argv, ...files]))) this.failed = true;
    }
  }

  #size(text: string): (visit: Visit) => boolean {
    const match = /^([-+]?\d+)([bcwkMG]?)$/.exec(text);
    if (!match) throw new FindError(this.#flavour === "gnu" ? `Invalid argument \`${text}' to -size` : `invalid number '${text}'`);
    const unit = { "": 512, b: 512, c: 1, w: 2, k: 1_024, M: 1_024 ** 2, G: 1_024 ** 3 }[match[2] ?? ""] ?? 512;
    const compare = comparison(match[1] ?? "");
    // Sizes are rounded up to the unit.
    return ({ stat }) => compare?.(Math.ceil(stat.size / unit)) ?? false;
  }

  #age(option: string, text: string, unit: number): (visit: Visit) => boolean {
    const compare = comparison(text);
    if (!compare) throw new FindError(this.#flavour === "gnu" ? `invalid argument \`${text}' to \`${option}'` : `invalid number '${text}'`);
    return ({ stat }) => compare(Math.floor((this.#sys.now - stat.modifiedAt) / 1_000_000 / unit));
  }

  // --- the walk -----------------------------------------------------------------------------------------------------------

  *walk(path: string): Routine<void> {
    if (this.#isDone) return;
    const stat = this.#follow === "P" ? this.#sys.lstat(path) : this.#sys.stat(path);
    const own = stat.ok ? stat : this.#sys.lstat(path);
    if (!own.ok) {
      yield* this.#complain(
        this.#flavour === "gnu" ? `${curly(this.#sys, `'${path}'`)}: ${strerror(own.error)}` : `${path}: ${strerror(own.error)}`,
      );
      return;
    }
    const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
    yield* this.#visit({
      path,
      name: trimmed === "/" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1),
      stat: own.value,
      depth: 0,
      prune: false,
    });
  }

  *#visit(visit: Visit): Routine<void> {
    if (this.#isDone) return;
    const isShown = visit.depth >= this.#minDepth;
    if (isShown && !this.#depthFirst) yield* this.#test(visit);
    if (visit.stat.kind === "directory" && !visit.prune && visit.depth < this.#maxDepth) {
      const names = this.#sys.readdir(visit.path);
      if (!names.ok)
        yield* this.#complain(
          this.#flavour === "gnu"
            ? `${curly(this.#sys, `'${visit.path}'`)}: ${strerror(names.error)}`
            : `${visit.path}: ${strerror(names.error)}`,
        );
      for (const name of names.ok ? names.value : []) {
        const path = visit.path.endsWith("/") ? visit.path + name : `${visit.path}/${name}`;
        const followed = this.#follow === "L" ? this.#sys.stat(path) : this.#sys.lstat(path);
        const stat = followed.ok ? followed : this.#sys.lstat(path);
        if (stat.ok) yield* this.#visit({ path, name, stat: stat.value, depth: visit.depth + 1, prune: false });
      }
    }
    if (isShown && this.#depthFirst) yield* this.#test(visit);
  }

  *#complain(message: string): Routine<void> {
    this.failed = true;
    yield* this.#out.flush();
    yield* complain(this.#sys, `find: ${message}\n`);
  }
}

/** `5`, `+5`, `-5`. */
function comparison(text: string): ((value: number) => boolean) | undefined {
  const match = /^([-+]?)(\d+)$/.exec(text);
  if (!match) return undefined;
  const amount = Number(match[2]);
  return match[1] === "+" ? (value) => value > amount : match[1] === "-" ? (value) => value < amount : (value) => value === amount;
}

function formatVisit(sys: Sys, format: string, { path, name, stat, depth }: Visit): string {
  const ms = sys.dateMs - (sys.now - stat.modifiedAt) / 1_000;
  return format.replace(
    /%(-?)(\d*)(?:T(.)|([%pfhsymMugUGdlin]))/g,
    (all, left: string, width: string, time: string | undefined, letter: string | undefined) => {
      if (letter === "%") return "%";
      const target = letter === "l" ? sys.readlink(path) : undefined;
      const slash = path.lastIndexOf("/");
      const value =
        time !== undefined
          ? time === "@"
            ? `${(ms / 1_000).toFixed(10)}`
            : formatDate(ms, `%${time}`)
          : {
              p: path,
              f: name,
              h: slash < 0 ? "." : path.slice(0, slash),
              s: String(stat.size),
              y: LETTERS[stat.kind],
              m: stat.mode.toString(8),
              M: modeText(stat.kind, stat.mode),
              u: userName(sys, stat.uid) ?? String(stat.uid),
              g: groupName(sys, stat.gid) ?? String(stat.gid),
              U: String(stat.uid),
              G: String(stat.gid),
              d: String(depth),
              l: target?.ok ? target.value : "",
              i: String(stat.inode),
              n: String(stat.links),
            }[letter ?? ""];
      return value === undefined
        ? all
        : formatText(value, { flags: left, width: width === "" ? undefined : Number(width), precision: undefined, conversion: "s" });
    },
  );
}
