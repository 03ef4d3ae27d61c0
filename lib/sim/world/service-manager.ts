/**
 * The machine's service manager: what pid 1 does for `systemctl start|stop|restart docker`.
 *
 * systemd(1), the one unit docker.service. The daemon runs as part of the machine, so killing it by its number is not simulated.
 */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { LocalService, ServiceRequest, ServiceResponse } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Daemon } from "@/lib/sim/engine";
import type { MountNamespace } from "@/lib/sim/kernel";
import { MANAGER_SOCKET } from "@/lib/sim/programs/systemd/systemctl";

export function startServiceManager(mounts: MountNamespace, daemon: Daemon): void {
  const service: LocalService = { call: (request) => answer(request, daemon) };
  mounts.listenUnix(MANAGER_SOCKET, service);
}

function* answer(request: ServiceRequest, daemon: Daemon): Routine<ServiceResponse> {
  switch (request.target) {
    case "/docker/is-active":
    case "/docker/status":
    case "/docker/show":
      return text(200, daemon.isRunning ? "active" : "inactive");
    case "/docker/start": {
      const started = daemon.start();
      if (started.ok) yield* daemon.untilReady();
      return started.ok ? text(200, "") : text(500, started.error);
    }
    case "/docker/stop":
    case "/docker/kill":
      yield* daemon.stop();
      return text(200, "");
    case "/docker/restart":
    case "/docker/try-restart": {
      const restarted = yield* daemon.restart();
      return restarted.ok ? text(200, "") : text(500, restarted.error);
    }
    case "/docker/reload":
      return text(501, notSimulated("reloading dockerd's configuration without a restart"));
    default:
      return text(404, `no such request: ${request.target}`);
  }
}

function text(status: number, body: string): ServiceResponse {
  return { status, headers: {}, body: { kind: "text", text: body } };
}
