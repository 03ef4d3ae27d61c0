/** The thirteen topics that this bank is built on. Their ids are for ever. */

export const TOPIC_IDS = ["T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09", "T10", "T11", "T12", "T13"] as const;

export type TopicId = (typeof TOPIC_IDS)[number];

export type Topic = { readonly id: TopicId; readonly title: string; readonly about: string };

export const TOPICS: readonly Topic[] = [
  { id: "T01", title: "Container Network Model", about: "Sandboxes, endpoints, networks: what each one is on Linux." },
  { id: "T02", title: "User-defined bridges", about: "Names, isolation and links, against the default bridge." },
  { id: "T03", title: "Publishing ports", about: "-p and -P, their forms, and which address of the host answers." },
  { id: "T04", title: "Address management", about: "Pools, subnets, ranges, and where an address comes from." },
  { id: "T05", title: "Encrypted overlays", about: "What --opt encrypted protects, between whom, and its price." },
  { id: "T06", title: "Host networking", about: "Sharing the host's stack: interfaces, hostname, UTS namespace." },
  { id: "T07", title: "Macvlan", about: "Addresses on the physical LAN, bridge mode and 802.1Q trunks." },
  { id: "T08", title: "Bridges and VXLAN", about: "How a frame crosses hosts: tunnel end points and their tables." },
  { id: "T09", title: "Attachable overlays", about: "Overlay networks for services and for single containers." },
  { id: "T10", title: "NodePort and Ingress", about: "Two ways into a Kubernetes cluster, and what each one is for." },
  { id: "T11", title: "Host network limits", about: "Ports, platforms and performance without a namespace between." },
  { id: "T12", title: "Where overlays exist", about: "On which nodes a network appears; registry and Interlock." },
  { id: "T13", title: "overlay2 storage", about: "Layers, their limit, and why the name misleads." },
];
