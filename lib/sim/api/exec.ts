/** Processes that `docker exec` adds to a running container (moby: api/types/container/exec.go). */

import type { Slice } from "./go-json";

export type ExecCreateRequest = {
  readonly User?: string;
  readonly Privileged?: boolean;
  readonly Tty?: boolean;
  readonly ConsoleSize?: readonly [number, number];
  readonly AttachStdin?: boolean;
  readonly AttachStderr?: boolean;
  readonly AttachStdout?: boolean;
  readonly DetachKeys?: string;
  readonly Env?: Slice<string>;
  readonly WorkingDir?: string;
  readonly Cmd?: Slice<string>;
};
export type ExecCreateResponse = { readonly Id: string };

/** Body of `POST /exec/{id}/start`. Without `Detach` the answer is an upgraded connection. */
export type ExecStartRequest = { readonly Detach?: boolean; readonly Tty?: boolean; readonly ConsoleSize?: readonly [number, number] };

/** `GET /exec/{id}/json`. The exit code is `null` while it runs. */
export type ExecInspect = {
  readonly ID: string;
  readonly Running: boolean;
  readonly ExitCode: number | null;
  readonly ProcessConfig: {
    readonly tty: boolean;
    readonly entrypoint: string;
    readonly arguments: Slice<string>;
    readonly privileged: boolean | null;
    readonly user?: string;
  };
  readonly OpenStdin: boolean;
  readonly OpenStderr: boolean;
  readonly OpenStdout: boolean;
  readonly CanRemove: boolean;
  readonly ContainerID: string;
  readonly DetachKeys: string;
  readonly Pid: number;
};
