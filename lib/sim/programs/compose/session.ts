/**
 * What every command of `docker compose` works with: the CLI's client, the project, the containers that belong to it, and
 * progress lines. Follows docker/compose pkg/compose/containers.go and pkg/progress.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerSummary } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "@/lib/sim/programs/docker/cli";
import { failureOf } from "@/lib/sim/programs/docker/client";
import type { Failure } from "@/lib/sim/programs/docker/cobra/command";
import type { Project } from "./load";
import type { Progress } from "./progress";

export const VERSION = "2.40.3";

export const LABEL = {
  project: "com.docker.compose.project",
  service: "com.docker.compose.service",
  hash: "com.docker.compose.config-hash",
  number: "com.docker.compose.container-number",
  oneOff: "com.docker.compose.oneoff",
  image: "com.docker.compose.image",
  dependsOn: "com.docker.compose.depends_on",
  files: "com.docker.compose.project.config_files",
  workingDir: "com.docker.compose.project.working_dir",
  network: "com.docker.compose.network",
  volume: "com.docker.compose.volume",
  version: "com.docker.compose.version",
  slug: "com.docker.compose.slug",
} as const;

export type Session = {
  readonly cli: Cli;
  readonly progress: Progress;
  /** The project of the files; of a name alone it is made from what is there. */
  readonly project: Project;
  /** Whether there were files. */
  readonly hasFiles: boolean;
};

export type Listed = {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly number: number;
  readonly summary: ContainerSummary;
};

/** The project's containers by name; one-off ones (`run`) only when asked for. */
export function* containersOf(
  session: Session,
  options: { readonly all?: boolean; readonly oneOff?: boolean } = {},
): Routine<Result<readonly Listed[], Failure>> {
  const filters = JSON.stringify({
    label: { [`${LABEL.project}=${session.project.name}`]: true, ...(options.oneOff ? {} : { [`${LABEL.oneOff}=False`]: true }) },
  });
  const list = yield* session.cli.client.get<readonly ContainerSummary[]>("ContainerList", {
    query: { all: options.all === false ? undefined : "1", filters },
  });
  if (!list.ok) return fail(failureOf(list.error));
  const listed = list.value.map((summary) => ({
    id: summary.Id,
    name: (summary.Names[0] ?? "").slice(1),
    service: summary.Labels[LABEL.service] ?? "",
    number: Number(summary.Labels[LABEL.number] ?? 0),
    summary,
  }));
  return ok(listed.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)));
}

export function refuse(message: string): Failure {
  return { status: 1, message };
}

/** `no such service: x`, for names that are not the project's. */
export function unknownService(session: Session, names: readonly string[]): Failure | undefined {
  const unknown = names.find((name) => !session.project.services.has(name));
  return unknown === undefined ? undefined : refuse(`no such service: ${unknown}`);
}

/** Services so that each comes after what it depends on. */
export function inOrder(
  project: Project,
  names: readonly string[] = [...project.services.keys()],
  withDependencies = true,
): readonly string[] {
  const order: string[] = [];
  const add = (name: string): void => {
    if (order.includes(name) || !project.services.has(name)) return;
    if (withDependencies) for (const next of dependenciesOf(project, name)) add(next);
    order.push(name);
  };
  for (const name of names) add(name);
  return order;
}

export function dependenciesOf(project: Project, name: string): readonly string[] {
  const dependencies = project.services.get(name)?.get("depends_on");
  return dependencies instanceof Map ? [...dependencies.keys()] : [];
}
