/** The handlers of `docker container` and of the same commands at the top. */

export { containerAttach, containerStart } from "./attach";
export { containerCreate } from "./create";
export { containerExec } from "./exec";
export {
  containerKill,
  containerPause,
  containerPrune,
  containerRename,
  containerRestart,
  containerRm,
  containerStop,
  containerUnpause,
  containerUpdate,
} from "./lifecycle";
export { containerLs } from "./list";
export { containerDiff, containerInspect, containerLogs, containerPort, containerTop } from "./look";
export { containerRun } from "./run";
export { containerStats } from "./stats";
export { containerWait } from "./wait";
