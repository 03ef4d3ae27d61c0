/**
 * The kernel's door: one Linux host. libnetwork, the daemon and the programs import nothing behind it.
 *
 * The kernel does not know what a container is. It knows namespaces, links, sockets, rules, files and processes.
 */

export * from "./fs/contract";
export * from "./net/rtnetlink";
export * from "./net/socket";
export * from "./netfilter/rule";
export * from "./netns";
export * from "./process/contract";
export * from "./trace";
export { Kernel, type KernelEnvironment, type NetProgram, type Registry } from "./kernel";
export * from "./netfilter/rulespec";
