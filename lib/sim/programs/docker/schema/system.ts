/**
 * The shapes of the engine: its information, version and events as Go structs, field by field in Go's order.
 *
 * A learner sees the order and the types in what `docker info`, `docker version` and `docker events` prints under `--format`. Follows
 * api/types/system, api/types/swarm, api/types/registry and api/types/events of moby 28.5.2; the notation is that of ./notation. Fields that only a
 * cluster volume or the containerd image store fills are `any`.
 */

export const SYSTEM_TYPES = `
type swarm.LocalNodeState string
type swarm.ExternalCAProtocol string
type events.Type string
type events.Action string

struct types.Platform
  Name string

struct swarm.Version
  Index uint64 omitempty

struct swarm.Meta
  Version swarm.Version omitempty
  CreatedAt time.Time omitempty
  UpdatedAt time.Time omitempty

struct system.PluginsInfo
  Volume []string
  Network []string
  Authorization []string
  Log []string

struct registry.IndexInfo
  Name string
  Mirrors []string
  Secure bool
  Official bool

struct registry.ServiceConfig
  AllowNondistributableArtifactsCIDRs []any omitempty
  AllowNondistributableArtifactsHostnames []string omitempty
  InsecureRegistryCIDRs []any
  IndexConfigs map[string]*registry.IndexInfo
  Mirrors []string
  ExtraFields map[string]any json=-

struct swarm.NamedGenericResource
  Kind string omitempty
  Value string omitempty

struct swarm.DiscreteGenericResource
  Kind string omitempty
  Value int64 omitempty

struct swarm.GenericResource
  NamedResourceSpec *swarm.NamedGenericResource omitempty
  DiscreteResourceSpec *swarm.DiscreteGenericResource omitempty

struct system.Runtime
  Path string json=path omitempty
  Args []string json=runtimeArgs omitempty
  Type string json=runtimeType omitempty
  Options map[string]any json=options omitempty

struct system.RuntimeWithStatus
  embed system.Runtime
  Status map[string]string json=status omitempty

struct swarm.Peer
  NodeID string
  Addr string

struct swarm.Annotations
  Name string omitempty
  Labels map[string]string

struct swarm.OrchestrationConfig
  TaskHistoryRetentionLimit *int64 omitempty

struct swarm.RaftConfig
  SnapshotInterval uint64 omitempty
  KeepOldSnapshots *uint64 omitempty
  LogEntriesForSlowFollowers uint64 omitempty
  ElectionTick int
  HeartbeatTick int

struct swarm.DispatcherConfig
  HeartbeatPeriod time.Duration omitempty

struct swarm.ExternalCA
  Protocol swarm.ExternalCAProtocol
  URL string
  Options map[string]string omitempty
  CACert string

struct swarm.CAConfig
  NodeCertExpiry time.Duration omitempty
  ExternalCAs []*swarm.ExternalCA omitempty
  SigningCACert string omitempty
  SigningCAKey string omitempty
  ForceRotate uint64 omitempty

struct swarm.Driver
  Name string omitempty
  Options map[string]string omitempty

struct swarm.TaskDefaults
  LogDriver *swarm.Driver omitempty

struct swarm.EncryptionConfig
  AutoLockManagers bool

struct swarm.Spec
  embed swarm.Annotations
  Orchestration swarm.OrchestrationConfig omitempty
  Raft swarm.RaftConfig omitempty
  Dispatcher swarm.DispatcherConfig omitempty
  CAConfig swarm.CAConfig omitempty
  TaskDefaults swarm.TaskDefaults omitempty
  EncryptionConfig swarm.EncryptionConfig omitempty

struct swarm.TLSInfo
  TrustRoot string omitempty
  CertIssuerSubject []byte omitempty
  CertIssuerPublicKey []byte omitempty

struct swarm.ClusterInfo
  ID string
  embed swarm.Meta
  Spec swarm.Spec
  TLSInfo swarm.TLSInfo
  RootRotationInProgress bool
  DefaultAddrPool []string
  SubnetSize uint32
  DataPathPort uint32

struct swarm.Info
  NodeID string
  NodeAddr string
  LocalNodeState swarm.LocalNodeState
  ControlAvailable bool
  Error string
  RemoteManagers []swarm.Peer
  Nodes int omitempty
  Managers int omitempty
  Cluster *swarm.ClusterInfo omitempty
  Warnings []string omitempty

struct system.Commit
  ID string
  Expected string omitempty

struct system.NetworkAddressPool
  Base string
  Size int

struct system.FirewallInfo
  Driver string
  Info [][]string omitempty

struct system.DeviceInfo
  Source string
  ID string

struct system.ContainerdNamespaces
  Containers string
  Plugins string

struct system.ContainerdInfo
  Address string omitempty
  Namespaces system.ContainerdNamespaces

struct system.Info
  ID string
  Containers int
  ContainersRunning int
  ContainersPaused int
  ContainersStopped int
  Images int
  Driver string
  DriverStatus [][]string
  SystemStatus [][]string omitempty
  Plugins system.PluginsInfo
  MemoryLimit bool
  SwapLimit bool
  KernelMemory bool omitempty
  KernelMemoryTCP bool omitempty
  CPUCfsPeriod bool json=CpuCfsPeriod
  CPUCfsQuota bool json=CpuCfsQuota
  CPUShares bool
  CPUSet bool
  PidsLimit bool
  IPv4Forwarding bool
  Debug bool
  NFd int
  OomKillDisable bool
  NGoroutines int
  SystemTime string
  LoggingDriver string
  CgroupDriver string
  CgroupVersion string omitempty
  NEventsListener int
  KernelVersion string
  OperatingSystem string
  OSVersion string
  OSType string
  Architecture string
  IndexServerAddress string
  RegistryConfig *registry.ServiceConfig
  NCPU int
  MemTotal int64
  GenericResources []swarm.GenericResource
  DockerRootDir string
  HTTPProxy string json=HttpProxy
  HTTPSProxy string json=HttpsProxy
  NoProxy string
  Name string
  Labels []string
  ExperimentalBuild bool
  ServerVersion string
  Runtimes map[string]system.RuntimeWithStatus
  DefaultRuntime string
  Swarm swarm.Info
  LiveRestoreEnabled bool
  Isolation container.Isolation
  InitBinary string
  ContainerdCommit system.Commit
  RuncCommit system.Commit
  InitCommit system.Commit
  SecurityOptions []string
  ProductLicense string omitempty
  DefaultAddressPools []system.NetworkAddressPool omitempty
  FirewallBackend *system.FirewallInfo omitempty
  CDISpecDirs []string
  DiscoveredDevices []system.DeviceInfo omitempty
  Containerd *system.ContainerdInfo omitempty
  Warnings []string

struct types.ComponentVersion
  Name string
  Version string
  Details map[string]string omitempty

struct types.Version
  Platform types.Platform omitempty
  Components []types.ComponentVersion omitempty
  Version string
  APIVersion string json=ApiVersion
  MinAPIVersion string omitempty
  GitCommit string
  GoVersion string
  Os string
  Arch string
  KernelVersion string omitempty
  Experimental bool omitempty
  BuildTime string omitempty

struct events.Actor
  ID string
  Attributes map[string]string

struct events.Message
  Status string json=status omitempty
  ID string json=id omitempty
  From string json=from omitempty
  Type events.Type
  Action events.Action
  Actor events.Actor
  Scope string json=scope omitempty
  Time int64 json=time omitempty
  TimeNano int64 json=timeNano omitempty
`;
