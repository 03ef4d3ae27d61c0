/** Checks on a container's state. What the snapshot does not hold is asked of the Engine API, as `docker inspect` does. */

import { z } from "zod";
import type { ContainerCheck } from "@/lib/content/check-schema";
import type { ContainerView, HostSnapshot, NetworkView } from "@/lib/sim";
import { type Bench, expectSame, fails, type Finding, firstFailure, HOLDS, hostOf, inTurn, isSameSet, list } from "./finding";

export function checkContainer(check: ContainerCheck, bench: Bench): Finding {
  const object = `container ${check.name} on ${check.on}`;
  const host = hostOf(bench.world.snapshot(), check.on);
  const found = host?.containers.find((one) => one.name === check.name);
  if (!check.exists) return found ? fails(object, "does not exist", `it is ${found.state}`) : HOLDS;
  if (!host || !found) {
    const names = (host?.containers ?? []).map((one) => one.name);
    return fails(object, "exists", `there is none; there are ${list(names, "no containers")}`);
  }
  return inTurn([
    () => state(check, found, object),
    () =>
      check.image === undefined || imageName(found.image) === check.image ? HOLDS : fails(`${object}, image`, check.image, found.image),
    () => expectSame(`${object}, network mode`, check.network_mode, found.networkMode),
    () => expectSame(`${object}, hostname`, check.hostname, found.hostname),
    () => places(check, host, found, object),
    () => (check.publishes === undefined ? HOLDS : publishes(check.publishes, host, found, object)),
    () => inspected(check, bench, object),
    () => logs(check, bench, object),
    () => sameAsStart(check, bench, found, object),
  ]);
}

function state(check: ContainerCheck, found: ContainerView, object: string): Finding {
  if (check.running === undefined || (found.state === "running") === check.running) return HOLDS;
  const shown = found.state === "exited" ? `exited (${found.exitCode})` : found.state;
  return fails(`${object}, state`, check.running ? "running" : "not running", shown);
}

/** Of one that is stopped, or that shares a namespace, only its network mode says where it belongs. */
function networksOf(host: HostSnapshot, container: ContainerView): readonly NetworkView[] {
  const joined = host.networks.filter((one) => one.endpoints.some((endpoint) => endpoint.containerId === container.id));
  const hasOwn = container.state === "running" && !["host", "none"].includes(container.networkMode);
  return joined.length > 0 || hasOwn ? joined : host.networks.filter((one) => one.name === container.networkMode);
}

function places(check: ContainerCheck, host: HostSnapshot, found: ContainerView, object: string): Finding {
  const networks = networksOf(host, found);
  const names = networks.map((one) => one.name);
  const shown = list(names, "none");
  return inTurn([
    () =>
      firstFailure(check.networks ?? [], (name) =>
        names.includes(name) ? HOLDS : fails(`${object}, networks`, `${name} among them`, shown),
      ),
    () => firstFailure(check.not_on ?? [], (name) => (names.includes(name) ? fails(`${object}, networks`, `not ${name}`, shown) : HOLDS)),
    () =>
      check.only_networks === undefined || isSameSet(check.only_networks, names)
        ? HOLDS
        : fails(`${object}, networks`, list(check.only_networks, "none"), shown),
    () =>
      firstFailure(Object.entries(check.ip ?? {}), ([name, address]) => {
        const network = networks.find((one) => one.name === name);
        const endpoint = network?.endpoints.find((one) => one.containerId === found.id);
        return expectSame(`${object}, address on ${name}`, address, endpoint?.ipv4);
      }),
  ]);
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
  return firstFailure(wanted, (want) => {
    const isThere = ports.some(
      (port) =>
        port.port === want.container_port &&
        port.protocol === want.protocol &&
        (want.host_port === undefined || port.hostPort === want.host_port) &&
        (want.host_ip === undefined || port.hostIp === want.host_ip),
    );
    const expected = `${want.host_ip ?? "any address"}:${want.host_port ?? "any port"} → ${want.container_port}/${want.protocol}`;
    return isThere ? HOLDS : fails(`${object}, published ports`, expected, shown);
  });
}

/** `docker.io/library/nginx:latest`, `nginx:1.27` → `nginx`. */
function imageName(reference: string): string {
  return reference
    .replace(/^docker\.io\//, "")
    .replace(/^library\//, "")
    .replace(/@sha256:.*$/, "")
    .replace(/:[^/]*$/, "");
}

/** The part of `docker inspect` that checks read. */
const inspectSchema = z.object({
  HostConfig: z.object({
    RestartPolicy: z.object({ Name: z.string() }),
    LogConfig: z.object({ Type: z.string(), Config: z.record(z.string(), z.string()) }),
    Dns: z.array(z.string()).nullable(),
    Links: z.array(z.string()).nullable(),
    ExtraHosts: z.array(z.string()).nullable(),
  }),
  Config: z.object({ Env: z.array(z.string()).nullable() }),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ Aliases: z.array(z.string()).nullable() })) }),
});
type Inspected = z.infer<typeof inspectSchema>;

const ASKED = ["aliases", "not_aliases", "restart_policy", "log_driver", "log_options", "dns", "linked", "extra_hosts", "env"] as const;

function inspected(check: ContainerCheck, { world }: Bench, object: string): Finding {
  if (ASKED.every((field) => check[field] === undefined)) return HOLDS;
  const { stdout, stderr, status } = world.run(check.on, `docker container inspect ${check.name}`, { limitSeconds: 60 });
  if (status !== 0) return fails(object, "the engine tells about it", stderr.trim(), { blocked: true });
  const [found] = z.tuple([inspectSchema]).parse(JSON.parse(stdout));
  const { RestartPolicy, LogConfig, Dns, Links, ExtraHosts } = found.HostConfig;
  const env = found.Config.Env ?? [];
  return inTurn([
    () => aliases(check, found, object),
    () =>
      check.restart_policy === undefined || check.restart_policy.includes(RestartPolicy.Name)
        ? HOLDS
        : fails(`${object}, restart policy`, check.restart_policy.join(" or "), RestartPolicy.Name),
    () => expectSame(`${object}, log driver`, check.log_driver, LogConfig.Type),
    () =>
      firstFailure(check.log_options ?? [], (key) =>
        key in LogConfig.Config ? HOLDS : fails(`${object}, log options`, `${key} among them`, list(Object.keys(LogConfig.Config), "none")),
      ),
    () =>
      check.dns === undefined || isSameSet(check.dns, Dns ?? [])
        ? HOLDS
        : fails(`${object}, name servers of its own`, list(check.dns, "none"), list(Dns ?? [], "none")),
    () => expectSame(`${object}, made with --link`, check.linked, (Links ?? []).length > 0),
    () => expectSame(`${object}, made with --add-host`, check.extra_hosts, (ExtraHosts ?? []).length > 0),
    () =>
      firstFailure(check.env ?? [], (setting) =>
        env.includes(setting) ? HOLDS : fails(`${object}, environment`, setting, list(env, "none")),
      ),
  ]);
}

function aliases(check: ContainerCheck, found: Inspected, object: string): Finding {
  const of = (network: string): readonly string[] => found.NetworkSettings.Networks[network]?.Aliases ?? [];
  const look = (wanted: ContainerCheck["aliases"], isWanted: boolean): Finding =>
    firstFailure(Object.entries(wanted ?? {}), ([network, names]) =>
      firstFailure(names, (name) =>
        of(network).includes(name) === isWanted
          ? HOLDS
          : fails(`${object}, aliases on ${network}`, isWanted ? `${name} among them` : `not ${name}`, list(of(network), "none")),
      ),
    );
  return inTurn([() => look(check.aliases, true), () => look(check.not_aliases, false)]);
}

function logs(check: ContainerCheck, { world }: Bench, object: string): Finding {
  if (check.logs === undefined) return HOLDS;
  const { stdout, stderr } = world.run(check.on, `docker logs ${check.name}`, { limitSeconds: 60 });
  const said = `${stdout}${stderr}`;
  const last = said.trim().split("\n").at(-1) ?? "";
  return said.includes(check.logs) ? HOLDS : fails(`${object}, what docker logs prints`, `contains “${check.logs}”`, last || "nothing");
}

function sameAsStart(check: ContainerCheck, { start }: Bench, found: ContainerView, object: string): Finding {
  if (!check.same_as_start || !start) return HOLDS;
  const before = hostOf(start(), check.on)?.containers.find((one) => one.name === check.name);
  if (before?.id !== found.id) return fails(object, "the one that was there at the start", "another one of the same name");
  return check.same_as_start === "id" || before.startedAt === found.startedAt
    ? HOLDS
    : fails(object, "running since the start", "it was restarted");
}
