/**
 * The three files that a sandbox keeps for its container: /etc/hosts, /etc/hostname, /etc/resolv.conf.
 *
 * Modelled on moby's daemon/libnetwork/sandbox_dns_unix.go. A resolv.conf that the user has changed is left alone; moby
 * keeps a hash of what it wrote to know that, here the text itself is kept.
 */

import type { Ip } from "@/lib/sim/net/address";
import type { FileSystem, Kernel } from "@/lib/sim/kernel";
import { addHosts, buildHosts, deleteHosts, type HostsRecord, updateHosts } from "./etc-hosts";
import { hostResolvConfPath, readHostFile, RESOLV_CONF } from "./host-files";
import {
  type ExternalServer,
  forInternalResolver,
  forLegacyNetwork,
  formatResolvConf,
  hasOption,
  overrideResolvConf,
  parseResolvConf,
  type ResolvConf,
} from "./resolv-conf";

export type FilesOfSandbox = {
  readonly kernel: Kernel;
  readonly files: FileSystem;
  readonly hostname: string;
  readonly domainname: string;
  /** `--add-host`, with `host-gateway` resolved. */
  readonly extraHosts: readonly HostsRecord[];
  readonly dns: { readonly servers: readonly string[]; readonly search: readonly string[]; readonly options: readonly string[] };
  /** `--network host`: copies of the host's own files. */
  readonly isHost: boolean;
  readonly hasIpv6: () => boolean;
};

const HOSTS = "/hosts";
const HOSTNAME = "/hostname";
const RESOLV = "/resolv.conf";

export class SandboxFiles {
  readonly #own: FilesOfSandbox;
  #extraHosts: readonly HostsRecord[];
  #builtWithIpv6 = true;
  /** What was written last, as far as later changes may replace it. */
  #writtenResolv = "";

  constructor(own: FilesOfSandbox) {
    this.#own = own;
    this.#extraHosts = own.extraHosts;
  }

  /** First contents, before anything is joined. */
  start(): void {
    const { files, hostname, isHost } = this.#own;
    files.writeFile(HOSTNAME, `${hostname}\n`);
    this.#buildHosts([]);
    this.#writeResolv(this.#load(isHost ? RESOLV_CONF : hostResolvConfPath(this.#own.kernel)));
  }

  /** An endpoint joins: its addresses get lines of their own. `ipv6` of its network decides which servers are kept. */
  joined(addresses: readonly Ip[], joinedBefore: readonly Ip[], ipv6: boolean): void {
    const { files, hasIpv6, isHost, kernel } = this.#own;
    // Whether there is IPv6 in the sandbox may have been decided only after its files were made (`--sysctl`).
    if (!isHost && this.#builtWithIpv6 !== hasIpv6()) this.#buildHosts(joinedBefore);
    const usable = hasIpv6() ? addresses : addresses.filter((address) => !address.includes(":"));
    this.#editHosts((text) => addHosts(text, this.#recordsOf(usable)));

    const current = files.readFile(RESOLV);
    if (!current.ok || current.value !== this.#writtenResolv) return;
    const conf = this.#load(isHost ? RESOLV_CONF : hostResolvConfPath(kernel));
    this.#writeResolv(isHost ? conf : forLegacyNetwork(conf, ipv6));
  }

  left(addresses: readonly Ip[]): void {
    this.#editHosts((text) => deleteHosts(text, this.#recordsOf(addresses)));
  }

  /** A link on the default bridge: names for another container. The file is made anew. */
  addLink(record: HostsRecord, joined: readonly Ip[]): void {
    this.#extraHosts = [...this.#extraHosts, record];
    this.#buildHosts(joined);
  }

  /** The linked container has another address now. */
  updateLink(alias: string, address: Ip): void {
    this.#editHosts((text) => updateHosts(text, alias, address));
  }

  /** From now on the server at `address` answers, Docker's own. Whom it shall ask; nobody when the user has changed the file. */
  useResolver(address: string): { readonly servers: readonly ExternalServer[]; readonly ndotsIsSet: boolean } {
    const current = this.#own.files.readFile(RESOLV);
    if (current.ok && current.value !== this.#writtenResolv) return { servers: [], ndotsIsSet: false };
    const conf = this.#load(RESOLV_CONF);
    const changed = forInternalResolver(conf, address);
    // What is remembered as written stays as it was: so nothing replaces this text later on.
    this.#own.files.writeFile(RESOLV, formatResolvConf(changed));
    return { servers: changed.external, ndotsIsSet: hasOption(conf, "ndots") };
  }

  #load(path: string): ResolvConf {
    return overrideResolvConf(parseResolvConf(path, readHostFile(this.#own.kernel, path)), this.#own.dns);
  }

  #writeResolv(conf: ResolvConf): void {
    this.#writtenResolv = formatResolvConf(conf);
    this.#own.files.writeFile(RESOLV, this.#writtenResolv);
  }

  #buildHosts(addresses: readonly Ip[]): void {
    const { kernel, files, isHost, hasIpv6 } = this.#own;
    if (isHost && this.#extraHosts.length === 0) {
      files.writeFile(HOSTS, readHostFile(kernel, "/etc/hosts") ?? "");
      return;
    }
    this.#builtWithIpv6 = hasIpv6();
    files.writeFile(HOSTS, buildHosts([...this.#extraHosts, ...this.#recordsOf(addresses)], this.#builtWithIpv6));
  }

  #editHosts(edit: (text: string) => string): void {
    const { files } = this.#own;
    const text = files.readFile(HOSTS);
    if (!text.ok) return;
    const edited = edit(text.value);
    if (edited !== text.value) files.writeFile(HOSTS, edited);
  }

  /** The container's own names: fully qualified first, then bare. */
  #recordsOf(addresses: readonly Ip[]): HostsRecord[] {
    const { hostname, domainname } = this.#own;
    const full = domainname === "" ? hostname : `${hostname}.${domainname}`;
    const dot = full.indexOf(".");
    const names = dot < 0 ? full : `${full} ${full.slice(0, dot)}`;
    return addresses.map((address) => ({ address, names }));
  }
}
