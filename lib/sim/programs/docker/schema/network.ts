/**
 * The shapes of networks and volumes as Go structs, field by field in Go's order.
 *
 * A learner sees the order and the types in what `docker network inspect`, `docker volume inspect` and the networks of a container prints under `--format`. Follows
 * api/types/network and api/types/volume of moby 28.5.2; the notation is that of ./notation. Fields that only a
 * cluster volume or the containerd image store fills are `any`.
 */

export const NETWORK_TYPES = `
struct network.Address
  Addr string
  PrefixLen int

struct network.EndpointIPAMConfig
  IPv4Address string omitempty
  IPv6Address string omitempty
  LinkLocalIPs []string omitempty

struct network.EndpointSettings
  IPAMConfig *network.EndpointIPAMConfig
  Links []string
  Aliases []string
  MacAddress string
  DriverOpts map[string]string
  GwPriority int
  NetworkID string
  EndpointID string
  Gateway string
  IPAddress string
  IPPrefixLen int
  IPv6Gateway string
  GlobalIPv6Address string
  GlobalIPv6PrefixLen int
  DNSNames []string

struct network.IPAMConfig
  Subnet string omitempty
  IPRange string omitempty
  Gateway string omitempty
  AuxAddress map[string]string json=AuxiliaryAddresses omitempty

struct network.IPAM
  Driver string
  Options map[string]string
  Config []network.IPAMConfig

struct network.ConfigReference
  Network string

struct network.EndpointResource
  Name string
  EndpointID string
  MacAddress string
  IPv4Address string
  IPv6Address string

struct network.PeerInfo
  Name string
  IP string

struct network.Task
  Name string
  EndpointID string
  EndpointIP string
  Info map[string]string

struct network.ServiceInfo
  VIP string
  Ports []string
  LocalLBIndex int
  Tasks []network.Task

struct network.Inspect
  Name string
  ID string json=Id
  Created time.Time
  Scope string
  Driver string
  EnableIPv4 bool
  EnableIPv6 bool
  IPAM network.IPAM
  Internal bool
  Attachable bool
  Ingress bool
  ConfigFrom network.ConfigReference
  ConfigOnly bool
  Containers map[string]network.EndpointResource
  Options map[string]string
  Labels map[string]string
  Peers []network.PeerInfo omitempty
  Services map[string]network.ServiceInfo omitempty

struct volume.UsageData
  RefCount int64
  Size int64

struct volume.Volume
  ClusterVolume any omitempty
  CreatedAt string omitempty
  Driver string
  Labels map[string]string
  Mountpoint string
  Name string
  Options map[string]string
  Scope string
  Status map[string]any omitempty
  UsageData *volume.UsageData omitempty
`;
