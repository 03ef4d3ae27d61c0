/** What one run of `ip` or `bridge` works with. */

import type { IfIndex, LinkView, Netns, NetSys } from "@/lib/sim/kernel";
import { Printer } from "./printer";

export type IpFamily = "any" | "inet" | "inet6" | "link";

export type IpOptions = {
  readonly family: IpFamily;
  readonly details: number;
  readonly stats: number;
  readonly brief: boolean;
  readonly oneline: boolean;
  readonly json: boolean;
  readonly pretty: boolean;
  /** `-N`: numbers for protocols and scopes. */
  readonly numeric: boolean;
  readonly force: boolean;
  readonly color: boolean;
};

export class Context {
  readonly sys: NetSys;
  readonly netns: Netns;
  readonly options: IpOptions;
  readonly out: Printer;
  #netnsNames: ReadonlyMap<string, string> | undefined;

  constructor(sys: NetSys, netns: Netns, options: IpOptions) {
    this.sys = sys;
    this.netns = netns;
    this.options = options;
    this.out = new Printer({ json: options.json, pretty: options.pretty, oneline: options.oneline, color: options.color });
  }

  /** ll_index_to_name. */
  nameOf(index: IfIndex): string {
    return this.netns.links.link(index)?.name ?? `if${index}`;
  }

  findLink(name: string): LinkView | undefined {
    const byName = this.netns.links.linkByName(name);
    if (byName) return byName;
    // ll_name_to_index also takes `if7`.
    const number = /^if(\d+)$/.exec(name);
    return number ? this.netns.links.links().find(({ index }) => String(index) === number[1]) : undefined;
  }

  /** Names under /run/netns, by the id of the namespace. */
  get netnsNames(): ReadonlyMap<string, string> {
    this.#netnsNames ??= namedNamespaces(this.sys);
    return this.#netnsNames;
  }
}

export const NETNS_DIRECTORY = "/run/netns";

function namedNamespaces(sys: NetSys): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const listed = sys.readdir(NETNS_DIRECTORY);
  for (const name of listed.ok ? listed.value : []) {
    const netns = sys.netnsByPath(`${NETNS_DIRECTORY}/${name}`);
    if (netns.ok && !names.has(netns.value.id)) names.set(netns.value.id, name);
  }
  return names;
}
