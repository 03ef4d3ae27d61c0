/** The `docker` program and its completion. The CLI knows the daemon only through its socket. */

import type { Program } from "@/lib/sim/core/sys";
import { docker } from "./main";

export { completions } from "./completion";

/** By package and name, as all programs are registered. */
export const programs: ReadonlyMap<string, Program> = new Map([["docker/docker", docker]]);
