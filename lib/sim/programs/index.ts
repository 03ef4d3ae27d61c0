/** All programs, by the name that executables carry. A package's folder exports its own map; here they meet. */

import type { NetProgram, Registry } from "@/lib/sim/kernel";
import { makeShells } from "@/lib/sim/shell";
import { programs as awk } from "./awk";
import { programs as coreutils } from "./coreutils";
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

import { programs as tcpdump } from "./tcpdump";
import { programs as traceroute } from "./traceroute";

const PACKAGES: readonly ReadonlyMap<string, NetProgram>[] = [makeShells({ completions: dockerCompletions }), awk, coreutils, dns, docker, dockerProxy, grep, http, iproute2, iptables, nc, ping, sed, servers, tcpdump, traceroute];

export const programs: Registry = new Map(PACKAGES.flatMap((one) => [...one]));
