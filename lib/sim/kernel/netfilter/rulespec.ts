/**
 * The language of rules: `-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT`, and what the `iptables`
 * program needs besides to read its command line and to print listings.
 */

export { BUILTIN_CHAINS, isBuiltin, TABLES } from "./builtin";
export { icmpTypeName } from "./icmp-type";
export { protocolName, protocolNumber } from "./protocol";
export {
  type BaseOption,
  type OtherOption,
  parseRulespec,
  type ParsedRulespec,
  RulespecParser,
  type RulespecError,
} from "./rulespec-parse";
export {
  ADDRESS_TYPES,
  CT_STATES,
  DEFAULT_BURST,
  flagNames,
  hex,
  natAddresses,
  natPorts,
  ordered,
  printRate,
  printRule,
  printRuleWithCounters,
  valueAndMask,
} from "./rulespec-print";
export { isTargetName } from "./rulespec-targets";
export { serviceName, servicePort } from "./services";
