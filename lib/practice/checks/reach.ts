/** Checks on behaviour: frames are sent, and what becomes of them counts. */

import type { Outcome, ReachCheck, ReachMatrixCheck, ResolveCheck } from "@/lib/content/check-schema";
import type { ProbeOutcome, ProbeReport, ProbeSource, WorldContract, WorldSnapshot } from "@/lib/sim";
import type { Death } from "../contract";
import { explainDeath } from "../explain-death";
import { type Bench, fails, type Finding, firstFailure, HOLDS, hostOf, isSameSet, list } from "./finding";

export function checkReach(check: ReachCheck, { world }: Bench): Finding {
  const target = targetOf(check.to, world.snapshot());
  const what = `from ${shownPlace(check.from)} to ${target.shown}${check.port === undefined ? "" : `:${check.port}`} (${check.how}${
    check.size === undefined ? "" : ` of ${check.size} bytes`
  })`;
  const expected = check.expect.map(outcomeText).join(" or ");
  if (target.address === undefined) return fails(what, expected, target.why, { blocked: true });
  if (check.size !== undefined) return sizedPing(check, check.size, target.address, what, expected, world);

  const report = world.probe({ from: sourceOf(check.from), to: target.address, what: kindOf(check) });
  const { outcome } = report;
  if (outcome.kind === "no-source") return fails(what, expected, outcome.why, { blocked: true });
  if (!check.expect.includes(classOf(outcome))) return fails(what, expected, foundText(outcome), deathOf(report, world));
  return outcome.kind === "ok" ? page(check, outcome.body ?? "", what) : HOLDS;
}

export function checkReachMatrix({ how, port, rows }: ReachMatrixCheck, bench: Bench): Finding {
  return firstFailure(Object.entries(rows), ([from, row]) =>
    firstFailure(Object.entries(row), ([to, expect]) =>
      checkReach({ from, to, how, expect, ...(port === undefined ? {} : { port }) }, bench),
    ),
  );
}

export function checkResolve(check: ResolveCheck, { world }: Bench): Finding {
  const what = `the name ${check.name}, asked from ${shownPlace(check.from)}`;
  const addresses = (hostOf(world.snapshot(), check.on)?.networks ?? []).flatMap((one) => one.endpoints);
  const report = world.probe({ from: sourceOf(check.from), to: check.name, what: { kind: "resolve" } });
  const { outcome } = report;
  const isNone = check.answers.length === 0;
  const expected = isNone ? "no such name" : `the address of ${list(check.answers, "")}`;
  if (outcome.kind === "no-source") return fails(what, expected, outcome.why, { blocked: true });
  if (outcome.kind !== "ok")
    return isNone && outcome.kind === "no-such-name" ? HOLDS : fails(what, expected, foundText(outcome), deathOf(report, world));
  const owners = (outcome.addresses ?? []).map(
    (address) => addresses.find((endpoint) => endpoint.ipv4 === address)?.containerName ?? address,
  );
  return isSameSet([...new Set(owners)], check.answers) ? HOLDS : fails(what, expected, list(owners, "no answer"));
}

function page(check: ReachCheck, body: string, what: string): Finding {
  if (check.body !== undefined && !body.includes(check.body))
    return fails(`${what}, page`, `contains “${check.body}”`, body.slice(0, 80) || "an empty page");
  if (check.source_seen === undefined) return HOLDS;
  const seen = /^RemoteAddr: (.*):\d+$/m.exec(body)?.[1] ?? "the page does not tell";
  return seen === check.source_seen ? HOLDS : fails(`${what}, client's address as the server saw it`, check.source_seen, seen);
}

function kindOf({ how, port, path }: ReachCheck): Parameters<WorldContract["probe"]>[0]["what"] {
  if (how === "ping") return { kind: "ping" };
  if (how === "tcp") return { kind: "tcp", port: port ?? 0 };
  return { kind: "http", port: port ?? 80, ...(path === undefined ? {} : { path }) };
}

/** One echo request of a given size, not to be cut up: the host's own ping, in the network namespace of the source. */
function sizedPing(check: ReachCheck, size: number, to: string, what: string, expected: string, world: WorldContract): Finding {
  const source = sourceOf(check.from);
  if (source.kind === "outside") return fails(what, expected, "nobody can ping from there", { blocked: true });
  const resolved = world.probe({ from: source, to, what: { kind: "resolve" } }).outcome;
  if (resolved.kind === "no-source") return fails(what, expected, resolved.why, { blocked: true });
  if (resolved.kind !== "ok") return check.expect.includes(classOf(resolved)) ? HOLDS : fails(what, expected, foundText(resolved));

  const container = hostOf(world.snapshot(), source.host)?.containers.find(
    (one) => source.kind === "container" && one.name === source.name,
  );
  const enter = container?.pid === undefined ? "" : `nsenter -t ${container.pid} -n `;
  const { stdout, stderr } = world.run(source.host, `${enter}ping -c 1 -W 2 -M do -s ${size - 28} ${resolved.address}`, {
    limitSeconds: 20,
  });
  const said = `${stdout}${stderr}`;
  const outcome: Outcome = said.includes("1 received")
    ? "ok"
    : /Frag needed|Message too long/.test(said)
      ? "too-big"
      : /Unreachable|unreachable/.test(said)
        ? "unreachable"
        : "timeout";
  return check.expect.includes(outcome) ? HOLDS : fails(what, expected, outcomeText(outcome));
}

export function sourceOf(place: string): ProbeSource {
  if (place === "outside") return { kind: "outside" };
  const name = place.slice(place.indexOf(":") + 1);
  if (place.startsWith("host:")) return { kind: "host", host: name };
  const [container = "", on = "node1"] = name.split("@");
  return { kind: "container", host: on, name: container };
}

export function shownPlace(place: string): string {
  if (place === "outside") return "another machine on the LAN";
  return place
    .replace(/^container:/, "container ")
    .replace(/^host:/, "host ")
    .replace("@", " on ");
}

type Target =
  | { readonly shown: string; readonly address: string }
  | { readonly shown: string; readonly address: undefined; readonly why: string };

function targetOf(to: ReachCheck["to"], snapshot: WorldSnapshot): Target {
  if (typeof to === "string") return { shown: to, address: to };
  const { container: name, network: networkName, on } = to;
  const shown = `the address of ${name} on ${networkName}`;
  const endpoint = hostOf(snapshot, on)
    ?.networks.find((one) => one.name === networkName)
    ?.endpoints.find((one) => one.containerName === name);
  return endpoint?.ipv4 === undefined
    ? { shown, address: undefined, why: `${name} has no address on ${networkName}` }
    : { shown: `${name} (${endpoint.ipv4} on ${networkName})`, address: endpoint.ipv4 };
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
    "too-big": "too big for a link on the way",
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
