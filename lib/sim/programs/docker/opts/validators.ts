/** Checks of single flag values, in the words of docker/cli's package opts and cli/command/container/opts.go. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { FlagContext, Validator } from "../cobra/flag";
import { parseInteger, quote } from "../gotemplate/strconv";
import { ramInBytes } from "../units";
import { ipText, parseIp } from "./address";

export function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

export const label: Validator = (text) => {
  const key = cut(text, "=")[0].replace(/^[ \t]+/, "");
  if (key === "") return fail(`invalid label '${text}': empty name`);
  if (/[ \t]/.test(key)) return fail(`label '${key}' contains whitespaces`);
  return ok(text);
};

/** `NAME` alone takes the value of whoever types it. */
export const environment: Validator = (text, context) => {
  const [name, value] = cut(text, "=");
  if (name === "") return fail(`invalid environment variable: ${text}`);
  if (value !== undefined) return ok(text);
  const inherited = context.env(name);
  return ok(inherited === undefined ? text : `${name}=${inherited}`);
};

export const ipAddress: Validator = (text) => {
  const bytes = parseIp(text.trim());
  return bytes ? ok(ipText(bytes)) : fail(`IP address is not correctly formatted: ${text}`);
};

const DOMAIN =
  /^(:?(:?[a-zA-Z0-9]|(:?[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))(:?\.(:?[a-zA-Z0-9]|(:?[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])))*)\.?\s*$/;

export const dnsSearch: Validator = (text) => {
  const domain = text.replace(/^ +| +$/g, "");
  if (domain === ".") return ok(domain);
  const match = /[a-zA-Z]/.test(domain) ? DOMAIN.exec(domain) : null;
  const name = match?.[1];
  return name !== undefined && name.length < 255 ? ok(name) : fail(`${domain} is not a valid domain`);
};

export const link: Validator = (text) => {
  if (text === "") return fail("empty string specified for links");
  return text.split(":").length > 2 ? fail(`bad format for links: ${text}`) : ok(text);
};

/** `name:ip` or `name=ip`, the address perhaps in brackets; `host-gateway` is one too. Kept as `name:ip`. */
export const extraHost: Validator = (text) => {
  let [host, address] = cut(text, "=");
  if (address === undefined) [host, address] = cut(text, ":");
  if (address === undefined || host === "" || host.includes(":")) return fail(`bad format for add-host: ${quote(text)}`);
  if (address !== "host-gateway") {
    if (address.length > 2 && address.startsWith("[") && address.endsWith("]")) address = address.slice(1, -1);
    if (!parseIp(address.trim())) return fail(`invalid IP address in add-host: ${quote(address)}`);
  }
  return ok(`${host}:${address}`);
};

const SYSCTLS = new Set([
  "kernel.msgmax",
  "kernel.msgmnb",
  "kernel.msgmni",
  "kernel.sem",
  "kernel.shmall",
  "kernel.shmmax",
  "kernel.shmmni",
  "kernel.shm_rmid_forced",
]);

export const sysctl: Validator = (text) => {
  const [name, value] = cut(text, "=");
  const isAllowed = SYSCTLS.has(name) || name.startsWith("net.") || name.startsWith("fs.mqueue.");
  return value !== undefined && name !== "" && isAllowed ? ok(text) : fail(`sysctl '${text}' is not allowed`);
};

export const attachStream: Validator = (text) => {
  const stream = text.toLowerCase();
  return ["stdin", "stdout", "stderr"].includes(stream) ? ok(stream) : fail("valid streams are STDIN, STDOUT and STDERR");
};

export const deviceCgroupRule: Validator = (text) => {
  return /^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}$/.test(text) ? ok(text) : fail(`invalid device cgroup format '${text}'`);
};

const ULIMITS = new Set([
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack",
]);

export type UlimitValue = { readonly Name: string; readonly Hard: number; readonly Soft: number };

export function parseUlimit(text: string): Result<UlimitValue, string> {
  const [name, limits] = cut(text, "=");
  if (limits === undefined) return fail(`invalid ulimit argument: ${text}`);
  if (!ULIMITS.has(name)) return fail(`invalid ulimit type: ${name}`);
  const parts = limits.split(":");
  if (parts.length > 2) return fail(`too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``);
  const number = (part: string): Result<number, string> => {
    const value = parseInteger(part, { base: 10, bits: 64, isSigned: true });
    return value.ok ? ok(Number(value.value)) : value;
  };
  const hardGiven = parts[1] === undefined ? undefined : number(parts[1]);
  if (hardGiven && !hardGiven.ok) return hardGiven;
  const soft = number(parts[0] ?? "");
  if (!soft.ok) return soft;
  const hard = hardGiven ? hardGiven.value : soft.value;
  if (hard !== -1 && soft.value === -1)
    return fail(`ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: ${hard}`);
  if (hard !== -1 && soft.value > hard) return fail(`ulimit soft limit must be less than or equal to hard limit: ${soft.value} > ${hard}`);
  return ok({ Name: name, Hard: hard, Soft: soft.value });
}

export const ulimit: Validator = (text) => checked(parseUlimit(text), text);

export const weightDevice: Validator = (text) => {
  const [path, weight] = cut(text, ":");
  if (weight === undefined || path === "") return fail(`bad format: ${text}`);
  if (!path.startsWith("/dev/")) return fail(`bad format for device path: ${text}`);
  const value = parseInteger(weight, { base: 10, bits: 16, isSigned: false });
  if (!value.ok || (value.value > 0n && (value.value < 10n || value.value > 1000n))) return fail(`invalid weight for device: ${text}`);
  return ok(text);
};

export const throttleBps: Validator = (text) => {
  const [path, rate] = cut(text, ":");
  if (rate === undefined || path === "") return fail(`bad format: ${text}`);
  if (!path.startsWith("/dev/")) return fail(`bad format for device path: ${text}`);
  if (ramInBytes(rate).ok) return ok(text);
  return fail(
    `invalid rate for device: ${text}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb`,
  );
};

export const throttleIops: Validator = (text) => {
  const [path, rate] = cut(text, ":");
  if (rate === undefined || path === "") return fail(`bad format: ${text}`);
  if (!path.startsWith("/dev/")) return fail(`bad format for device path: ${text}`);
  if (parseInteger(rate, { base: 10, bits: 64, isSigned: false }).ok) return ok(text);
  return fail(`invalid rate for device: ${text}. The correct format is <device-path>:<number>. Number must be a positive integer`);
};

/** The text as it came when it could be read. */
function checked(result: Result<unknown, string>, text: string): Result<string, string> {
  return result.ok ? ok(text) : result;
}

/**
 * A file of `KEY=VALUE` lines (`--env-file`, `--label-file`). With `lookup`, a key alone takes its value from there and is
 * left out when there is none; without it, such keys are left out. Follows pkg/kvfile.
 */
export function readKeyValueFile(
  path: string,
  context: FlagContext,
  lookup: ((name: string) => string | undefined) | undefined,
): Result<readonly string[], string> {
  const file = context.readFile(path);
  const bad = (why: string): Result<never, string> => fail(`invalid env file (${path}): ${why}`);
  // A file that opens and cannot be read is a bad file; one that does not open is the error itself.
  if (!file.ok) return file.error.startsWith("read ") ? bad(file.error) : file;
  const lines: string[] = [];
  const text = file.value.replace(/^\ufeff/, "");
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const [key, value] = cut(line, "=");
    if (key === "") return bad(`no variable name on line '${line}'`);
    if (/[ \t]/.test(key)) return bad(`variable '${key}' contains whitespaces`);
    if (value !== undefined) lines.push(line);
    else {
      const found = lookup?.(line);
      if (found !== undefined) lines.push(`${key}=${found}`);
    }
  }
  return ok(lines);
}

/** `["k=v"]` as `{k: "v"}`; later ones win. */
export function keyValues(pairs: readonly string[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const pair of pairs) {
    const [key, value = ""] = cut(pair, "=");
    result[key] = value;
  }
  return result;
}
