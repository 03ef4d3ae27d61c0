/** A world at one instant as plain data: what the picture draws, its text form says, and checks read. */

import type { Instant } from "@/lib/sim/core/time";
import type { ContainerView } from "@/lib/sim/engine";
import type { NetworkView } from "@/lib/sim/cnm/contract";
import type { AddressView, LinkView, RouteView } from "@/lib/sim/kernel";

export type NetnsSnapshot = {
  readonly id: string;
  readonly links: readonly LinkView[];
  readonly addresses: readonly AddressView[];
  readonly routes: readonly RouteView[];
};

export type HostSnapshot = {
  readonly name: string;
  /** The machine's own namespace. */
  readonly root: NetnsSnapshot;
  /** Those of running containers, by namespace id. */
  readonly namespaces: Readonly<Record<string, NetnsSnapshot>>;
  readonly containers: readonly ContainerView[];
  readonly networks: readonly NetworkView[];
};

export type WorldSnapshot = { readonly at: Instant; readonly hosts: readonly HostSnapshot[] };
