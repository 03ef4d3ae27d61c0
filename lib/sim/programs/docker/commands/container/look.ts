/** `docker logs`, `port`, `top`, `diff` and `container inspect`. Follows docker/cli cli/command/container. */

import { ok } from "@/lib/base/result";
import type { ContainerInspect, FilesystemChange, TopResponse } from "@/lib/sim/api";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { type Finder, inspect } from "../../format/inspector";
import { compareNatural } from "../../format/natural";
import { alignColumns } from "../../format/tabwriter";
import { parseInteger } from "../../gotemplate";
import { timestamp } from "../../opts/timestamp";
import { cut } from "../../opts/validators";
import { TYPES } from "../../schema";

export const containerLogs: Handler = function* ({ cli, flags, args }) {
  const container = yield* cli.client.get<ContainerInspect>("ContainerInspect", { object: args[0] ?? "" });
  if (!container.ok) return failureOf(container.error);
  const times: Record<string, string | undefined> = {};
  for (const name of ["since", "until"]) {
    if (flags.text(name) === "") continue;
    const time = timestamp(flags.text(name), cli.nowNs);
    if (!time.ok) return { status: 1, message: `invalid value for "${name}": ${time.error}` };
    times[name] = time.value;
  }
  const on = (name: string): string | undefined => (flags.bool(name) ? "1" : undefined);
  const query = {
    stdout: "1",
    stderr: "1",
    ...times,
    timestamps: on("timestamps"),
    details: on("details"),
    follow: on("follow"),
    tail: flags.text("tail"),
  };
  const response = yield* cli.client.call("ContainerLogs", { object: container.value.Id, query });
  if (!response.ok) return failureOf(response.error);
  const { body } = response.value;
  if (body.kind !== "upgrade") return undefined;
  for (;;) {
    const chunk = yield* body.read();
    if (chunk === undefined) break;
    yield* chunk.stream === "stdout" ? cli.out(chunk.text) : cli.err(chunk.text);
  }
  const interrupted = cli.client.interruption();
  if (!interrupted) return undefined;
  body.cancel();
  return failureOf(interrupted);
};

function joinHostPort(host: string, port: string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

export const containerPort: Handler = function* ({ cli, args }) {
  const [name = "", wanted = ""] = args;
  const container = yield* cli.client.get<ContainerInspect>("ContainerInspect", { object: name });
  if (!container.ok) return failureOf(container.error);
  const ports = container.value.NetworkSettings.Ports ?? {};
  const lines: string[] = [];
  if (wanted === "") {
    for (const [port, bindings] of Object.entries(ports)) {
      for (const binding of bindings ?? []) lines.push(`${port} -> ${joinHostPort(binding.HostIp, binding.HostPort)}`);
    }
  } else {
    const [port, protocol] = cut(wanted, "/");
    const number = parseInteger(port, { base: 10, bits: 16, isSigned: false });
    if (!number.ok) return { status: 1, message: `Error: invalid port (${port}): ${number.error}` };
    const bindings = ports[`${port}/${protocol || "tcp"}`] ?? [];
    if (bindings.length === 0) return { status: 1, message: `Error: No public port '${wanted}' published for ${name}` };
    for (const binding of bindings) lines.push(joinHostPort(binding.HostIp, binding.HostPort));
  }
  if (lines.length > 0) yield* cli.out(`${lines.sort(compareNatural).join("\n")}\n`);
  return undefined;
};

export const containerTop: Handler = function* ({ cli, args }) {
  const [name = "", ...options] = args;
  const top = yield* cli.client.get<TopResponse>("ContainerTop", {
    object: name,
    query: { ps_args: options.length > 0 ? options.join(" ") : undefined },
  });
  if (!top.ok) return failureOf(top.error);
  const rows = [top.value.Titles ?? [], ...(top.value.Processes ?? [])];
  yield* cli.out(alignColumns(rows.map((row) => `${row.join("\t")}\n`).join(""), { minWidth: 20, padding: 3 }));
  return undefined;
};

export const containerDiff: Handler = function* ({ cli, args }) {
  const changes = yield* cli.client.get<readonly FilesystemChange[] | null>("ContainerChanges", { object: args[0] ?? "" });
  if (!changes.ok) return failureOf(changes.error);
  const letters = ["C", "A", "D"];
  yield* cli.out((changes.value ?? []).map((change) => `${letters[change.Kind] ?? ""} ${change.Path}\n`).join(""));
  return undefined;
};

export const containerInspect: Handler = function* ({ cli, flags, args }) {
  const query = { size: flags.bool("size") ? "1" : undefined };
  const find: Finder = function* (name) {
    const answer = yield* cli.client.json("ContainerInspect", { object: name, query });
    return answer.ok ? ok({ kind: "raw", text: answer.value.text, type: TYPES.get("container.InspectResponse") }) : answer;
  };
  return yield* inspect(cli, args, flags.text("format"), find);
};
