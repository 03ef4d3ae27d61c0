/** The handlers of `docker system`, `docker inspect` and `docker version`. */

export { systemEvents } from "./events";
export { systemInfo } from "./info";
export { systemInspect } from "./inspect";
export { builderPrune, systemPrune } from "./prune";
export { systemDf } from "./usage";
export { systemVersion } from "./version";
