/** What a node that is in no swarm answers to the routes of Swarm (moby: daemon/cluster/errors.go). */

import { NOT_A_MANAGER, refuse } from "../error";
import type { Handler } from "./handler";

export const notAManager: Handler = () => refuse("unavailable", NOT_A_MANAGER);
export const notInASwarm: Handler = () => refuse("unavailable", "This node is not part of a swarm");
