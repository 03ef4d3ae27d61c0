/**
 * The network half of one host's kernel: what kernel.ts assembles with processes and files.
 *
 * `NetworkStack` owns the namespaces; each `Netns` it gives out is a stack of its own (links, addresses, routes,
 * neighbours, sockets, netfilter, settings).
 */

export { NetworkStack, type NetworkEnvironment, type NetfilterFactory } from "./stack";
