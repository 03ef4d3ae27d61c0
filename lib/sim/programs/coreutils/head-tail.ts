/** `head` and `tail`: the first and last lines of files, and `tail -f`, which waits for more. */

import { utf8Bytes, utf8Length, utf8Prefix, utf8Text } from "@/lib/base/utf8";
import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { seconds } from "@/lib/sim/core/time";
import { type Args, command, type CommandSpec, type Context, type Flavour } from "../command/command";
import { cannotOpen, cannotRead, type Input, openInput } from "../command/input";

/** How much is wanted: `from-start` of tail is `+N`, `all-but` of head is `-N`. */
type Amount = { readonly unit: "lines" | "bytes"; readonly count: number; readonly sign: "" | "+" | "-" };

const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  b: 512,
  k: 1024,
  K: 1024,
  kB: 1000,
  KB: 1000,
  m: 1024 ** 2,
  M: 1024 ** 2,
  MB: 1e6,
  G: 1024 ** 3,
  GB: 1e9,
};

function amountOf(args: Args): Amount | { readonly bad: string; readonly unit: "lines" | "bytes" } {
  const key = args.last("n", "c");
  const unit = key === "c" ? "bytes" : "lines";
  const text = (key && args.value(key)) ?? "10";
  const match = /^([+-]?)(\d+)([a-zA-Z]*)$/.exec(text);
  const factor = match ? SUFFIXES[match[3] ?? ""] : undefined;
  if (!match || factor === undefined) return { bad: text, unit };
  return { unit, count: Number(match[2]) * factor, sign: match[1] === "+" ? "+" : match[1] === "-" ? "-" : "" };
}

/** `head -5`, `tail -5`, `tail +3`. */
function rewriteOld(args: readonly string[]): readonly string[] {
  const [first] = args;
  const old = first === undefined ? null : /^-(\d+)([bkm]?)([qvf]*)$/.exec(first);
  return old ? ["-n", `${old[1]}${old[2]}`, ...(old[3] ? [`-${old[3]}`] : []), ...args.slice(1)] : args;
}

const LONG = { bytes: "c:", lines: "n:", quiet: "q", silent: "q", verbose: "v" };

const HEAD: CommandSpec = {
  name: "head",
  usage: { gnu: "[OPTION]... [FILE]...", busybox: "[OPTIONS] [FILE]..." },
  options: { gnu: { short: "c:n:qvz", long: { ...LONG, "zero-terminated": "z" } }, busybox: { short: "n:c:qv" } },
  rewrite: rewriteOld,
};

export function head(flavour: Flavour): Program {
  return command(HEAD, flavour, function* (context) {
    const amount = amountOf(context.args);
    if ("bad" in amount) return yield* badAmount(context, amount);
    const separator = context.args.has("z") ? "\0" : "\n";
    return yield* eachWithHeader(context, separator, (input) => copyHead(context, input, amount, separator));
  });
}

function* copyHead({ out }: Context, input: Input, amount: Amount, separator: string): Routine<void> {
  if (amount.unit === "bytes") {
    if (amount.sign === "-") {
      const bytes = utf8Bytes(yield* input.rest());
      return yield* out.put(utf8Text(bytes.slice(0, Math.max(0, bytes.length - amount.count))));
    }
    for (let left = amount.count; left > 0; ) {
      const chunk = yield* input.chunk();
      if (chunk === "") return;
      const part = utf8Prefix(chunk, left);
      yield* out.put(part);
      left -= part.length < chunk.length ? left : utf8Length(part);
    }
    return;
  }
  const held: string[] = [];
  const keepBack = amount.sign === "-" ? amount.count : 0;
  for (let taken = 0; amount.sign === "-" || taken < amount.count; taken++) {
    const line = yield* input.line();
    if (!line) return;
    held.push(line.text + (line.terminated ? separator : ""));
    if (held.length > keepBack) yield* out.put(held.shift() ?? "");
  }
}

const TAIL: CommandSpec = {
  name: "tail",
  usage: { gnu: "[OPTION]... [FILE]...", busybox: "[OPTIONS] [FILE]..." },
  options: {
    gnu: { short: "c:fFn:qs:vz", long: { ...LONG, follow: "f::", retry: "retry", "sleep-interval": "s:", "zero-terminated": "z" } },
    busybox: { short: "n:c:fFqs:v" },
  },
  rewrite: (args) => {
    const [first] = args;
    const old = first === undefined ? null : /^\+(\d+)([cl]?)(f?)$/.exec(first);
    return old ? [old[2] === "c" ? "-c" : "-n", `+${old[1]}`, ...(old[3] ? ["-f"] : []), ...args.slice(1)] : rewriteOld(args);
  },
};

export function tail(flavour: Flavour): Program {
  return command(TAIL, flavour, function* (context) {
    const amount = amountOf(context.args);
    if ("bad" in amount) return yield* badAmount(context, amount);
    const separator = context.args.has("z") ? "\0" : "\n";
    const follows = context.args.has("f") || context.args.has("F");
    let opened = 0;
    const status = yield* eachWithHeader(
      context,
      separator,
      (input) => {
        opened++;
        return copyTail(context, input, amount, separator);
      },
      follows,
    );
    if (opened === 0 && flavour === "busybox") yield* context.complain("no files");
    return follows ? yield* follow(context, status) : status;
  });
}

function* copyTail({ out }: Context, input: Input, amount: Amount, separator: string): Routine<void> {
  const text = yield* input.rest();
  if (amount.unit === "bytes") {
    const bytes = utf8Bytes(text);
    return yield* out.put(
      utf8Text(amount.sign === "+" ? bytes.slice(Math.max(0, amount.count - 1)) : bytes.slice(Math.max(0, bytes.length - amount.count))),
    );
  }
  const lines = text.split(separator);
  const last = lines.pop();
  const whole = lines.map((line) => line + separator);
  if (last) whole.push(last);
  yield* out.put(
    (amount.sign === "+" ? whole.slice(Math.max(0, amount.count - 1)) : whole.slice(Math.max(0, whole.length - amount.count))).join(""),
  );
}

/**
 * Looks at the followed files once a second, as tail does without inotify. By name (`-F`) a file may be replaced or come
 * later; by descriptor (`-f`) it is the file that it was. Here both go by name, and a file that shrinks is read anew.
 */
function* follow(context: Context, status: number): Routine<number> {
  const { sys, args, out, flavour } = context;
  const interval = Number(args.value("s") ?? 1);
  if (!(interval >= 0)) return yield* context.usageError(`invalid number of seconds: '${args.value("s")}'`);
  const retries = args.has("F") || args.has("retry");
  const paths = args.operands.length > 0 ? args.operands : ["-"];
  const offsets = new Map<string, number>();
  for (const path of paths) {
    const text = path === "-" ? undefined : sys.readFile(path);
    if (text?.ok) offsets.set(path, text.value.length);
    else if (path !== "-" && retries) offsets.set(path, 0);
  }
  if (offsets.size === 0 && !paths.includes("-")) {
    if (flavour === "gnu") yield* context.complain("no files remaining");
    return 1;
  }
  yield* out.flush();
  // stdin that ended stays ended.
  if (offsets.size === 0) return status;
  let shown: string | undefined = paths.at(-1);
  for (;;) {
    yield* sys.sleep(seconds(Math.max(interval, 0.01)));
    for (const [path, offset] of offsets) {
      const text = sys.readFile(path);
      if (!text.ok || text.value.length === offset) continue;
      const isTruncated = text.value.length < offset;
      if (isTruncated && flavour === "gnu") yield* context.complain(`${path}: file truncated`);
      if (paths.length > 1 && shown !== path && !args.has("q")) yield* out.put(`\n==> ${path} <==\n`);
      shown = path;
      yield* out.put(text.value.slice(isTruncated ? 0 : offset));
      offsets.set(path, text.value.length);
    }
    yield* out.flush();
  }
}

/** Each file, under `==> NAME <==` if there are several. */
function* eachWithHeader(context: Context, separator: string, copy: (input: Input) => Routine<void>, follows = false): Routine<number> {
  const { sys, args, out, flavour } = context;
  const paths = args.operands.length > 0 ? args.operands : ["-"];
  const withHeader = args.last("q", "v") === "v" || (paths.length > 1 && !args.has("q"));
  let status = 0;
  let isFirst = true;
  for (const path of paths) {
    const input = openInput(sys, path, out, separator);
    if (!input.ok) {
      yield* context.complain(
        flavour === "busybox" && context.name === "head"
          ? `${path}: ${context.words(input.error)}`
          : cannotOpen(context, path, input.error, "cannot open"),
      );
      status = 1;
      // busybox's head counts a file that it could not open when it sets headers apart.
      if (flavour === "busybox" && context.name === "head") isFirst = false;
      continue;
    }
    if (withHeader) yield* out.put(`${isFirst ? "" : "\n"}==> ${path === "-" ? "standard input" : path} <==\n`);
    isFirst = false;
    yield* copy(input.value);
    const { error } = input.value;
    if (error) {
      const words = context.name === "head" ? context.words("EIO") : context.words(error);
      yield* context.complain(
        flavour === "gnu"
          ? `error reading '${path === "-" ? "standard input" : path}': ${context.words(error)}`
          : context.name === "head"
            ? `${path}: ${words}`
            : cannotRead(context, path, error),
      );
      status = 1;
      if (follows) continue;
    }
    input.value.close();
  }
  return status;
}

function* badAmount(context: Context, { bad, unit }: { readonly bad: string; readonly unit: string }): Routine<number> {
  const text = context.name === "tail" || context.flavour === "busybox" ? bad.replace(/^[+-]/, "") : bad.replace(/^-/, "");
  yield* context.complain(context.flavour === "gnu" ? `invalid number of ${unit}: ${context.quoted(bad)}` : `invalid number '${text}'`);
  return 1;
}
