/**
 * dockerd's inside: what its parts share. Each part is a module of functions over this one object, as moby's `Daemon`
 * has methods in many files. It outlives a restart of the daemon; the networks' controller and the configuration do not.
 */

import { invariant } from "@/lib/base/invariant";
import type { Random } from "@/lib/sim/core/random";
import { sleep, type Routine, Task, WaitQueue } from "@/lib/sim/core/task";
import { millis } from "@/lib/sim/core/time";
import type { Kernel } from "@/lib/sim/kernel";
import type { Container } from "./container/container";
import { Containers } from "./container/containers";
import type { Exec } from "./container/exec";
import { Links } from "./container/links";
import type { DaemonConfig } from "./daemon-config";
import { Events } from "./events";
import { type EpochMicros, epochOf } from "./go/time";
import { Ids } from "./ids";
import type { ImageManifest, ImageRegistry } from "./image";
import { ImageRemoval } from "./image/delete";
import { ImageStore } from "./image/image-store";
import type { Networks } from "./network/networks";
import { DEFAULT_STORAGE_DRIVER, type StorageDriver } from "./storage-driver";
import { Volumes } from "./volume/volumes";

/** What one storage driver holds. Under another the daemon knows nothing of it. */
type Store = { readonly images: ImageStore; readonly containers: Containers; readonly imageRemoval: ImageRemoval };

export class Engine {
  readonly kernel: Kernel;
  readonly registry: ImageRegistry;
  /** The engine's own id, a UUID (`docker info`). */
  readonly id: string;
  readonly events: Events;
  readonly volumes: Volumes;
  readonly links = new Links();
  readonly execs = new Map<string, Exec>();
  readonly containerIds: Ids;
  readonly execIds: Ids;
  readonly layerIds: Ids;
  readonly networkIds: Ids;
  isShuttingDown = false;
  config: DaemonConfig;
  #storageDriver: StorageDriver = DEFAULT_STORAGE_DRIVER;
  /** Woken whenever containers or networks changed. */
  readonly changed = new WaitQueue();
  #networks: Networks | undefined;
  readonly #stores: Readonly<Record<StorageDriver, Store>>;

  constructor(made: {
    readonly kernel: Kernel;
    readonly random: Random;
    readonly registry: ImageRegistry;
    readonly preloaded: readonly ImageManifest[];
    readonly config: DaemonConfig;
  }) {
    const { kernel, random } = made;
    this.kernel = kernel;
    this.registry = made.registry;
    this.config = made.config;
    this.id = random
      .fork("engine-id")
      .hex(32)
      .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
    this.events = new Events(kernel.scheduler);
    this.containerIds = new Ids(random.fork("containers"));
    this.execIds = new Ids(random.fork("execs"));
    this.layerIds = new Ids(random.fork("layers"));
    this.networkIds = new Ids(random.fork("networks"));
    this.volumes = new Volumes(kernel.root.mnt.root, new Ids(random.fork("volumes")), this.events);
    const names = new Ids(random.fork("names"));
    const store = (preloaded: readonly ImageManifest[]): Store => {
      const images = new ImageStore(kernel, preloaded);
      const containers = new Containers(names);
      return { images, containers, imageRemoval: new ImageRemoval(images, containers, this.events) };
    };
    this.#stores = { overlay2: store(made.preloaded), vfs: store([]) };
  }

  get images(): ImageStore {
    return this.#store.images;
  }

  get containers(): Containers {
    return this.#store.containers;
  }

  get imageRemoval(): ImageRemoval {
    return this.#store.imageRemoval;
  }

  get #store(): Store {
    return this.#stores[this.#storageDriver];
  }

  get storageDriver(): StorageDriver {
    return this.#storageDriver;
  }

  /** From now on the images and containers of that driver are the daemon's; volumes that only others use are nobody's. */
  set storageDriver(driver: StorageDriver) {
    for (const container of this.containers.list()) for (const name of volumesOf(container)) this.volumes.release(name, container.id);
    this.#storageDriver = driver;
    for (const container of this.containers.list()) for (const name of volumesOf(container)) this.volumes.use(name, container.id);
  }

  get networks(): Networks {
    invariant(this.#networks !== undefined, "the daemon answers only once it has started");
    return this.#networks;
  }

  set networks(networks: Networks) {
    this.#networks = networks;
  }

  get hasNetworks(): boolean {
    return this.#networks !== undefined;
  }

  get now(): EpochMicros {
    return epochOf(this.kernel.scheduler.now);
  }

  /** A thread of the daemon: it goes on, whoever asked for it. */
  spawn<T>(routine: Routine<T>): Task<T> {
    return new Task(this.kernel.scheduler, routine);
  }

  /** Lets simulated time pass: the work has its price. */
  *work(milliseconds: number): Routine<void> {
    yield* sleep(this.kernel.scheduler, millis(milliseconds));
  }

  /** An event about a container: its labels are attributes too. */
  logContainer(container: Container, action: string, attributes: Readonly<Record<string, string>> = {}): void {
    const image = container.config.Image;
    this.events.log("container", action, container.id, {
      ...attributes,
      ...container.config.Labels,
      ...(image === "" ? {} : { image }),
      name: container.bareName,
    });
    this.changed.wake();
  }

  hostPathExists(path: string): boolean {
    return this.kernel.root.mnt.root.exists(path);
  }
}

function volumesOf(container: Container): readonly string[] {
  return [...container.mounts.values()].flatMap(({ type, name }) => (type === "volume" ? [name] : []));
}
