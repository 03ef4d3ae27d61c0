/** The handlers of `docker network`. */

export { networkConnect, networkDisconnect } from "./connect";
export { networkCreate } from "./create";
export { networkLs } from "./list";
export { networkInspect, networkPrune, networkRm } from "./remove";
