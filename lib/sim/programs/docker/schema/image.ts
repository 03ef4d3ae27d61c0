/**
 * The shapes of images as Go structs, field by field in Go's order.
 *
 * A learner sees the order and the types in what `docker image inspect` prints under `--format`. Follows
 * api/types/image and the OCI image specification of moby 28.5.2; the notation is that of ./notation. Fields that only a
 * cluster volume or the containerd image store fills are `any`.
 */

export const IMAGE_TYPES = `
type digest.Digest string

struct storage.DriverData
  Data map[string]string
  Name string

struct v1.HealthcheckConfig
  Test []string omitempty
  Interval time.Duration omitempty
  Timeout time.Duration omitempty
  StartPeriod time.Duration omitempty
  StartInterval time.Duration omitempty
  Retries int omitempty

struct v1.Platform
  Architecture string json=architecture
  OS string json=os
  OSVersion string json=os.version omitempty
  OSFeatures []string json=os.features omitempty
  Variant string json=variant omitempty

struct v1.Descriptor
  MediaType string json=mediaType
  Digest digest.Digest json=digest
  Size int64 json=size
  URLs []string json=urls omitempty
  Annotations map[string]string json=annotations omitempty
  Data []byte json=data omitempty
  Platform *v1.Platform json=platform omitempty
  ArtifactType string json=artifactType omitempty

struct v1.ImageConfig
  User string omitempty
  ExposedPorts map[string]struct {} omitempty
  Env []string omitempty
  Entrypoint []string omitempty
  Cmd []string omitempty
  Volumes map[string]struct {} omitempty
  WorkingDir string omitempty
  Labels map[string]string omitempty
  StopSignal string omitempty
  ArgsEscaped bool omitempty

struct v1.DockerOCIImageConfigExt
  Healthcheck *v1.HealthcheckConfig omitempty
  OnBuild []string omitempty
  Shell []string omitempty

struct v1.DockerOCIImageConfig
  embed v1.ImageConfig
  embed v1.DockerOCIImageConfigExt

struct image.RootFS
  Type string omitempty
  Layers []string omitempty

struct image.Metadata
  LastTagTime time.Time omitempty

struct image.InspectResponse
  ID string json=Id
  RepoTags []string
  RepoDigests []string
  Parent string
  Comment string
  Created string omitempty
  Container string omitempty
  ContainerConfig *container.Config omitempty
  DockerVersion string
  Author string
  Config *v1.DockerOCIImageConfig
  Architecture string
  Variant string omitempty
  Os string
  OsVersion string omitempty
  Size int64
  VirtualSize int64 omitempty
  GraphDriver storage.DriverData
  RootFS image.RootFS
  Metadata image.Metadata
  Descriptor *v1.Descriptor omitempty
  Manifests []any omitempty
`;
