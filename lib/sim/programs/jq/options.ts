/** jq's command line. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Sys } from "@/lib/sim/core/sys";
import type { Json, PrintOptions } from "./json";
import { JsonReader } from "./reader";

export type Options = {
  raw: boolean;
  join: boolean;
  nullInput: boolean;
  rawInput: boolean;
  slurp: boolean;
  exitStatus: boolean;
  version: boolean;
  separator: "\n" | "\0";
  print: PrintOptions;
  readonly variables: Map<string, Json>;
  program: string | undefined;
  readonly files: string[];
};

export function readOptions(sys: Sys, options: Options): string | undefined {
  const args = [...sys.argv.slice(1)];
  const positional: Json[] = [];
  let mode: "files" | "args" | "jsonargs" = "files";
  let fromFile: string | undefined;
  let onlyOperands = false;
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    // `-1` and `-(…)` are programs.
    if (onlyOperands || !/^-[a-zA-Z-]/.test(arg)) {
      if (options.program === undefined && fromFile === undefined) options.program = arg;
      else if (mode === "files") options.files.push(arg);
      else positional.push(mode === "args" ? arg : parseValue(arg));
      continue;
    }
    if (arg === "--") {
      onlyOperands = true;
      continue;
    }
    const names = arg.startsWith("--") ? [LONG[arg.slice(2)] ?? arg] : [...arg.slice(1)];
    for (const name of names) {
      switch (name) {
        case "r":
          options.raw = true;
          break;
        case "j":
          options.join = true;
          break;
        case "c":
          options.print = { ...options.print, indent: 0 };
          break;
        case "n":
          options.nullInput = true;
          break;
        case "R":
          options.rawInput = true;
          break;
        case "s":
          options.slurp = true;
          break;
        case "e":
          options.exitStatus = true;
          break;
        case "S":
          options.print = { ...options.print, sortKeys: true };
          break;
        case "a":
          options.print = { ...options.print, ascii: true };
          break;
        case "raw-output0":
          options.raw = true;
          options.separator = "\0";
          break;
        case "tab":
          options.print = { ...options.print, indent: "tab" };
          break;
        case "indent": {
          const indent = Number(args.shift());
          if (!(indent >= 0 && indent <= 7)) return "jq: Cannot indent more than 7 characters\n";
          options.print = { ...options.print, indent };
          break;
        }
        case "M":
          options.print = { ...options.print, color: false };
          break;
        case "C":
          options.print = { ...options.print, color: true };
          break;
        case "f":
          fromFile = options.program ?? args.shift();
          options.program = undefined;
          break;
        case "arg":
        case "argjson": {
          const [key, text] = [args.shift(), args.shift()];
          if (key === undefined || text === undefined)
            return `jq: --${name} takes two parameters (e.g. --${name} varname ${name === "arg" ? "value" : "text"})\n${HELP}`;
          if (name === "argjson") {
            const value = new JsonReader(text).next();
            if (!value?.ok) return `jq: Invalid JSON text passed to --argjson\n${HELP}`;
            options.variables.set(key, value.value);
          } else options.variables.set(key, text);
          break;
        }
        case "args":
          mode = "args";
          break;
        case "jsonargs":
          mode = "jsonargs";
          break;
        case "stream":
        case "seq":
        case "slurpfile":
        case "rawfile":
        case "unbuffered":
        case "help":
        case "h":
        case "build-configuration":
          return `${notSimulated(`jq ${arg}`)}\n`;
        case "version":
        case "V":
          options.version = true;
          break;
        default:
          return `jq: Unknown option ${name.length > 1 ? name : `-${name}`}\n${HELP}`;
      }
    }
  }
  if (fromFile !== undefined) {
    const text = sys.readFile(fromFile);
    if (!text.ok) return `jq: error: Could not open ${fromFile}: No such file or directory\n`;
    options.program = text.value;
  }
  options.variables.set(
    "ARGS",
    new Map<string, Json>([
      ["positional", positional],
      ["named", new Map(options.variables)],
    ]),
  );
  return undefined;
}

const HELP = "Use jq --help for help with command-line options,\nor see the jq manpage, or online docs at https://jqlang.org\n";

const LONG: Readonly<Record<string, string>> = {
  "raw-output": "r",
  "join-output": "j",
  "compact-output": "c",
  "null-input": "n",
  "raw-input": "R",
  slurp: "s",
  "exit-status": "e",
  "sort-keys": "S",
  "ascii-output": "a",
  "monochrome-output": "M",
  "color-output": "C",
  "from-file": "f",
  tab: "tab",
  indent: "indent",
  arg: "arg",
  argjson: "argjson",
  args: "args",
  jsonargs: "jsonargs",
  stream: "stream",
  seq: "seq",
  slurpfile: "slurpfile",
  rawfile: "rawfile",
  unbuffered: "unbuffered",
  help: "help",
  version: "version",
  "raw-output0": "raw-output0",
  "build-configuration": "build-configuration",
};

function parseValue(text: string): Json {
  const value = new JsonReader(text).next();
  return value?.ok ? value.value : null;
}
