/** `docker compose`, a plugin of the CLI. It knows the daemon only through its socket. */

import type { Program } from "@/lib/sim/core/sys";
import { compose } from "./main";

export const programs: ReadonlyMap<string, Program> = new Map([["docker/docker-compose", compose]]);
