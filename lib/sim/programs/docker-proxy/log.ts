/** What the proxy logs to its stderr, as Go's package log does: date, time, message. */

import { datePartsOf } from "@/lib/sim/core/calendar";
import { complain } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { type Errno, ERRNO_TEXT } from "@/lib/sim/core/errno";
import type { NetSys, SocketAddress } from "@/lib/sim/kernel";
import { isV4 } from "@/lib/sim/net/address";

export function* log(sys: NetSys, message: string): Routine<void> {
  const { year, month, day, hour, minute, second } = datePartsOf(sys.dateMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  yield* complain(sys, `${year}/${two(month)}/${two(day)} ${two(hour)}:${two(minute)}:${two(second)} ${message}\n`);
}

/** As Go's net package writes an address with its port. */
export function hostPort({ address, port }: SocketAddress): string {
  return isV4(address) ? `${address}:${port}` : `[${address}]:${port}`;
}

/** A failed call as Go's net.OpError words it. */
export function opError(call: "dial" | "write", protocol: "tcp" | "udp", peer: SocketAddress, errno: Errno): string {
  const system = call === "dial" ? "connect" : "write";
  const why = errno === "ETIMEDOUT" ? "connection timed out" : ERRNO_TEXT[errno].toLowerCase();
  return `${call} ${protocol} ${hostPort(peer)}: ${system}: ${why}`;
}
