/**
 * The text of a container's /etc/hosts.
 *
 * Docker writes it when the sandbox is made, appends a line for each address the container gets, and takes out just those
 * lines when it leaves a network; what the user adds in between stays. Modelled on moby's
 * daemon/libnetwork/etchosts/etchosts.go.
 */

import { type Ip, isV4, parseIp } from "@/lib/sim/net/address";

/** One line: an address and what follows it, names separated by spaces. */
export type HostsRecord = { readonly address: Ip; readonly names: string };

const IPV4_LINES = "127.0.0.1\tlocalhost\n";
const IPV6_LINES = [
  "::1\tlocalhost ip6-localhost ip6-loopback\n",
  "fe00::\tip6-localnet\n",
  "ff00::\tip6-mcastprefix\n",
  "ff02::1\tip6-allnodes\n",
  "ff02::2\tip6-allrouters\n",
].join("");

/** A new file. Without IPv6 in the sandbox, nothing in it has an IPv6 address. */
export function buildHosts(records: readonly HostsRecord[], ipv6: boolean): string {
  const own = ipv6 ? records : records.filter(({ address }) => isV4(address));
  return IPV4_LINES + (ipv6 ? IPV6_LINES : "") + lines(own);
}

export function addHosts(text: string, records: readonly HostsRecord[]): string {
  return text + lines(records);
}

/** Takes out the lines with these addresses and just these names. Empty lines go as well; comments stay. */
export function deleteHosts(text: string, records: readonly HostsRecord[]): string {
  if (records.length === 0) return text;
  const kept = text
    .split("\n")
    .filter((line) => line !== "" && (line.startsWith("#") || !records.some((record) => isLineOf(line, record))));
  return kept.map((line) => `${line}\n`).join("");
}

/** Gives the lines whose first name is `name` another address. */
export function updateHosts(text: string, name: string, address: Ip): string {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(\\S*)(\\t${quoted})(\\s|\\.)`, "g"), `${address}$2$3`);
}

function isLineOf(line: string, { address, names }: HostsRecord): boolean {
  const ending = `\t${names}`;
  return line.endsWith(ending) && parseIp(line.slice(0, -ending.length).trim()) === address;
}

function lines(records: readonly HostsRecord[]): string {
  return records.map(({ address, names }) => `${address}\t${names}\n`).join("");
}
