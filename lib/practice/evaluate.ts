/**
 * Decides whether a check holds in a world, and tells the fact that decided.
 *
 * State is read off the snapshot, behaviour is tried: a probe sends frames. The world is a replayed copy, so trying is free.
 */

import type { Check, ContainerCheck, NetworkCheck, Outcome, ReachCheck, ResolveCheck } from "@/lib/content/check-schema";
import type {
  ContainerView,
  HostSnapshot,
  NetworkView,
  ProbeOutcome,
  ProbeReport,
  ProbeSource,
  WorldContract,
  WorldSnapshot,
} from "@/lib/sim";
import type { Death, Evidence } from "./contract";
import { explainDeath } from "./explain-death";

export type Finding =
  | { readonly holds: true }
  | { readonly holds: false; readonly blocked: boolean; readonly evidence: Evidence; readonly death?: Death };

const HOLDS: Finding = { holds: true };

export function evaluate(check: Check, world: WorldContract): Finding {
  if ("network" in check) return network(check.network, world.snapshot());
  if ("container" in check) return container(check.container, world.snapshot());
  if ("reach" in check) return reach(check.reach, world);
  if ("resolve" in check) return resolve(check.resolve, world);
  if ("all" in check) return check.all.map((one) => evaluate(one, world)).find((finding) => !finding.holds) ?? HOLDS;
  if ("any" in check) {
    const findings = check.any.map((one) => evaluate(one, world));
    return findings.find((finding) => finding.holds) ?? findings[0] ?? HOLDS;
  }
  if ("not" in check) {
    const inner = evaluate(check.not, world);
    return inner.holds ? fails("the state", "something else", "what must not be") : HOLDS;
  }
  const { container: name, on } = check.after.restart;
  world.run(on, `docker restart -t 0 ${name}`);
  return evaluate(check.then, world);
}

function fails(
  object: string,
  expected: string,
  found: string,
  more: { readonly blocked?: boolean; readonly death?: Death } = {},
): Finding {
  return {
    holds: false,
    blocked: more.blocked ?? false,
    evidence: { object, expected, found },
    ...(more.death ? { death: more.death } : {}),
  };
}

function hostOf(snapshot: WorldSnapshot, name: string): HostSnapshot | undefined {
  return snapshot.hosts.find((host) => host.name === name);
}

function networksOf(host: HostSnapshot, container: ContainerView): readonly NetworkView[] {
  const joined = host.networks.filter((one) => one.endpoints.some((endpoint) => endpoint.containerId === container.id));
  if (joined.length > 0) return joined;
  return host.networks.filter((one) => one.name === container.networkMode);
}

function list(names: readonly string[], none: string): string {
  return names.length === 0 ? none : [...names].sort().join(", ");
}

function network(check: NetworkCheck, snapshot: WorldSnapshot): Finding {
  const object = `network ${check.name} on ${check.on}`;
  const host = hostOf(snapshot, check.on);
  const found = host?.networks.find((one) => one.name === check.name);
  if (!check.exists) return found ? fails(object, "does not exist", "it is there") : HOLDS;
  if (!host || !found)
    return fails(
      object,
      "exists",
      `there is none; there are ${list(
        (host?.networks ?? []).map((one) => one.name),
        "no networks",
      )}`,
    );
  if (check.driver !== undefined && found.driver !== check.driver) return fails(`${object}, driver`, check.driver, found.driver);
  if (check.internal !== undefined && found.internal !== check.internal)
    return fails(`${object}, internal`, String(check.internal), String(found.internal));
  const [config] = found.ipam.config;
  if (check.subnet !== undefined && config?.subnet !== check.subnet)
    return fails(`${object}, subnet`, check.subnet, config?.subnet ?? "none");
  if (check.gateway !== undefined && config?.gateway !== check.gateway)
    return fails(`${object}, gateway`, check.gateway, config?.gateway ?? "none");
  if (check.containers !== undefined) {
    const names = found.endpoints.map((endpoint) => endpoint.containerName).sort();
    if (names.join() !== [...check.containers].sort().join())
      return fails(`${object}, containers`, list(check.containers, "none"), list(names, "none"));
  }
  return HOLDS;
}

function container(check: ContainerCheck, snapshot: WorldSnapshot): Finding {
  const object = `container ${check.name} on ${check.on}`;
  const host = hostOf(snapshot, check.on);
  const found = host?.containers.find((one) => one.name === check.name);
  if (!check.exists) return found ? fails(object, "does not exist", `it is ${found.state}`) : HOLDS;
  if (!host || !found)
    return fails(
      object,
      "exists",
      `there is none; there are ${list(
        (host?.containers ?? []).map((one) => one.name),
        "no containers",
      )}`,
    );
  if (check.running !== undefined && (found.state === "running") !== check.running) {
    return fails(
      `${object}, state`,
      check.running ? "running" : "not running",
      found.state === "exited" ? `exited (${found.exitCode})` : found.state,
    );
  }
  if (check.image !== undefined && imageName(found.image) !== check.image) return fails(`${object}, image`, check.image, found.image);
  if (check.network_mode !== undefined && found.networkMode !== check.network_mode)
    return fails(`${object}, network mode`, check.network_mode, found.networkMode);
  const names = networksOf(host, found).map((one) => one.name);
  for (const name of check.networks ?? [])
    if (!names.includes(name)) return fails(`${object}, networks`, `${name} among them`, list(names, "none"));
  for (const name of check.not_on ?? []) if (names.includes(name)) return fails(`${object}, networks`, `not ${name}`, list(names, "none"));
  if (check.only_networks !== undefined && [...check.only_networks].sort().join() !== [...names].sort().join()) {
    return fails(`${object}, networks`, list(check.only_networks, "none"), list(names, "none"));
  }
  return check.publishes === undefined ? HOLDS : publishes(check.publishes, host, found, object);
}

function publishes(wanted: NonNullable<ContainerCheck["publishes"]>, host: HostSnapshot, found: ContainerView, object: string): Finding {
  const ports = host.networks
    .flatMap((one) => one.endpoints)
    .filter((endpoint) => endpoint.containerId === found.id)
    .flatMap((endpoint) => endpoint.ports);
  const shown = list(
    ports.map((port) => `${port.hostIp}:${port.hostPort} → ${port.port}/${port.protocol}`),
    "no ports",
  );
  if (wanted.length === 0 && ports.length > 0) return fails(`${object}, published ports`, "none", shown);
  for (const want of wanted) {
    const matching = ports.filter(
      (port) =>
        port.port === want.container_port &&
        port.protocol === want.protocol &&
        (want.host_port === undefined || port.hostPort === want.host_port) &&
        (want.host_ip === undefined || port.hostIp === want.host_ip),
    );
    if (matching.length === 0)
      return fails(
        `${object}, published ports`,
        `${want.host_ip ?? "any address"}:${want.host_port ?? "any port"} → ${want.container_port}/${want.protocol}`,
        shown,
      );
  }
  return HOLDS;
}

/** `docker.io/library/nginx:latest`, `nginx:1.27` → `nginx`. */
function imageName(reference: string): string {
  return reference
    .replace(/^docker\.io\//, "")
    .replace(/^library\//, "")
    .replace(/@sha256:.*$/, "")
    .replace(/:[^/]*$/, "");
}

function sourceOf(place: string): ProbeSource {
  if (place === "outside") return { kind: "outside" };
  const name = place.slice(place.indexOf(":") + 1);
  if (place.startsWith("host:")) return { kind: "host", host: name };
  const [container = "", on = "node1"] = name.split("@");
  return { kind: "container", host: on, name: container };
}

function shownPlace(place: string): string {
  if (place === "outside") return "another machine on the LAN";
  return place.replace(/^container:/, "container ").replace(/^host:/, "host ");
}

function reach(check: ReachCheck, world: WorldContract): Finding {
  const target = targetOf(check, world.snapshot());
  const what = `from ${shownPlace(check.from)} to ${target.shown}${check.port === undefined ? "" : `:${check.port}`} (${check.how})`;
  const expected = check.expect.map(outcomeText).join(" or ");
  if (target.address === undefined) return fails(what, expected, target.why, { blocked: true });

  const port = check.port ?? (check.how === "http" ? 80 : 0);
  const report = world.probe({
    from: sourceOf(check.from),
    to: target.address,
    what:
      check.how === "ping"
        ? { kind: "ping" }
        : check.how === "tcp"
          ? { kind: "tcp", port }
          : { kind: "http", port, ...(check.path === undefined ? {} : { path: check.path }) },
  });
  if (report.outcome.kind === "no-source") return fails(what, expected, report.outcome.why, { blocked: true });
  const outcome = classOf(report.outcome);
  if (!check.expect.includes(outcome)) return fails(what, expected, foundText(report.outcome), deathOf(report, world));
  if (check.body !== undefined && report.outcome.kind === "ok" && !(report.outcome.body ?? "").includes(check.body)) {
    return fails(`${what}, page`, `contains “${check.body}”`, (report.outcome.body ?? "").slice(0, 80) || "an empty page");
  }
  return HOLDS;
}

function targetOf(
  check: ReachCheck,
  snapshot: WorldSnapshot,
): { readonly shown: string; readonly address: string } | { readonly shown: string; readonly address: undefined; readonly why: string } {
  if (typeof check.to === "string") return { shown: check.to, address: check.to };
  const { container: name, network: networkName, on } = check.to;
  const shown = `the address of ${name} on ${networkName}`;
  const endpoint = hostOf(snapshot, on)
    ?.networks.find((one) => one.name === networkName)
    ?.endpoints.find((one) => one.containerName === name);
  return endpoint?.ipv4 === undefined
    ? { shown, address: undefined, why: `${name} has no address on ${networkName}` }
    : { shown: `${name} (${endpoint.ipv4} on ${networkName})`, address: endpoint.ipv4 };
}

function resolve(check: ResolveCheck, world: WorldContract): Finding {
  const what = `the name ${check.name}, asked from ${shownPlace(check.from)}`;
  const host = hostOf(world.snapshot(), check.on);
  const addresses = (host?.networks ?? []).flatMap((one) => one.endpoints);
  const report = world.probe({ from: sourceOf(check.from), to: check.name, what: { kind: "resolve" } });
  const { outcome } = report;
  const expected = check.answers.length === 0 ? "no such name" : `the address of ${list(check.answers, "")}`;
  if (outcome.kind === "no-source") return fails(what, expected, outcome.why, { blocked: true });
  if (outcome.kind !== "ok")
    return check.answers.length === 0 && outcome.kind === "no-such-name"
      ? HOLDS
      : fails(what, expected, foundText(outcome), deathOf(report, world));
  const owners = (outcome.addresses ?? []).map(
    (address) => addresses.find((endpoint) => endpoint.ipv4 === address)?.containerName ?? address,
  );
  return [...new Set(owners)].sort().join() === [...check.answers].sort().join() ? HOLDS : fails(what, expected, list(owners, "no answer"));
}

function deathOf(report: ProbeReport, world: WorldContract): { readonly death?: Death } {
  return report.death ? { death: explainDeath(report.death, world.snapshot()) } : {};
}

function classOf(outcome: Exclude<ProbeOutcome, { kind: "no-source" }>): Outcome {
  return outcome.kind === "no-such-name" ? "no-name" : outcome.kind;
}

function outcomeText(outcome: Outcome): string {
  const texts: Record<Outcome, string> = {
    ok: "an answer",
    refused: "refused",
    timeout: "no answer at all",
    "no-name": "no such name",
    unreachable: "unreachable",
  };
  return texts[outcome];
}

function foundText(outcome: ProbeOutcome): string {
  switch (outcome.kind) {
    case "ok":
      return `an answer from ${outcome.address}`;
    case "no-such-name":
      return `the name ${outcome.name} has no address there`;
    case "refused":
      return `${outcome.address} refused: nothing listens on that port`;
    case "unreachable":
      return outcome.why === "net"
        ? `there is no route to ${outcome.address}`
        : outcome.why === "host"
          ? `${outcome.address} cannot be reached: nobody there answers ARP`
          : `${outcome.address} is forbidden by a rule`;
    case "timeout":
      return `no answer from ${outcome.address}`;
    case "no-source":
      return outcome.why;
  }
}
