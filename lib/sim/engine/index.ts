/** The daemon's door, for world. Programs reach it only through its socket, with the Engine API. */

export { type ContainerView, Daemon, type DaemonEnvironment } from "./daemon";
export { dockerd } from "./dockerd";
export type { ImageConfig, ImageManifest, ImageRegistry } from "./image";
