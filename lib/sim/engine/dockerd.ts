/**
 * `dockerd` typed at a prompt: it checks a configuration file, and tells its version. The daemon itself is the machine's
 * service (see daemon.ts); starting a second one by hand is not simulated.
 *
 * A learner sees it in `dockerd --validate`, before a restart. Modelled on moby's cmd/dockerd.
 */

import { ENGINE_VERSION } from "@/lib/sim/api";
import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Program } from "@/lib/sim/core/sys";
import { CONFIG_FILE, parseDaemonConfig } from "./daemon-config";
import { GIT_COMMIT } from "./system/info";

type Arguments = {
  readonly file: string | undefined;
  readonly validates: boolean;
  readonly tellsVersion: boolean;
  readonly other: string | undefined;
};

/** Needs its program registered as `docker/dockerd`. */
export const dockerd: Program = function* (sys) {
  const { file, validates, tellsVersion, other } = read(sys.argv.slice(1));
  if (other !== undefined || (!validates && !tellsVersion)) {
    yield* sys.write(2, `${notSimulated(other === undefined ? "starting dockerd by hand" : `dockerd ${other}`)}\n`);
    return 1;
  }
  if (tellsVersion) {
    yield* sys.write(1, `Docker version ${ENGINE_VERSION}, build ${GIT_COMMIT}\n`);
    return 0;
  }
  const path = file ?? CONFIG_FILE;
  const text = sys.readFile(path);
  // A file that nobody named need not be there.
  const isMissing = !text.ok && text.error === "ENOENT" && file === undefined;
  const fault = text.ok ? parseDaemonConfig(path, text.value) : undefined;
  if (!text.ok && !isMissing) {
    yield* sys.write(2, `unable to configure the Docker daemon with file ${path}: open ${path}: ${strerror(text.error).toLowerCase()}\n`);
    return 1;
  }
  if (fault && !fault.ok) {
    yield* sys.write(2, `${fault.error}\n`);
    return 1;
  }
  yield* sys.write(2, "configuration OK\n");
  return 0;
};

function read(args: readonly string[]): Arguments {
  let file: string | undefined;
  let validates = false;
  let tellsVersion = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--validate") validates = true;
    else if (arg === "--version" || arg === "-v") tellsVersion = true;
    else if (arg.startsWith("--config-file=")) file = arg.slice("--config-file=".length);
    else if (arg === "--config-file" && i + 1 < args.length) file = args[++i];
    else return { file, validates, tellsVersion, other: arg };
  }
  return { file, validates, tellsVersion, other: undefined };
}
