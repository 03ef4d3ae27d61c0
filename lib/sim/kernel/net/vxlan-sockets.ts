/**
 * The UDP sockets of the VXLANs of one namespace: one for each port and family, shared by all VXLANs there that are up, and told
 * apart by their VNI. `ss -lun` shows them, without a process.
 *
 * Modelled on vxlan_sock_add, vxlan_sock_release, vxlan_vs_find_vni and vxlan_igmp_join. Groups are joined without a report (IGMP).
 */

import { ANY_V4, ANY_V6, type Ip, isMulticast } from "@/lib/sim/net/address";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import type { RtnlError } from "./rtnetlink";
import type { UdpDatagram, UdpSocket } from "./socket";
import type { Vxlan } from "./vxlan";

type Shared = { readonly socket: UdpSocket; readonly users: Set<Vxlan> };

export class VxlanSockets {
  readonly #netns: NetworkNamespace;
  /** All whose packets travel in this namespace, up or down. */
  readonly #vxlans = new Set<Vxlan>();
  readonly #sockets = new Map<string, Shared>();

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  get all(): readonly Vxlan[] {
    return [...this.#vxlans];
  }

  register(vxlan: Vxlan): void {
    this.#vxlans.add(vxlan);
  }

  forget(vxlan: Vxlan): void {
    this.#vxlans.delete(vxlan);
  }

  /** Whether there is a VXLAN whose frames could not be told from those of a new one. */
  isTaken(wanted: Pick<Vxlan, "vni" | "udpPort" | "family">): boolean {
    return this.all.some(({ vni, udpPort, family }) => vni === wanted.vni && udpPort === wanted.udpPort && family === wanted.family);
  }

  /** The link goes up. */
  open(vxlan: Vxlan): RtnlError | undefined {
    const key = keyOf(vxlan);
    const known = this.#sockets.get(key);
    if (known) {
      known.users.add(vxlan);
      return undefined;
    }
    const users = new Set([vxlan]);
    const address = vxlan.family === 4 ? ANY_V4 : ANY_V6;
    const receiver = (datagram: UdpDatagram): void => receive(users, datagram);
    const socket = this.#netns.udp.open({ address, port: vxlan.udpPort }, { receiver, ...(vxlan.family === 6 ? { v6Only: true } : {}) });
    if (!socket.ok) return { errno: socket.error };
    this.#sockets.set(key, { socket: socket.value, users });
    return undefined;
  }

  /** The link went down. */
  close(vxlan: Vxlan): void {
    const known = this.#sockets.get(keyOf(vxlan));
    if (!known?.users.delete(vxlan) || known.users.size > 0) return;
    known.socket.close();
    this.#sockets.delete(keyOf(vxlan));
  }

  /** Whether packets to the group are taken at the link. */
  hasJoined(device: Device, group: Ip): boolean {
    return this.all.some((vxlan) => vxlan.isUp && vxlan.lower === device && vxlan.remote === group);
  }

  /** The groups that have been joined at the link. */
  groupsAt(device: Device): readonly Ip[] {
    return this.all.flatMap(({ isUp, lower, remote }) =>
      isUp && lower === device && remote !== undefined && isMulticast(remote) ? [remote] : [],
    );
  }
}

/** vxlan_rcv. A VNI that nobody here has is not answered. */
function receive(users: ReadonlySet<Vxlan>, { payload, from }: UdpDatagram): void {
  if (payload.kind !== "vxlan") return;
  for (const vxlan of users) if (vxlan.vni === payload.vni) return vxlan.receiveFrom(from.address, payload.frame);
}

function keyOf({ family, udpPort }: Vxlan): string {
  return `${family}/${udpPort}`;
}
