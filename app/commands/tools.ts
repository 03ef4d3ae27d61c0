/** The programs of a simulated host that a learner of networking looks for, each in one line of ours. The rest is named on the page. */

export type Tool = { readonly name: string; readonly about: string };

export const TOOLS: readonly { readonly title: string; readonly tools: readonly Tool[] }[] = [
  {
    title: "Links, addresses, routes",
    tools: [
      { name: "ip", about: "Show and change links, addresses, routes, neighbours and network namespaces" },
      { name: "bridge", about: "Show a bridge's ports, its forwarding table and its VLANs" },
      { name: "brctl", about: "The older way to look at bridges: brctl show" },
      { name: "ifconfig", about: "The older way to look at interfaces" },
      { name: "route", about: "The older way to look at the routing table" },
      { name: "arp", about: "The older way to look at the neighbour table" },
      { name: "sysctl", about: "Read and set kernel settings, such as net.ipv4.ip_forward" },
    ],
  },
  {
    title: "Packet filter and NAT",
    tools: [
      { name: "iptables", about: "List and change rules: filtering, NAT, Docker's own chains" },
      { name: "ip6tables", about: "The same for IPv6" },
      { name: "iptables-save", about: "Print all rules in the form that can be read back" },
      { name: "iptables-restore", about: "Read rules back from that form" },
      { name: "conntrack", about: "List the connections that the kernel tracks, with their translations" },
    ],
  },
  {
    title: "Sockets and traffic",
    tools: [
      { name: "ss", about: "List sockets: who listens on which address and port" },
      { name: "netstat", about: "The older way to list sockets" },
      { name: "tcpdump", about: "Print the packets that pass an interface" },
      { name: "ping", about: "Ask an address to answer: does a packet go there and come back" },
      { name: "traceroute", about: "Show the routers on the way to an address" },
      { name: "nc", about: "Open or listen on a TCP or UDP port by hand" },
    ],
  },
  {
    title: "Names and HTTP",
    tools: [
      { name: "dig", about: "Ask a DNS server, and see its whole answer" },
      { name: "nslookup", about: "Ask a DNS server, in short" },
      { name: "host", about: "Ask for a name's addresses, in short" },
      { name: "getent", about: "Resolve a name as programs do: /etc/hosts first, then DNS" },
      { name: "curl", about: "Fetch a URL; -v shows the connection" },
      { name: "wget", about: "Fetch a URL; busybox has it in every container" },
    ],
  },
  {
    title: "Namespaces and processes",
    tools: [
      { name: "nsenter", about: "Run a program inside another process's namespaces" },
      { name: "lsns", about: "List namespaces and the processes in them" },
      { name: "unshare", about: "Run a program in new namespaces" },
      { name: "ps", about: "List processes" },
      { name: "systemctl", about: "Start, stop and look at services, the Docker daemon among them" },
    ],
  },
  {
    title: "Text",
    tools: [
      { name: "jq", about: "Take JSON apart, such as the output of docker inspect" },
      { name: "grep", about: "Print the lines that match a pattern" },
      { name: "awk", about: "Print columns, count, and compute over lines" },
      { name: "sed", about: "Change text line by line" },
      { name: "vi", about: "Edit a file, such as /etc/docker/daemon.json" },
      { name: "nano", about: "Edit a file, with its keys shown below" },
    ],
  },
];
