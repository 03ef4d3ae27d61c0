/** The versions that this Engine API speaks. Learners see them in `docker version`. Followed: moby 28.5.2, daemon/config and dockerversion. */

/** The API version of Docker Engine 28.5.2, and the default when a request names none. */
export const API_VERSION = "1.51";
/** The oldest version that the engine still answers. */
export const MIN_API_VERSION = "1.24";
/** The engine's own version. */
export const ENGINE_VERSION = "28.5.2";
/** Where the engine listens on every host. */
export const SOCKET_PATH = "/var/run/docker.sock";
