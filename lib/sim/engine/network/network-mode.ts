/** What a container's network mode says: `bridge`, `host`, `none`, `container:ID`, or a network's name. moby: api/types/container/hostconfig_unix.go. */

const CONTAINER = "container:";

export function isContainerMode(mode: string): boolean {
  return mode.startsWith(CONTAINER);
}

/** The container whose network stack is shared. */
export function containerOf(mode: string): string {
  return isContainerMode(mode) ? mode.slice(CONTAINER.length) : "";
}

export function isUserDefined(mode: string): boolean {
  return !isContainerMode(mode) && !isPredefined(mode);
}

/** Names of networks that the daemon makes itself. */
export function isPredefined(name: string): boolean {
  return name === "bridge" || name === "host" || name === "none" || name === "default";
}

/** Has a network namespace of its own. */
export function isPrivate(mode: string): boolean {
  return mode !== "host" && !isContainerMode(mode);
}

/** The network that a mode names. */
export function networkNameOf(mode: string): string {
  return isContainerMode(mode) ? "container" : mode;
}
