/**
 * Port specifications: `-p 8080:80`, `-p 127.0.0.1:5300-5310:53/udp`, `--expose 80-90`.
 *
 * Follows go-connections/nat (ParsePortSpec) and the `published=…,target=…` form of docker run. Its errors are
 * the CLI's own: `docker: Invalid containerPort: x`.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { numError } from "../gotemplate/strconv";
import { parseIp } from "./address";
import { cut } from "./validators";

export type PortBinding = { readonly HostIp: string; readonly HostPort: string };
export type PublishedPorts = { readonly exposed: ReadonlySet<string>; readonly bindings: ReadonlyMap<string, readonly PortBinding[]> };

/** All `-p` together. */
export function parsePublish(specs: readonly string[]): Result<PublishedPorts, string> {
  const exposed = new Set<string>();
  const bindings = new Map<string, PortBinding[]>();
  for (const given of specs) {
    const spec = given.includes("=") ? standardNotation(given) : ok(given);
    if (!spec.ok) return spec;
    const mappings = parsePortSpec(spec.value);
    if (!mappings.ok) return mappings;
    for (const { port, binding } of mappings.value) {
      exposed.add(port);
      bindings.set(port, [...(bindings.get(port) ?? []), binding]);
    }
  }
  return ok({ exposed, bindings });
}

/** `published=8080,target=80,protocol=udp` as `8080:80/udp`. */
function standardNotation(spec: string): Result<string, string> {
  const params = new Map([["protocol", "tcp"]]);
  for (const param of spec.split(",")) {
    const [key, value] = cut(param, "=");
    if (value === undefined || key === "") return fail(`invalid publish opts format (should be name=value but got '${param}')`);
    params.set(key, value);
  }
  return ok(`${params.get("published") ?? ""}:${params.get("target") ?? ""}/${params.get("protocol") ?? ""}`);
}

type Mapping = { readonly port: string; readonly binding: PortBinding };

export function parsePortSpec(spec: string): Result<readonly Mapping[], string> {
  const parts = spec.split(":");
  const containerPart = parts.pop() ?? "";
  const hostPort = parts.pop() ?? "";
  const ip = withoutBrackets(parts.join(":"));
  if (!ip.ok) return ip;
  if (ip.value !== "" && !parseIp(ip.value)) return fail(`Invalid ip address: ${ip.value}`);
  const [port, protocol] = splitProtocol(containerPart);
  if (port === "") return fail(`No port specified: ${spec}<empty>`);
  const inside = parsePortRange(port);
  if (!inside.ok) return fail(`Invalid containerPort: ${port}`);
  const outside = hostPort === "" ? undefined : parsePortRange(hostPort);
  if (outside && !outside.ok) return fail(`Invalid hostPort: ${hostPort}`);

  const { start, end } = inside.value;
  const host = outside?.value;
  if (host && end - start !== host.end - host.start && end !== start) {
    return fail(`Invalid ranges specified for container and host Ports: ${port} and ${hostPort}`);
  }
  if (!["tcp", "udp", "sctp"].includes(protocol.toLowerCase())) return fail(`Invalid proto: ${protocol}`);
  const mappings: Mapping[] = [];
  for (let i = 0; i <= end - start; i++) {
    // One container port takes a free one of several host ports.
    const range = host && start === end && host.start !== host.end ? `-${host.end}` : "";
    mappings.push({
      port: `${start + i}/${protocol.toLowerCase()}`,
      binding: { HostIp: ip.value, HostPort: host ? `${host.start + i}${range}` : "" },
    });
  }
  return ok(mappings);
}

/** The address of `[::1]`, and of `127.0.0.1`. An IPv6 address must stand in brackets. Follows Go's net.SplitHostPort. */
function withoutBrackets(ip: string): Result<string, string> {
  const refusal = (why: string): Result<never, string> => fail(`Invalid ip address ${ip}: address ${ip}:: ${why}`);
  const isBracketed = ip.startsWith("[");
  const close = ip.indexOf("]");
  if (isBracketed && close < 0) return refusal("missing ']' in address");
  if (isBracketed && close < ip.length - 1)
    return refusal(ip[close + 1] === ":" ? "too many colons in address" : "missing port in address");
  const host = isBracketed ? ip.slice(1, close) : ip;
  if (!isBracketed && host.includes(":")) return refusal("too many colons in address");
  if (host.includes("[")) return refusal("unexpected '[' in address");
  if (host.includes("]")) return refusal("unexpected ']' in address");
  return ok(host);
}

/** Port and protocol; both empty without a port, `tcp` without a protocol. What follows a second slash is not looked at. */
export function splitProtocol(text: string): readonly [string, string] {
  const [port = "", protocol = ""] = text.split("/");
  return port === "" ? ["", ""] : [port, protocol === "" ? "tcp" : protocol];
}

export type PortRange = { readonly start: number; readonly end: number };

export function parsePortRange(text: string): Result<PortRange, string> {
  if (text === "") return fail("Empty string specified for ports.");
  const parts = text.split("-");
  const start = parsePort(parts[0] ?? "");
  if (!start.ok) return start;
  if (parts.length === 1) return ok({ start: start.value, end: start.value });
  const end = parsePort(parts[1] ?? "");
  if (!end.ok) return end;
  if (end.value < start.value) return fail(`Invalid range specified for the Port: ${text}`);
  return ok({ start: start.value, end: end.value });
}

function parsePort(text: string): Result<number, string> {
  if (!/^[0-9]+$/.test(text)) return fail(numError("ParseUint", text, "invalid syntax"));
  return Number(text) > 65_535 ? fail(numError("ParseUint", text, "value out of range")) : ok(Number(text));
}

/** The ports of `--expose`, added to those that are published. */
export function parseExpose(specs: readonly string[]): Result<readonly string[], string> {
  const ports: string[] = [];
  for (const spec of specs) {
    if (spec.includes(":")) return fail(`invalid port format for --expose: ${spec}`);
    const [port, protocol] = splitProtocol(spec);
    const range = parsePortRange(port);
    if (!range.ok) return fail(`invalid range format for --expose: ${spec}, error: ${range.error}`);
    for (let i = range.value.start; i <= range.value.end; i++) ports.push(`${i}/${protocol}`);
  }
  return ok(ports);
}
