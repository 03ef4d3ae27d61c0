/**
 * systemctl, as far as the one service goes that this world's machines have to manage: docker.
 *
 * It asks the machine's service manager over its private socket, as the real one does over D-Bus. Debian's systemd 258. Other
 * units do not exist here, and it says so in systemd's words.
 */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { LocalService, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";

/** Where the service manager listens. `POST /UNIT/VERB`; the body of an error is what the journal would say. */
export const MANAGER_SOCKET = "/run/systemd/private";

const CHANGES = new Set(["start", "stop", "restart", "try-restart", "reload", "kill"]);
const NOTHING_TO_DO = new Set(["enable", "disable", "daemon-reload", "reset-failed"]);

export function* systemctl(sys: Sys): Routine<number> {
  const words = sys.argv.slice(1).filter((arg) => !arg.startsWith("-"));
  const [verb = "list-units", ...units] = words;
  if (verb === "daemon-reload") return 0;
  if (
    !CHANGES.has(verb) &&
    !NOTHING_TO_DO.has(verb) &&
    verb !== "status" &&
    verb !== "is-active" &&
    verb !== "is-enabled" &&
    verb !== "show"
  ) {
    const isReal = ["list-units", "list-unit-files", "cat", "edit", "mask", "unmask", "isolate", "poweroff", "reboot"].includes(verb);
    yield* complain(sys, isReal ? `${notSimulated(`systemctl ${verb}`)}\n` : `Unknown command verb '${verb}'.\n`);
    return 1;
  }
  if (units.length === 0) {
    yield* complain(sys, "Too few arguments.\n");
    return 1;
  }
  const manager = sys.connectUnix(MANAGER_SOCKET);
  if (!manager.ok) {
    yield* complain(
      sys,
      "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to system scope bus via local transport: Host is down\n",
    );
    return 1;
  }
  for (const given of units) {
    const unit = given.replace(/\.service$/, "");
    if (unit !== "docker") {
      yield* complain(
        sys,
        verb === "status" || verb === "is-active"
          ? `Unit ${unit}.service could not be found.\n`
          : `Failed to ${verb} ${unit}.service: Unit ${unit}.service not found.\n`,
      );
      return verb === "is-active" ? 4 : verb === "status" ? 4 : 5;
    }
    const status = yield* one(sys, manager.value, verb, unit);
    if (status !== 0) return status;
  }
  return 0;
}

function* one(sys: Sys, manager: LocalService, verb: string, unit: string): Routine<number> {
  if (NOTHING_TO_DO.has(verb)) return 0;
  if (verb === "is-enabled") {
    yield* print(sys, "enabled\n");
    return 0;
  }
  const answer = yield* manager.call({ method: CHANGES.has(verb) ? "POST" : "GET", target: `/${unit}/${verb}` });
  const text = answer.body.kind === "text" ? answer.body.text : "";
  if (verb === "is-active") {
    yield* print(sys, `${text}\n`);
    return text === "active" ? 0 : 3;
  }
  if (verb === "status" || verb === "show") {
    const isActive = text === "active";
    yield* print(
      sys,
      `${isActive ? "●" : "○"} docker.service - Docker Application Container Engine\n     Loaded: loaded (/usr/lib/systemd/system/docker.service; enabled; preset: enabled)\n     Active: ${isActive ? "active (running)" : "inactive (dead)"}\nTriggeredBy: ● docker.socket\n       Docs: https://docs.docker.com\n`,
    );
    return isActive ? 0 : 3;
  }
  if (answer.status < 400) return 0;
  if (answer.status === 501) {
    yield* complain(sys, `${text}\n`);
    return 1;
  }
  yield* complain(
    sys,
    `Job for docker.service failed because the control process exited with error code.\nSee "systemctl status docker.service" and "journalctl -xeu docker.service" for details.\n`,
  );
  return 1;
}
