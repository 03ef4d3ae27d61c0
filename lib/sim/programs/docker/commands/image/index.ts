/** The handlers of `docker image` and of the same commands at the top. */

export { imageInspect, imagePrune, imagePull, imageRm, imageTag } from "./change";
export { imageHistory, imageLs, images } from "./list";
