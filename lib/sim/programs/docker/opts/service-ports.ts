/**
 * `--publish` of docker service: `8080:80/udp`, or `published=8080,target=80,protocol=udp,mode=host`.
 *
 * Follows docker/cli opts/swarmopts/port.go, with its errors. The long form lower-cases everything, as there. Nothing is kept of a
 * value but its text, since a manager is not simulated.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { readCsvLine } from "../cobra/csv";
import type { Validator } from "../cobra/flag";
import { parseInteger } from "../gotemplate/strconv";
import { parsePortSpec } from "./ports";
import { cut } from "./validators";

export const servicePort: Validator = (text) => {
  const checked = /[A-Za-z0-9_]=[A-Za-z0-9_]/.test(text) ? checkLong(text) : checkShort(text);
  return checked.ok ? ok(text) : checked;
};

function checkShort(text: string): Result<void, string> {
  const mappings = parsePortSpec(text);
  if (!mappings.ok) return mappings;
  return mappings.value.some(({ binding }) => binding.HostIp !== "") ? fail("hostip is not supported") : ok(undefined);
}

function checkLong(text: string): Result<void, string> {
  const fields = readCsvLine(text);
  if (!fields.ok) return fields;
  let target = 0;
  for (const field of fields.value) {
    const [key, value] = cut(field.toLowerCase(), "=");
    if (value === undefined || key === "") return fail(`invalid field: ${field}`);
    switch (key) {
      case "protocol":
        if (!["tcp", "udp", "sctp"].includes(value)) return fail(`invalid protocol value '${value}'`);
        break;
      case "mode":
        if (value !== "ingress" && value !== "host")
          return fail(`invalid publish mode value (${value}): must be either 'ingress' or 'host'`);
        break;
      case "target":
      case "published": {
        const port = parseInteger(value, { base: 10, bits: 16, isSigned: false });
        // Go's error without what it was about.
        if (!port.ok)
          return fail(`invalid ${key} port (${value}): value must be an integer: ${port.error.slice(port.error.lastIndexOf(": ") + 2)}`);
        if (key === "target") target = Number(port.value);
        break;
      }
      default:
        return fail(`invalid field key: ${key}`);
    }
  }
  return target === 0 ? fail("missing mandatory field 'target'") : ok(undefined);
}
