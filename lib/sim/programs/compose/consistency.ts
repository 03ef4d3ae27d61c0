/** What fits together in a project: references between its parts. Follows compose-go loader/validate.go and graph/cycle.go. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { keysOf, volumeSources } from "./load";
import { type DataMap, isMap, textOf } from "./yaml/data";

type Parts = {
  readonly services: ReadonlyMap<string, DataMap>;
  /** With those whose profile is not enabled. */
  readonly all: ReadonlyMap<string, DataMap>;
  readonly networks: ReadonlyMap<string, DataMap>;
  readonly volumes: ReadonlyMap<string, DataMap>;
};

export function checkConsistency(parts: Parts): string | undefined {
  const invalid = (message: string): string => `${message}: invalid compose project`;
  const cycle = findCycle(parts.services);
  for (const [name, service] of parts.services) {
    if (textOf(service.get("image")) === "") return invalid(`service "${name}" has neither an image nor a build context specified`);
    if (service.has("network_mode") && keysOf(service.get("networks")).length > 0)
      return invalid(`service ${name} declares mutually exclusive \`network_mode\` and \`networks\``);
    for (const network of keysOf(service.get("networks"))) {
      if (!parts.networks.has(network)) return invalid(`service "${name}" refers to undefined network ${network}`);
    }
    const mode = textOf(service.get("network_mode"));
    if (mode.startsWith("service:") && !parts.all.has(mode.slice("service:".length)))
      return invalid(`service "${name}" not found for network_mode 'service:${mode.slice("service:".length)}'`);
    const dependencies = service.get("depends_on");
    for (const [dependency, settings] of isMap(dependencies) ? dependencies : []) {
      const isRequired = isMap(settings) && settings.get("required") === true;
      if (!parts.services.has(dependency) && isRequired) return invalid(`service "${name}" depends on undefined service "${dependency}"`);
      const condition = isMap(settings) ? textOf(settings.get("condition")) : "";
      if (condition === "service_healthy" || condition === "service_completed_successfully")
        return notSimulated(`the condition ${condition} of depends_on`);
      if (condition !== "service_started")
        return `validating: services.${name}.depends_on.${dependency}.condition must be one of 'service_started', 'service_healthy', 'service_completed_successfully'`;
    }
    for (const volume of volumeSources(service)) {
      if (!parts.volumes.has(volume)) return invalid(`service "${name}" refers to undefined volume ${volume}`);
    }
  }
  return cycle === undefined ? undefined : `dependency cycle detected: ${cycle.join(" -> ")}`;
}

function findCycle(services: ReadonlyMap<string, DataMap>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const before = path.indexOf(name);
    if (before >= 0) return [...path.slice(before), name];
    if (done.has(name)) return undefined;
    for (const next of keysOf(services.get(name)?.get("depends_on"))) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of services.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
