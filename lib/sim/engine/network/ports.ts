/**
 * Ports in configurations: `80/tcp`, host ports and ranges (`8000-8010`).
 * Modelled on github.com/docker/go-connections/nat.
 */

import { ok } from "@/lib/base/result";
import type { ContainerConfig, HostConfig, PortMap } from "@/lib/sim/api";
import type { EndpointView, PortBindingRequest, PortSpec } from "@/lib/sim/cnm/contract";
import { type Outcome, refuse } from "../error";
import { quote } from "../go/quote";
import { sortedByKey } from "../go/shape";

type Protocol = PortSpec["protocol"];

/** `80/tcp` → `tcp`, `80`. Without a protocol it is tcp. */
export function splitPort(text: string): { readonly protocol: string; readonly port: string } {
  const [port = "", protocol = ""] = text.split("/");
  return text === "" ? { protocol: "", port: "" } : { protocol: protocol === "" ? "tcp" : protocol, port };
}

/** nat.ParsePortRange: one port or `START-END`. */
export function parsePortRange(
  text: string,
): { readonly ok: true; readonly start: number; readonly end: number } | { readonly ok: false; readonly error: string } {
  if (text === "") return { ok: false, error: "empty string specified for ports" };
  const dash = text.indexOf("-");
  const parts = dash < 0 ? [text, text] : [text.slice(0, dash), text.slice(dash + 1)];
  const numbers: number[] = [];
  for (const part of parts) {
    if (!/^\d+$/.test(part)) return { ok: false, error: `strconv.ParseUint: parsing ${quote(part)}: invalid syntax` };
    if (Number(part) > 65_535) return { ok: false, error: `strconv.ParseUint: parsing ${quote(part)}: value out of range` };
    numbers.push(Number(part));
  }
  const [start = 0, end = 0] = numbers;
  return end < start ? { ok: false, error: `invalid range specified for port: ${text}` } : { ok: true, start, end };
}

/** The daemon's check of `PortBindings`. */
export function checkPortBindings(bindings: PortMap): Outcome<void> {
  for (const [key, hostPorts] of Object.entries(bindings ?? {})) {
    const { port } = splitPort(key);
    if (!isPort(port)) return refuse("invalid", `invalid port specification: ${quote(port)}`);
    for (const { HostPort } of hostPorts ?? []) {
      if (HostPort !== "" && !parsePortRange(splitPort(HostPort).port).ok)
        return refuse("invalid", `invalid port specification: ${quote(HostPort)}`);
    }
  }
  return ok(undefined);
}

/** What a container asks of a network that publishes ports, in moby's order: by port, bound ones first. */
export function requestedPorts(
  config: ContainerConfig,
  host: HostConfig,
): { readonly exposed: readonly PortSpec[]; readonly bindings: readonly PortBindingRequest[] } {
  const keys = Object.keys(config.ExposedPorts ?? {}).sort(compareKeys);
  const exposed: PortSpec[] = [];
  const bindings: PortBindingRequest[] = [];
  for (const key of keys) {
    const { protocol, port } = splitPort(key);
    const range = parsePortRange(port);
    if (!range.ok || !isProtocol(protocol)) continue;
    const spec = { port: range.start, protocol };
    exposed.push(spec);
    for (const { HostIp, HostPort } of host.PortBindings?.[key] ?? []) {
      const wanted = parsePortRange(splitPort(HostPort).port);
      bindings.push({ ...spec, hostIp: HostIp, hostPort: wanted.ok ? wanted.start : 0, hostPortEnd: wanted.ok ? wanted.end : 0 });
    }
  }
  return { exposed, bindings };
}

/** `NetworkSettings.Ports`: what is published, and as `null` what is only exposed. */
export function portMapOf(exposed: readonly PortSpec[], endpoints: readonly EndpointView[]): PortMap {
  const ports: Record<string, { HostIp: string; HostPort: string }[] | null> = {};
  for (const { port, protocol } of exposed) ports[`${port}/${protocol}`] = null;
  for (const endpoint of endpoints) {
    for (const { port, protocol, hostIp, hostPort } of endpoint.ports) {
      const key = `${port}/${protocol}`;
      ports[key] = [...(ports[key] ?? []), { HostIp: hostIp, HostPort: hostPort > 0 ? String(hostPort) : "" }];
    }
  }
  return sortedByKey(ports);
}

export function compareKeys(a: string, b: string): number {
  const left = splitPort(a);
  const right = splitPort(b);
  return Number(left.port) - Number(right.port) || (left.protocol < right.protocol ? -1 : left.protocol > right.protocol ? 1 : 0);
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= 65_535;
}

function isProtocol(text: string): text is Protocol {
  return text === "tcp" || text === "udp" || text === "sctp";
}
