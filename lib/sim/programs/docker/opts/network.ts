/**
 * `--network NAME`, or in its long form `--network name=app,alias=web,ip=10.0.0.5,gw-priority=1`.
 *
 * Follows docker/cli opts/network.go. The long form lower-cases everything, as there.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { readCsvLine } from "../cobra/csv";
import type { Validator } from "../cobra/flag";
import { atoi } from "../gotemplate/strconv";
import { cut } from "./validators";

export type NetworkAttachment = {
  readonly target: string;
  readonly aliases: readonly string[];
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly linkLocal: readonly string[];
  readonly mac: string;
  readonly gwPriority: number;
};

const PLAIN = { aliases: [], driverOptions: {}, ipv4: "", ipv6: "", linkLocal: [], mac: "", gwPriority: 0 };

export function parseNetwork(text: string): Result<NetworkAttachment, string> {
  if (!/[A-Za-z0-9_]+=[A-Za-z0-9_]+(,[A-Za-z0-9_]+=[A-Za-z0-9_]+)*/.test(text)) return ok({ ...PLAIN, target: text });
  const fields = readCsvLine(text);
  if (!fields.ok) return fields;
  const aliases: string[] = [];
  const linkLocal: string[] = [];
  const driverOptions: Record<string, string> = {};
  let [target, ipv4, ipv6, mac, gwPriority] = ["", "", "", "", 0];
  for (const field of fields.value) {
    const [rawKey, rawValue] = cut(field.toLowerCase(), "=");
    if (rawValue === undefined || rawKey === "") return fail(`invalid field ${field}`);
    const value = rawValue.trim();
    switch (rawKey.trim()) {
      case "name":
        target = value;
        break;
      case "alias":
        aliases.push(value);
        break;
      case "ip":
        ipv4 = value;
        break;
      case "ip6":
        ipv6 = value;
        break;
      case "mac-address":
        mac = value;
        break;
      case "link-local-ip":
        linkLocal.push(value);
        break;
      case "driver-opt": {
        const [key, option] = cut(value, "=");
        if (option === undefined || key === "") return fail("invalid key value pair format in driver options");
        driverOptions[key.trim()] = option.trim();
        break;
      }
      case "gw-priority": {
        const number = atoi(value);
        if (!number.ok) return fail(`invalid gw-priority (${value}): ${number.error.slice(number.error.lastIndexOf(": ") + 2)}`);
        gwPriority = number.value;
        break;
      }
      default:
        return fail(`invalid field key ${rawKey.trim()}`);
    }
  }
  if (target === "") return fail("network name/id is not specified");
  return ok({ target, aliases, driverOptions, ipv4, ipv6, linkLocal, mac, gwPriority });
}

export const network: Validator = (text) => {
  const parsed = parseNetwork(text);
  return parsed.ok ? ok(text) : parsed;
};

/** Neither one of the engine's own modes nor another container's. */
export function isUserDefined(mode: string): boolean {
  return !["bridge", "default", "host", "none", ""].includes(mode) && mode !== "container" && !mode.startsWith("container:");
}
