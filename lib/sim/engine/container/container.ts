/**
 * A container: its configuration, its state, its files, and what runs in it.
 * Modelled on moby's daemon/container/container.go. The daemon's modules change it; nobody outside the engine holds one.
 */

import type { ContainerConfig, EndpointSettings, HostConfig, PortMap } from "@/lib/sim/api";
import type { Sandbox } from "@/lib/sim/cnm/contract";
import { parseSignal, type SignalName } from "@/lib/sim/core/signal";
import { WaitQueue } from "@/lib/sim/core/task";
import type { FileSystem, Namespaces, Netns, Process } from "@/lib/sim/kernel";
import type { EpochMicros } from "../go/time";
import { Lock } from "../lock";
import type { MountedPoint } from "../volume/mount-point";
import type { Exec } from "./exec";
import { Broadcast, ContainerLog } from "./logs";
import { RestartManager } from "./restart-manager";
import { State } from "./state";

/** A container's endpoint on one network: what was asked for, then also what was given. */
export type Endpoint = {
  settings: EndpointSettings /** The MAC that was asked for; `settings` later holds the one that is in use. */;
  desiredMac: string;
};

export type ContainerNetworks = {
  sandboxId: string;
  sandboxKey: string;
  ports: PortMap;
  /** By network name. Undefined until the daemon has settled them; then perhaps empty for good. */
  networks: Map<string, Endpoint> | undefined;
};

/** Ids of the layers, as the storage driver has them. Those of the image from the top down. */
export type ContainerLayers = { readonly own: string; readonly image: readonly string[] };

/** One run: from the start of the process to its end. */
export type Run = { readonly process: Process; readonly namespaces: Namespaces };

export class Container {
  readonly id: string;
  /** With its leading slash. */
  name: string;
  readonly created: EpochMicros;
  /** With `sha256:`, `""` without an image. */
  readonly imageId: string;
  readonly path: string;
  readonly args: readonly string[];
  config: ContainerConfig;
  hostConfig: HostConfig;
  /** Its writable layer over the image. */
  readonly root: FileSystem;
  readonly layers: ContainerLayers;
  /** `/var/lib/docker/containers/<id>` of this container: hosts, hostname, resolv.conf. */
  files: FileSystem;
  /** Which of its network files exist; of a container that shares a stack, whose they are. */
  networkFilesOf: string | undefined;
  hasLogFile = false;
  hasMountedVolumes = false;
  readonly state = new State();
  readonly lock = new Lock();
  readonly net: ContainerNetworks = { sandboxId: "", sandboxKey: "", ports: null, networks: undefined };
  sandbox: Sandbox | undefined;
  /** Its stack when networking is switched off: it has no sandbox then. */
  isolated: Netns | undefined;
  readonly mounts = new Map<string, MountedPoint>();
  readonly log = new ContainerLog();
  readonly output = new Broadcast();
  readonly execs = new Map<string, Exec>();
  restartCount = 0;
  hasBeenManuallyStopped = false;
  hasBeenManuallyRestarted = false;
  run: Run | undefined;
  /** Input that came while nothing ran: it waits in the pipe. */
  pendingInput = "";
  isInputClosed = false;
  /** Terminal size as the client last set it. */
  size: { columns: number; rows: number } | undefined;
  /** Woken when attached clients have to go: the container was cleaned up. */
  readonly attachmentsEnd = new WaitQueue();
  #restartManager: RestartManager | undefined;

  constructor(made: {
    readonly id: string;
    readonly name: string;
    readonly created: EpochMicros;
    readonly imageId: string;
    readonly config: ContainerConfig;
    readonly hostConfig: HostConfig;
    readonly root: FileSystem;
    readonly layers: ContainerLayers;
    readonly files: FileSystem;
  }) {
    this.id = made.id;
    this.name = made.name;
    this.created = made.created;
    this.imageId = made.imageId;
    this.config = made.config;
    this.hostConfig = made.hostConfig;
    this.root = made.root;
    this.layers = made.layers;
    this.files = made.files;
    const command = commandOf(made.config);
    this.path = command[0] ?? "";
    this.args = command.slice(1);
  }

  /** Without the slash. */
  get bareName(): string {
    return this.name.slice(1);
  }

  get stopSignal(): SignalName {
    return (this.config.StopSignal ? parseSignal(this.config.StopSignal) : undefined) ?? "TERM";
  }

  /** Seconds; negative waits for ever. */
  get stopTimeout(): number {
    return this.config.StopTimeout ?? 10;
  }

  get restartManager(): RestartManager {
    this.#restartManager ??= new RestartManager(this.hostConfig.RestartPolicy, this.restartCount);
    return this.#restartManager;
  }

  resetRestartManager(): void {
    this.#restartManager?.cancel();
    this.#restartManager = undefined;
    this.restartCount = 0;
  }

  /** The daemon starts anew: what it remembered of earlier runs is gone, the count stays. */
  forgetRestartManager(): void {
    this.#restartManager?.cancel();
    this.#restartManager = undefined;
  }

  /** Something is mounted there already. */
  hasMountFor(destination: string): boolean {
    return this.mounts.has(destination) || Object.hasOwn(this.hostConfig.Tmpfs ?? {}, destination);
  }
}

/** Entrypoint and command as one. */
export function commandOf(config: Pick<ContainerConfig, "Entrypoint" | "Cmd">): readonly string[] {
  return [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
}
