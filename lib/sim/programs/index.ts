/** All programs, by the name that executables carry. A package's folder exports its own map; here they meet. */

import type { NetProgram, Registry } from "@/lib/sim/kernel";
import { makeShells } from "@/lib/sim/shell";
import { programs as awk } from "./awk";
import { programs as bridgeUtils } from "./bridge-utils";
import { makeBusybox } from "./busybox";
import { programs as busyboxNet } from "./busybox-net";
import { programs as compose } from "./compose";
import { programs as conntrack } from "./conntrack";
import { programs as coreutils } from "./coreutils";
import { programs as diffutils } from "./diffutils";
import { programs as dns } from "./dns";
import { completions as dockerCompletions, programs as docker } from "./docker";
import { programs as dockerProxy } from "./docker-proxy";
import { programs as editors } from "./editors";
import { programs as findutils } from "./findutils";
import { programs as grep } from "./grep";
import { programs as http } from "./http";
import { programs as iproute2 } from "./iproute2";
import { programs as iptables } from "./iptables";
import { programs as jq } from "./jq";
import { programs as nc } from "./nc";
import { programs as netTools } from "./net-tools";
import { programs as ping } from "./ping";
import { programs as procps } from "./procps";
import { programs as sed } from "./sed";
import { programs as servers } from "./servers";
import { programs as systemd } from "./systemd";
import { programs as tcpdump } from "./tcpdump";
import { programs as traceroute } from "./traceroute";
import { programs as utilLinux } from "./util-linux";

const PACKAGES: readonly ReadonlyMap<string, NetProgram>[] = [
  makeShells({ completions: dockerCompletions }),
  awk,
  bridgeUtils,
  busyboxNet,
  compose,
  conntrack,
  coreutils,
  diffutils,
  dns,
  docker,
  dockerProxy,
  editors,
  findutils,
  grep,
  http,
  iproute2,
  iptables,
  jq,
  nc,
  netTools,
  ping,
  procps,
  sed,
  servers,
  systemd,
  tcpdump,
  traceroute,
  utilLinux,
];

const ALL: Registry = new Map(PACKAGES.flatMap((one) => [...one]));

export const programs: Registry = new Map([...ALL, ["busybox/busybox", makeBusybox(ALL)]]);
