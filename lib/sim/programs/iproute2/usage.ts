/** Help texts of `ip` and `bridge`: the short ones whole, of the long ones only how they begin. */

import { fail } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Checked } from "./outcome";

export type Usage = { readonly synopsis: string; readonly isWhole: boolean };

export const IP_USAGE: Usage = {
  isWhole: true,
  synopsis: `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | addrlabel | fou | help | ila | ioam | l2tp | link |
                   macsec | maddress | monitor | mptcp | mroute | mrule |
                   neighbor | neighbour | netconf | netns | nexthop | ntable |
                   ntbl | route | rule | sr | stats | tap | tcpmetrics |
                   token | tunnel | tuntap | vrf | xfrm }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[esolve] |
                    -h[uman-readable] | -iec | -j[son] | -p[retty] |
                    -f[amily] { inet | inet6 | mpls | bridge | link } |
                    -4 | -6 | -M | -B | -0 |
                    -l[oops] { maximum-addr-flush-attempts } | -echo | -br[ief] |
                    -o[neline] | -t[imestamp] | -ts[hort] | -b[atch] [filename] |
                    -rc[vbuf] [size] | -n[etns] name | -N[umeric] | -a[ll] |
                    -c[olor]}
`,
};

export const NETNS_USAGE: Usage = {
  isWhole: true,
  synopsis: `Usage:	ip netns list
	ip netns add NAME
	ip netns attach NAME PID
	ip netns set NAME NETNSID
	ip [-all] netns delete [NAME]
	ip netns identify [PID]
	ip netns pids NAME
	ip [-all] netns exec [NAME] cmd ...
	ip netns monitor
	ip netns list-id [target-nsid POSITIVE-INT] [nsid POSITIVE-INT]
NETNSID := auto | POSITIVE-INT
`,
};

export const NEIGHBOUR_USAGE: Usage = {
  isWhole: true,
  synopsis: `Usage: ip neigh { add | del | change | replace }
                { ADDR [ lladdr LLADDR ] [ nud STATE ] proxy ADDR }
                [ dev DEV ] [ router ] [ use ] [ managed ] [ extern_learn ]
                [ extern_valid ] [ protocol PROTO ]

	ip neigh { show | flush } [ proxy ] [ to PREFIX ] [ dev DEV ] [ nud STATE ]
				  [ vrf NAME ] [ nomaster ]
	ip neigh get { ADDR | proxy ADDR } dev DEV

STATE := { delay | failed | incomplete | noarp | none |
           permanent | probe | reachable | stale }
`,
};

export const MONITOR_USAGE: Usage = {
  isWhole: true,
  synopsis: `Usage: ip monitor [ all | OBJECTS ] [ FILE ] [ label ] [ all-nsid ]
                  [ dev DEVICE ]
OBJECTS :=  address | link | mroute | maddress | acaddress | neigh |
            netconf | nexthop | nsid | prefix | route | rule | stats
FILE := file FILENAME
`,
};

export const BRIDGE_USAGE: Usage = {
  isWhole: true,
  synopsis: `Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }
       bridge [ -force ] -batch filename
where  OBJECT := { link | fdb | mdb | mst | vlan | vni | monitor }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] |
                    -o[neline] | -t[imestamp] | -n[etns] name |
                    -com[pressvlans] -c[olor] -p[retty] -j[son] }
`,
};

export const BRIDGE_LINK_USAGE: Usage = {
  isWhole: false,
  synopsis: "Usage: bridge link set dev DEV [ cost COST ] [ priority PRIO ] [ state STATE ]\n",
};

/** What is not whole says so. */
export function printUsage({ synopsis, isWhole }: Usage): Checked<never> {
  const rest = isWhole ? "" : `${notSimulated("the rest of this help text")}\n`;
  return fail({ stderr: `${synopsis}${rest}`, status: 255 });
}
