/**
 * What a world is made from. Together with a seed it is all there is before the first input.
 *
 * A topology has one LAN in this version: hosts with their first address, and behind the gateway "the Internet".
 */

export type HostSpec = {
  /** `node1`: also its hostname. */
  readonly name: string;
  /** Of eth0, with the LAN's prefix length: `192.168.56.11/24`. */
  readonly address: string;
  /** Image references that are there from the start (`nginx`, `alpine:3.20`). `all`: the whole catalogue. */
  readonly images: readonly string[] | "all";
  /** Files there from the start (`/etc/docker/daemon.json`, a learner's script). */
  readonly files?: readonly { readonly path: string; readonly text: string; readonly mode?: number }[];
};

export type Topology = {
  readonly hosts: readonly HostSpec[];
  /** The router of the LAN: answers ping, resolves names, and leads to 8.8.8.8. */
  readonly gateway: string;
};

/** The standard machine: node1 as in the recordings, all images there. */
export const ONE_HOST: Topology = {
  hosts: [{ name: "node1", address: "192.168.56.11/24", images: "all" }],
  gateway: "192.168.56.1",
};
