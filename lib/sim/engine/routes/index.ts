/** Who answers which route: the table in `sim/api` names them all, and this one has an answer to each. */

import { ok } from "@/lib/base/result";
import type { BuildCachePruneReport, RouteName } from "@/lib/sim/api";
import { json } from "../http/response";
import * as containers from "./containers";
import { absent, type Handler } from "./handler";
import * as images from "./images";
import * as networks from "./networks";
import { notAManager, notInASwarm } from "./swarm";
import * as system from "./system";
import * as volumes from "./volumes";

const copying = absent("copying files into and out of a container");
const building = absent("building images");
const plugins = absent("plugins");

export const HANDLERS: Readonly<Record<RouteName, Handler>> = {
  SystemPing: system.ping,
  SystemPingHead: system.pingHead,
  SystemVersion: system.systemVersion,
  SystemInfo: system.systemInfo,
  SystemEvents: system.events,
  SystemDataUsage: system.dataUsage,
  SystemAuth: absent("logging in to a registry"),

  ContainerList: containers.list,
  ContainerCreate: containers.create,
  ContainerInspect: containers.inspect,
  ContainerTop: containers.topRoute,
  ContainerLogs: containers.logs,
  ContainerChanges: containers.changesRoute,
  ContainerExport: absent("exporting a container's files"),
  ContainerStats: containers.statsRoute,
  ContainerResize: containers.resizeRoute,
  ContainerStart: containers.startRoute,
  ContainerStop: containers.stopRoute,
  ContainerRestart: containers.restartRoute,
  ContainerKill: containers.kill,
  ContainerUpdate: containers.updateRoute,
  ContainerRename: containers.renameRoute,
  ContainerPause: containers.pauseRoute,
  ContainerUnpause: containers.unpauseRoute,
  ContainerAttach: containers.attachRoute,
  ContainerAttachWebsocket: absent("attaching by WebSocket"),
  ContainerWait: containers.waitRoute,
  ContainerDelete: containers.removeRoute,
  ContainerArchiveInfo: copying,
  ContainerArchive: copying,
  PutContainerArchive: copying,
  ContainerPrune: containers.prune,
  ContainerExec: containers.execCreate,
  ExecStart: containers.execStart,
  ExecResize: containers.execResize,
  ExecInspect: containers.execInspect,
  ImageCommit: absent("making an image from a container"),

  ImageList: images.list,
  ImageCreate: images.create,
  ImageInspect: images.inspect,
  ImageHistory: images.history,
  ImageTag: images.tag,
  ImageDelete: images.remove,
  ImagePrune: images.prune,
  ImageSearch: absent("searching Docker Hub"),
  ImagePush: absent("pushing images"),
  ImageGet: absent("exporting images"),
  ImageGetAll: absent("exporting images"),
  ImageLoad: absent("loading images from an archive"),
  ImageBuild: building,
  // Nothing is ever built, so that nothing is kept of it.
  BuildPrune: (engine) => {
    engine.events.log("builder", "prune", "", { reclaimed: "0" });
    return ok(json(200, { CachesDeleted: null, SpaceReclaimed: 0 } satisfies BuildCachePruneReport));
  },
  BuildCancel: building,
  DistributionInspect: absent("looking at manifests in a registry"),
  Session: building,
  Grpc: building,

  NetworkList: networks.list,
  NetworkInspect: networks.inspect,
  NetworkCreate: networks.create,
  NetworkConnect: networks.connectRoute,
  NetworkDisconnect: networks.disconnectRoute,
  NetworkPrune: networks.prune,
  NetworkDelete: networks.remove,

  VolumeList: volumes.list,
  VolumeCreate: volumes.create,
  VolumeInspect: volumes.inspect,
  VolumeUpdate: volumes.update,
  VolumeDelete: volumes.remove,
  VolumePrune: volumes.prune,

  PluginList: () => ok(json(200, [])),
  PluginInspect: plugins,
  GetPluginPrivileges: plugins,
  PluginPull: plugins,
  PluginCreate: plugins,
  PluginEnable: plugins,
  PluginDisable: plugins,
  PluginUpgrade: plugins,
  PluginPush: plugins,
  PluginSet: plugins,
  PluginDelete: plugins,

  SwarmInspect: notAManager,
  SwarmInit: absent("Swarm mode"),
  SwarmJoin: absent("Swarm mode"),
  SwarmLeave: notInASwarm,
  SwarmUpdate: notAManager,
  SwarmUnlockkey: notAManager,
  SwarmUnlock: notAManager,
  ServiceList: notAManager,
  ServiceCreate: notAManager,
  ServiceInspect: notAManager,
  ServiceUpdate: notAManager,
  ServiceDelete: notAManager,
  ServiceLogs: notAManager,
  NodeList: notAManager,
  NodeInspect: notAManager,
  NodeUpdate: notAManager,
  NodeDelete: notAManager,
  TaskList: notAManager,
  TaskInspect: notAManager,
  TaskLogs: notAManager,
  SecretList: notAManager,
  SecretCreate: notAManager,
  SecretInspect: notAManager,
  SecretUpdate: notAManager,
  SecretDelete: notAManager,
  ConfigList: notAManager,
  ConfigCreate: notAManager,
  ConfigInspect: notAManager,
  ConfigUpdate: notAManager,
  ConfigDelete: notAManager,
};
