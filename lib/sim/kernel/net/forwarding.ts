/**
 * Forwarding entries as `bridge fdb` shows and changes them: a port's in its bridge's table (`master`), and what a link keeps itself
 * (`self`): a VXLAN its tunnel ends, any other the group addresses that it listens to.
 *
 * Modelled on net/core/rtnetlink.c (rtnl_fdb_add, rtnl_fdb_dump), br_fdb.c and vxlan_core.c (vxlan_fdb_add, vxlan_fdb_dump).
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { elapsed, type Instant } from "@/lib/sim/core/time";
import { isV4, solicitedNodeGroup } from "@/lib/sim/net/address";
import { type Mac, multicastMac, multicastMac6, parseMac } from "@/lib/sim/net/mac";
import { Bridge } from "./bridge";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import type { FdbView, IfIndex, NewFdbEntry, RtnlError } from "./rtnetlink";
import { Vxlan } from "./vxlan";
import type { VxlanFdbEntry } from "./vxlan-fdb";

type EntryKey = Pick<NewFdbEntry, "link" | "mac" | "remote" | "via" | "on">;

const KINDS = { permanent: "local", static: "static", dynamic: "learned" } as const;
const STATES = { local: "permanent", permanent: "permanent", static: "static", learned: "reachable" } as const;

export function addForwardingEntry(netns: NetworkNamespace, entry: NewFdbEntry): Result<void, RtnlError> {
  const { now } = netns.scheduler;
  const table = findTable(netns, entry);
  if (!table.ok) return table;
  const { device, bridge } = table.value;
  const { mac, state, remote, mode = "add" } = entry;
  if (device instanceof Vxlan && !bridge) {
    if (remote === undefined) return fail({ errno: "EINVAL" });
    const added = device.fdb.add(mac, state === "dynamic" ? "learned" : state, { address: remote, via: entry.via }, mode, now);
    if (!added.ok) return added;
  } else if (bridge) {
    const isKnown = mode !== "add" && bridge.fdb.find(mac, now) !== undefined;
    if (isKnown) bridge.fdb.remove(mac, now);
    const added = bridge.fdb.add({ kind: KINDS[state], address: mac, port: device.index }, now);
    if (!added.ok) return fail({ errno: "EEXIST" });
  }
  netns.changed("fdb", device.where);
  return ok(undefined);
}

export function deleteForwardingEntry(netns: NetworkNamespace, key: EntryKey): Result<void, RtnlError> {
  const { now } = netns.scheduler;
  const table = findTable(netns, key);
  if (!table.ok) return table;
  const { device, bridge } = table.value;
  if (device instanceof Vxlan && !bridge) {
    const removed = device.fdb.remove(key.mac, key.remote === undefined ? undefined : { address: key.remote, via: key.via }, now);
    if (!removed.ok) return removed;
  } else if (bridge) {
    const known = bridge.fdb.find(key.mac, now);
    if (!known || known.port !== device.index) return fail({ errno: "ENOENT" });
    bridge.fdb.remove(key.mac, now);
  }
  netns.changed("fdb", device.where);
  return ok(undefined);
}

/** What belongs to the link: of a port first what its bridge keeps, of a bridge last. */
export function forwardingEntries(device: Device): readonly FdbView[] {
  const bridge = device instanceof Bridge ? device : device.port?.bridge;
  const { now } = device.netns.scheduler;
  const master = (bridge?.fdb.list(now) ?? [])
    .filter((entry) => entry.port === device.index)
    .map(
      (entry): FdbView => ({
        port: device.index,
        mac: entry.address,
        ...(bridge ? { bridge: bridge.index } : {}),
        state: STATES[entry.kind],
        isSelf: false,
        isMaster: true,
        ...agesOf(entry, now),
      }),
    );
  const own = device instanceof Vxlan ? tunnelEntries(device, now) : groupEntries(device);
  return device instanceof Bridge ? [...own, ...master] : [...master, ...own];
}

function tunnelEntries(vxlan: Vxlan, now: Instant): readonly FdbView[] {
  const isElsewhere = vxlan.underlay !== vxlan.netns;
  return vxlan.fdb.list(now).flatMap((entry) =>
    entry.ends.map(
      ({ address, via }): FdbView => ({
        port: vxlan.index,
        mac: entry.mac,
        state: STATES[entry.state],
        remote: address,
        ...(via === undefined ? {} : { via, ...(isElsewhere ? { viaNetnsId: vxlan.netns.nsidOf(vxlan.underlay) } : {}) }),
        isSelf: true,
        isMaster: false,
        ...agesOf(entry, now),
      }),
    ),
  );
}

function groupEntries(device: Device): readonly FdbView[] {
  return groupsOf(device).map((mac) => ({
    port: device.index,
    mac,
    state: "permanent",
    isSelf: true,
    isMaster: false,
    usedSecondsAgo: 0,
    updatedSecondsAgo: 0,
  }));
}

/** All hosts, all nodes, all snoopers (bridges), the solicited-node group of each IPv6 address, and groups of VXLANs. */
function groupsOf(device: Device): readonly Mac[] {
  if (device.kind === "loopback" || !device.multicast) return [];
  const groups: (Mac | undefined)[] = [parseMac("33:33:00:00:00:01")];
  if (device.kind === "bridge" && device.hasBeenUp) groups.push(parseMac("01:00:5e:00:00:6a"), parseMac("33:33:00:00:00:6a"));
  if (device.isUp) groups.push(parseMac("01:00:5e:00:00:01"));
  for (const { address } of device.netns.ipv6.of(device)) groups.push(multicastMac6(solicitedNodeGroup(address)));
  for (const group of device.netns.vxlans.groupsAt(device)) if (isV4(group)) groups.push(multicastMac(group));
  return [...new Set(groups)].filter((mac) => mac !== undefined);
}

function agesOf({ usedAt, updatedAt }: Pick<VxlanFdbEntry, "usedAt" | "updatedAt">, now: Instant) {
  return {
    usedSecondsAgo: Math.floor(elapsed(usedAt, now) / 1_000_000),
    updatedSecondsAgo: Math.floor(elapsed(updatedAt, now) / 1_000_000),
  };
}

/** `bridge`: the table is that bridge's; without one it is the VXLAN's own. */
function findTable(
  netns: NetworkNamespace,
  { link, on }: { readonly link: IfIndex; readonly on: "master" | "self" },
): Result<{ readonly device: Device; readonly bridge: Bridge | undefined }, RtnlError> {
  const device = netns.devices.byIndex(link);
  if (!device) return fail({ errno: "ENODEV" });
  const bridge = on === "master" ? device.port?.bridge : device instanceof Bridge ? device : undefined;
  return bridge || (on === "self" && device instanceof Vxlan) ? ok({ device, bridge }) : fail({ errno: "EOPNOTSUPP" });
}
