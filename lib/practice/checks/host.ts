/** Checks on a host itself: what it would print to anyone who asks, and who gets through to its ports. */

import type { HostCheck, ListensCheck } from "@/lib/content/check-schema";
import type { CommandResult, HostSnapshot } from "@/lib/sim";
import { type Bench, expectSame, fails, type Finding, firstFailure, HOLDS, hostOf, inTurn, isSameSet, list } from "./finding";
import { checkReach, shownPlace } from "./reach";

export function checkListens(check: ListensCheck, bench: Bench): Finding {
  const { on, port, protocol } = check;
  const object = `port ${port}/${protocol} of ${on}`;
  const { stdout } = ask(bench, on, protocol === "tcp" ? "ss -Hltn" : "ss -Hlun");
  const addresses = [...new Set(stdout.split("\n").flatMap((line) => listenerAt(line, port)))];
  if (!check.exists) return addresses.length === 0 ? HOLDS : fails(object, "nobody listens", `listened on at ${list(addresses, "")}`);
  if (addresses.length === 0) return fails(object, "somebody listens", "nobody listens");
  if (check.addresses && !isSameSet(addresses, check.addresses))
    return fails(`${object}, addresses`, list(check.addresses, "none"), list(addresses, "none"));
  return inTurn([
    () => firstFailure(placesFor(check, bench), ([from, isLet]) => passes(check, from, isLet, bench)),
    () => firstFailure(check.never_from ?? [], (from) => passes(check, from, false, bench)),
  ]);
}

/** The IPv4 address of a line of `ss` that listens on the port; `*` takes both families. */
function listenerAt(line: string, port: number): readonly string[] {
  const [, address, number] = /^\S+\s+\d+\s+\d+\s+(\S+):(\d+)\s/.exec(`${line} `) ?? [];
  if (address === undefined || Number(number) !== port || address.startsWith("[")) return [];
  return [address === "*" ? "0.0.0.0" : address.replace(/%.*$/, "")];
}

function placesFor({ on, only_from: only }: ListensCheck, { world }: Bench): readonly (readonly [string, boolean])[] {
  if (!only) return [];
  const others = world.snapshot().hosts.flatMap(({ name }) => (name === on ? [] : [`host:${name}`]));
  return [...new Set([...only, ...others, "outside"])].map((place) => [place, only.includes(place)]);
}

function passes({ on, port }: ListensCheck, from: string, isLet: boolean, bench: Bench): Finding {
  const address = firstAddress(hostOf(bench.world.snapshot(), on));
  if (address === undefined) return fails(`from ${shownPlace(from)} to ${on}:${port}`, "an address of the host", "it has none");
  return checkReach({ from, to: address, how: "tcp", port, expect: isLet ? ["ok"] : ["refused", "timeout", "unreachable"] }, bench);
}

/** Of the network card that leads to the LAN. */
export function firstAddress(host: HostSnapshot | undefined): string | undefined {
  const card = host?.root.links.find(({ name }) => name === "eth0");
  return host?.root.addresses.find(({ link, prefix }) => link === card?.index && !prefix.address.includes(":"))?.prefix.address;
}

export function checkHost(check: HostCheck, bench: Bench): Finding {
  const { on } = check;
  const object = `host ${on}`;
  return inTurn([
    () =>
      check.hostname === undefined ? HOLDS : expectSame(`${object}, hostname`, check.hostname, ask(bench, on, "hostname").stdout.trim()),
    () =>
      check.docker === undefined
        ? HOLDS
        : expectSame(`${object}, dockerd answers`, check.docker, ask(bench, on, "docker version").status === 0),
    () =>
      firstFailure(Object.entries(check.sysctl ?? {}), ([key, value]) =>
        expectSame(`${object}, ${key}`, value, ask(bench, on, `sysctl -n ${key}`).stdout.trim()),
      ),
    () => persistent(check, bench, object),
    () => daemon(check, bench, object),
    () => iface(check, bench, object),
    () => route(check, bench, object),
    () => firewall(check, bench, object),
  ]);
}

function ask({ world }: Bench, on: string, command: string): CommandResult {
  return world.run(on, command, { limitSeconds: 60 });
}

/** As `sysctl --system` reads them: /etc/sysctl.d in the order of names, then /etc/sysctl.conf; the last word counts. */
function persistent(check: HostCheck, bench: Bench, object: string): Finding {
  if (!check.persistent) return HOLDS;
  const { stdout } = ask(bench, check.on, "cat /etc/sysctl.d/*.conf /etc/sysctl.conf 2>/dev/null");
  const set = new Map(
    stdout.split("\n").flatMap((line): [string, string][] => {
      const [, key, value] = /^\s*-?([a-zA-Z][^\s=#;]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined ? [] : [[key.replaceAll("/", "."), value ?? ""]];
    }),
  );
  return firstFailure(Object.entries(check.persistent), ([key, value]) =>
    expectSame(`${object}, ${key} in /etc/sysctl.d or /etc/sysctl.conf`, value, set.get(key)),
  );
}

function daemon(check: HostCheck, bench: Bench, object: string): Finding {
  if (!check.daemon) return HOLDS;
  const { stdout, status } = ask(bench, check.on, "cat /etc/docker/daemon.json 2>/dev/null");
  const config = status === 0 ? parseObject(stdout) : {};
  if (!config) return fails(`${object}, /etc/docker/daemon.json`, "a JSON object", "something else");
  return firstFailure(Object.entries(check.daemon), ([key, value]) =>
    sorted(config[key] ?? null) === sorted(value)
      ? HOLDS
      : fails(`${object}, ${key} in /etc/docker/daemon.json`, JSON.stringify(value), JSON.stringify(config[key] ?? null)),
  );
}

/** JSON with the keys of objects in order: equal values have equal texts. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function iface({ iface: wanted, on }: HostCheck, { world }: Bench, object: string): Finding {
  if (!wanted) return HOLDS;
  const root = hostOf(world.snapshot(), on)?.root;
  const link = root?.links.find(({ name }) => name === wanted.name);
  const what = `${object}, interface ${wanted.name}`;
  if (!wanted.exists) return link ? fails(what, "does not exist", "it is there") : HOLDS;
  if (!link) return fails(what, "exists", "there is none");
  const addresses = (root?.addresses ?? [])
    .filter((one) => one.link === link.index)
    .map(({ prefix }) => `${prefix.address}/${prefix.length}`);
  return inTurn([
    () => expectSame(`${what}, up`, wanted.up, link.isUp),
    () => expectSame(`${what}, MTU`, wanted.mtu, link.mtu),
    () =>
      wanted.address === undefined || addresses.includes(wanted.address)
        ? HOLDS
        : fails(`${what}, addresses`, `${wanted.address} among them`, list(addresses, "none")),
  ]);
}

function route({ route: wanted, on }: HostCheck, bench: Bench, object: string): Finding {
  if (!wanted) return HOLDS;
  const { stdout, stderr, status } = ask(bench, on, `ip route get ${wanted.to}`);
  const what = `${object}, the way to ${wanted.to}`;
  const expected = `${wanted.via === undefined ? "" : `via ${wanted.via} `}${wanted.dev === undefined ? "" : `dev ${wanted.dev}`}`.trim();
  if (status !== 0) return fails(what, expected, stderr.trim());
  const [first = ""] = stdout.split("\n");
  const hasAll = [wanted.via && ` via ${wanted.via} `, wanted.dev && ` dev ${wanted.dev} `].every(
    (part) => !part || `${first} `.includes(part),
  );
  return hasAll ? HOLDS : fails(what, expected, first.trim());
}

function firewall({ firewall: wanted, on }: HostCheck, bench: Bench, object: string): Finding {
  if (!wanted) return HOLDS;
  const { stdout, stderr, status } = ask(bench, on, `iptables -t ${wanted.table} -S ${wanted.chain}`);
  const what = `${object}, chain ${wanted.chain} of table ${wanted.table}`;
  if (status !== 0) return fails(what, "exists", stderr.trim());
  const lines = stdout.trim().split("\n");
  const rules = lines.flatMap((line) => (line.startsWith("-A ") ? [line.slice(`-A ${wanted.chain} `.length)] : []));
  const shown = rules.length === 0 ? "no rules" : rules.join("; ");
  return inTurn([
    () => expectSame(`${what}, policy`, wanted.policy, /^-P \S+ (\S+)/.exec(lines[0] ?? "")?.[1]),
    () => firstFailure(wanted.has ?? [], (rule) => (rules.includes(rule) ? HOLDS : fails(what, `holds “${rule}”`, shown))),
    () =>
      firstFailure(wanted.lacks ?? [], (text) => {
        const found = rules.find((rule) => rule.includes(text));
        return found === undefined ? HOLDS : fails(what, `no rule with “${text}”`, found);
      }),
  ]);
}
