/**
 * libnetwork's door: Docker's networks on one host (the Container Network Model), for the daemon.
 *
 * What it refuses it says in libnetwork's own words; the sentences that the daemon puts around them ("failed to set up
 * container networking: …", "error while removing network: …") are the daemon's.
 */

export type * from "./contract";
export { Libnetwork, type LibnetworkEnvironment, type SavedNetworks } from "./libnetwork";
