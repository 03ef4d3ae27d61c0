/** Events: one JSON object a line in the answer to `GET /events` (moby: api/types/events). */

export type EventType = "builder" | "container" | "daemon" | "image" | "network" | "volume";

export type EventMessage = {
  /** The next three are older names of the action, the actor and its image; only of containers and images. */
  readonly status?: string;
  readonly id?: string;
  readonly from?: string;
  readonly Type: EventType;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope?: string;
  readonly time?: number;
  /** Nanoseconds since 1970: more digits than a JavaScript number holds. Round to microseconds after reading. */
  readonly timeNano?: number;
};
