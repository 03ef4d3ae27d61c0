/**
 * The daemon's events: what `docker events` prints, and what restarts of clients rely on.
 * Modelled on moby's daemon/events: the last 256 are kept for `--since`.
 */

import type { EventMessage, EventType } from "@/lib/sim/api";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import { WaitQueue } from "@/lib/sim/core/task";
import type { Filters } from "./filters";
import { type EpochMicros, epochOf, unixNanos, unixSeconds } from "./go/time";
import type { Printable } from "./go/json-print";
import { sortedByKey } from "./go/shape";
import { familiarName, parseReference } from "./image/reference";

export type EngineEvent = {
  readonly type: EventType;
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly time: EpochMicros;
};

const KEPT = 256;

export class Events {
  readonly #scheduler: Scheduler;
  #log: EngineEvent[] = [];
  #listeners = new Set<(event: EngineEvent) => void>();
  /** Woken at each event. */
  readonly happened = new WaitQueue();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  log(type: EventType, action: string, id: string, attributes: Readonly<Record<string, string>>): void {
    const event: EngineEvent = { type, action, id, attributes: sortedByKey(attributes), time: epochOf(this.#scheduler.now) };
    this.#log.push(event);
    if (this.#log.length > KEPT) this.#log = this.#log.slice(-KEPT);
    for (const listener of this.#listeners) listener(event);
    this.happened.wake();
  }

  /** The daemon starts anew. */
  forget(): void {
    this.#log = [];
  }

  /** The kept events between two times; none when neither is given. */
  past(since: EpochMicros | undefined, until: EpochMicros | undefined): readonly EngineEvent[] {
    if (since === undefined && until === undefined) return [];
    return this.#log.filter((event) => event.time >= (since ?? 0) && event.time <= (until ?? Number.POSITIVE_INFINITY));
  }

  /** Calls `listener` for each event from now on. Returns how to stop. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

/** The filters of `docker events`, all of which must let an event pass. */
export function includes(filters: Filters, event: EngineEvent): boolean {
  if (filters.size === 0) return true;
  const fuzzyAction = ["health_status", "exec_create", "exec_start"].some((action) => filters.values("event").includes(action));
  if (!(fuzzyAction ? filters.fuzzy("event", event.action) : filters.exact("event", event.action))) return false;
  if (!filters.exact("type", event.type) || !filters.exact("scope", "local")) return false;
  for (const type of ["daemon", "container", "plugin", "volume", "network", "node", "service", "secret", "config"]) {
    if (!filters.fuzzy(type, event.id) && !filters.fuzzy(type, event.attributes["name"] ?? "")) return false;
  }
  const image = event.attributes[event.type === "image" ? "name" : "image"] ?? "";
  const isImage = [event.id, image, withoutTag(event.id), withoutTag(image)].some((name) => filters.exact("image", name));
  return isImage && (!filters.has("label") || filters.matchLabels("label", event.attributes));
}

/** On the wire: the older names for containers and images, and nanoseconds that a JavaScript number cannot hold. */
export function toMessage(event: EngineEvent): Printable {
  const isNamed = event.type === "container" || event.type === "image";
  const from = event.type === "container" ? event.attributes["image"] : undefined;
  const message: Omit<EventMessage, "timeNano"> & { readonly timeNano: bigint } = {
    ...(isNamed ? { status: event.action } : {}),
    ...(isNamed && event.id !== "" ? { id: event.id } : {}),
    ...(from ? { from } : {}),
    Type: event.type,
    Action: event.action,
    Actor: { ID: event.id, Attributes: event.attributes },
    scope: "local",
    time: unixSeconds(event.time),
    timeNano: unixNanos(event.time),
  };
  return message;
}

function withoutTag(image: string): string {
  const reference = parseReference(image);
  return reference.ok ? familiarName(reference.value.repository) : image;
}
