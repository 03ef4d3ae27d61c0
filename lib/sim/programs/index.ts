/** All programs, by the name that executables carry. A package's folder exports its own map; here they meet. */

import type { NetProgram, Registry } from "@/lib/sim/kernel";
import { makeShells } from "@/lib/sim/shell";
import { programs as awk } from "./awk";
import { makeBusybox } from "./busybox";
import { programs as coreutils } from "./coreutils";
import { programs as diffutils } from "./diffutils";
import { programs as dns } from "./dns";
import { completions as dockerCompletions, programs as docker } from "./docker";
import { programs as dockerProxy } from "./docker-proxy";
import { programs as grep } from "./grep";
import { programs as http } from "./http";
import { programs as iproute2 } from "./iproute2";
import { programs as iptables } from "./iptables";
import { programs as nc } from "./nc";
import { programs as ping } from "./ping";
import { programs as sed } from "./sed";
import { programs as servers } from "./servers";

import { programs as systemd } from "./systemd";
import { programs as tcpdump } from "./tcpdump";
import { programs as editors } from "./editors";
import { programs as findutils } from "./findutils";
import { programs as procps } from "./procps";
import { programs as busyboxNet } from "./busybox-net";
import { programs as traceroute } from "./traceroute";
import { programs as utilLinux } from "./util-linux";

const PACKAGES: readonly ReadonlyMap<string, NetProgram>[] = [makeShells({ completions: dockerCompletions }), awk, coreutils, dns, docker, dockerProxy, grep, http, iproute2, iptables, nc, ping, sed, servers, systemd, tcpdump, diffutils, editors, findutils, procps, traceroute, utilLinux, busyboxNet];

const ALL: Registry = new Map(PACKAGES.flatMap((one) => [...one]));

export const programs: Registry = new Map([...ALL, ["busybox/busybox", makeBusybox(ALL)]]);
