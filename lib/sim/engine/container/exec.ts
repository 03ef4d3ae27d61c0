/** One `docker exec`: what was asked for and what became of it. moby: daemon/container/exec.go. */

import type { ExecInspect } from "@/lib/sim/api";
import type { Process } from "@/lib/sim/kernel";
import type { Container } from "./container";
import { Broadcast } from "./logs";

export type ExecSettings = {
  readonly entrypoint: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly tty: boolean;
  readonly privileged: boolean;
  readonly openStdin: boolean;
  readonly openStdout: boolean;
  readonly openStderr: boolean;
  readonly detachKeys: string;
  readonly consoleSize: readonly [rows: number, columns: number] | undefined;
};

export class Exec {
  readonly id: string;
  readonly container: Container;
  readonly settings: ExecSettings;
  readonly output = new Broadcast();
  running = false;
  exitCode: number | undefined;
  process: Process | undefined;
  pid = 0;

  constructor(id: string, container: Container, settings: ExecSettings) {
    this.id = id;
    this.container = container;
    this.settings = settings;
  }

  get view(): ExecInspect {
    const { settings } = this;
    return {
      ID: this.id,
      Running: this.running,
      ExitCode: this.exitCode ?? null,
      ProcessConfig: {
        tty: settings.tty,
        entrypoint: settings.entrypoint,
        arguments: settings.args,
        privileged: settings.privileged,
        ...(settings.user === "" ? {} : { user: settings.user }),
      },
      OpenStdin: settings.openStdin,
      OpenStderr: settings.openStderr,
      OpenStdout: settings.openStdout,
      CanRemove: false,
      ContainerID: this.container.id,
      DetachKeys: settings.detachKeys === "" ? "" : base64(settings.detachKeys),
      Pid: this.pid,
    };
  }
}

/** Go prints bytes in JSON as base64; detach keys are control characters. */
function base64(text: string): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let out = "";
  for (let i = 0; i < text.length; i += 3) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)];
    const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
    const digit = (shift: number): string => digits.charAt((bits >> shift) & 63);
    out += `${digit(18)}${digit(12)}${Number.isNaN(b) ? "=" : digit(6)}${Number.isNaN(c) ? "=" : digit(0)}`;
  }
  return out;
}
