import { expect, test } from "vitest";
import { start } from "./host";

type Inspect = {
  Id: string;
  Name: string;
  RestartCount: number;
  State: { Status: string; ExitCode: number; Error: string; Running: boolean; Pid: number };
};

test("events tell of a run in moby's order", () => {
  const host = start();
  host.run("one", ["echo", "hi"]);
  host.pass(1);
  host.json("DELETE", "/containers/one");
  expect(host.events()).toEqual([
    "container create one image=box",
    "network connect bridge container=ID type=bridge",
    "container start one image=box",
    "network disconnect bridge container=ID type=bridge",
    "container die one execDuration=0 exitCode=0 image=box",
    "container destroy one image=box",
  ]);
});

test.each([
  [["nosuch"], 127, 'exec: "nosuch": executable file not found in $PATH'],
  [["/etc/note"], 126, 'exec: "/etc/note": permission denied'],
  [["/etc"], 126, 'exec: "/etc": is a directory: permission denied'],
  [["/x/y"], 127, 'exec: "/x/y": stat /x/y: no such file or directory'],
])("a command that cannot be run (%j) leaves the container created, with code %i", (cmd, code, words) => {
  const host = start();
  host.json("POST", "/containers/create?name=one", { Image: "box", Cmd: cmd }, 201);
  const message = `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${words}`;
  expect(host.refusal("POST", "/containers/one/start")).toBe(`400: ${message}`);
  const { State } = host.json<Inspect>("GET", "/containers/one/json");
  expect(State).toMatchObject({ Status: "created", ExitCode: code, Error: message, Running: false });
  expect(host.events()).toEqual(["container create one image=box", "network disconnect bridge container=ID type=bridge"]);
});

test("a container whose first process ignores the stop signal is killed after its timeout", () => {
  const host = start();
  host.run("one", ["sleep", "1000"], { StopTimeout: 3 });
  const before = host.scheduler.now;
  expect(host.ask("POST", "/containers/one/stop").status).toBe(204);
  expect((host.scheduler.now - before) / 1_000_000).toBeCloseTo(3, 1);
  expect(host.json<Inspect>("GET", "/containers/one/json").State).toMatchObject({ Status: "exited", ExitCode: 137 });
  expect(host.ask("POST", "/containers/one/stop").status).toBe(304);
  expect(host.events().slice(3)).toEqual([
    "container kill one image=box signal=15",
    "container kill one image=box signal=9",
    "network disconnect bridge container=ID type=bridge",
    "container stop one image=box",
    "container die one execDuration=3 exitCode=137 image=box",
  ]);
});

test("one that answers its stop signal ends at once, with its own status", () => {
  const host = start();
  host.run("one", ["polite", "7"], { StopSignal: "SIGQUIT" });
  host.pass(1);
  expect(host.ask("POST", "/containers/one/stop").status).toBe(204);
  expect(host.json<Inspect>("GET", "/containers/one/json").State).toMatchObject({ Status: "exited", ExitCode: 7 });
  expect(host.ask("GET", "/containers/one/logs?stdout=1").text).toBe("ready\ngot QUIT\n");
});

test("a restart policy starts it again, each time after twice the pause, up to its count", () => {
  const host = start();
  host.run("one", ["exit", "1"], { HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 } } });
  host.pass(0.05);
  expect(host.json<Inspect>("GET", "/containers/one/json")).toMatchObject({
    State: { Status: "restarting", ExitCode: 1, Running: true, Pid: 0 },
    RestartCount: 1,
  });
  host.pass(5);
  expect(host.json<Inspect>("GET", "/containers/one/json")).toMatchObject({ State: { Status: "exited", ExitCode: 1 }, RestartCount: 2 });
  const dies = host.events().filter((event) => event.startsWith("container die"));
  expect(dies).toHaveLength(3);
});

test("the pause doubles from a tenth of a second", () => {
  const host = start();
  host.run("one", ["exit", "1"], { HostConfig: { RestartPolicy: { Name: "always" } } });
  host.pass(4);
  const until = (1_767_603_600 + host.scheduler.now / 1_000_000).toFixed(6);
  const { text } = host.ask("GET", `/events?since=1&until=${until}&filters=${encodeURIComponent('{"event":["die","start"]}')}`);
  const events = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly Action: string; readonly timeNano: number });
  const pauses = events.flatMap(({ Action, timeNano }, i) =>
    Action === "start" && i > 0 ? [(timeNano - (events[i - 1]?.timeNano ?? 0)) / 1e9] : [],
  );
  expect(pauses.map((pause) => pause.toFixed(1))).toEqual(["0.1", "0.2", "0.4", "0.8", "1.6"]);
});

test("a container that restarts for ever can be stopped between two runs", () => {
  const host = start();
  host.run("one", ["exit", "1"], { HostConfig: { RestartPolicy: { Name: "always" } } });
  host.pass(2);
  expect(host.refusal("POST", "/containers/one/pause")).toMatch(
    /^409: Container [0-9a-f]{64} is restarting, wait until the container is running$/,
  );
  expect(host.ask("POST", "/containers/one/stop").status).toBe(204);
  host.pass(30);
  expect(host.json<Inspect>("GET", "/containers/one/json").State).toMatchObject({ Status: "exited", ExitCode: 1, Running: false });
});

test("with --rm it is gone once it ended, its anonymous volumes too", () => {
  const host = start();
  host.json(
    "POST",
    "/containers/create?name=one",
    { Image: "box", Cmd: ["exit", "4"], HostConfig: { AutoRemove: true }, Volumes: { "/stuff": {} } },
    201,
  );
  const wait = host.open("POST", "/containers/one/wait?condition=removed");
  host.json("POST", "/containers/one/start", undefined, 204);
  host.pass(1);
  expect(wait.text).toBe('{"StatusCode":4}\n');
  expect(host.refusal("GET", "/containers/one/json")).toBe("404: No such container: one");
  expect(host.json<{ Volumes: unknown[] }>("GET", "/volumes").Volumes).toEqual([]);
});

test("pause freezes, unpause lets it go on, and what does not go with a pause is refused", () => {
  const host = start();
  const id = host.run("one", ["polite"]);
  host.pass(1);
  expect(host.ask("POST", "/containers/one/pause").status).toBe(204);
  expect(host.refusal("POST", "/containers/one/pause")).toBe(`409: Container ${id} is already paused`);
  expect(host.refusal("POST", "/containers/one/start")).toBe("409: cannot start a paused container, try unpause instead");
  expect(host.refusal("DELETE", "/containers/one")).toBe(
    '409: cannot remove container "one": container is paused and must be unpaused first',
  );
  expect(host.json<Inspect>("GET", "/containers/one/json").State.Status).toBe("paused");
  host.json("POST", "/containers/one/kill?signal=TERM", undefined, 204);
  host.pass(1);
  expect(host.json<Inspect>("GET", "/containers/one/json").State.Status).toBe("exited");
});

test("a running container is removed only by force", () => {
  const host = start();
  host.run("one", ["sleep", "1000"]);
  expect(host.refusal("DELETE", "/containers/one")).toBe(
    '409: cannot remove container "one": container is running: stop the container before removing or force remove',
  );
  expect(host.ask("DELETE", "/containers/one?force=1").status).toBe(204);
  expect(host.refusal("DELETE", "/containers/one")).toBe("404: No such container: one");
});

test("kill and stop say what is wrong with what they were given", () => {
  const host = start();
  const id = host.run("one", ["sleep", "1000"]);
  expect(host.refusal("POST", "/containers/one/kill?signal=NOPE")).toBe("400: cannot kill container: one: invalid signal: NOPE");
  expect(host.refusal("POST", "/containers/one/stop?t=x")).toBe('500: strconv.Atoi: parsing "x": invalid syntax');
  host.json("POST", "/containers/one/kill", undefined, 204);
  expect(host.refusal("POST", "/containers/one/kill")).toBe(`409: cannot kill container: one: container ${id} is not running`);
});

test("waiting answers at once with headers, and with the status when there is one", () => {
  const host = start();
  host.run("one", ["sleep", "2"]);
  const wait = host.open("POST", "/containers/one/wait");
  expect([wait.status, wait.text]).toEqual([200, ""]);
  host.pass(3);
  expect(wait.text).toBe('{"StatusCode":0}\n');
  expect(host.ask("POST", "/containers/one/wait").text).toBe('{"StatusCode":0}\n');
  const next = host.open("POST", "/containers/one/wait?condition=next-exit");
  host.pass(1);
  expect(next.text).toBe("");
  host.json("POST", "/containers/one/start", undefined, 204);
  host.pass(3);
  expect(next.text).toBe('{"StatusCode":0}\n');
});

test("restart ends it and starts it with another process", () => {
  const host = start();
  host.run("one", ["polite"]);
  host.pass(1);
  const before = host.json<Inspect>("GET", "/containers/one/json").State.Pid;
  expect(host.ask("POST", "/containers/one/restart").status).toBe(204);
  const after = host.json<Inspect>("GET", "/containers/one/json").State;
  expect(after.Running).toBe(true);
  expect(after.Pid).not.toBe(before);
  expect(
    host
      .events()
      .filter((event) => event.startsWith("container"))
      .map((event) => event.split(" ")[1]),
  ).toEqual(["create", "start", "kill", "die", "stop", "start", "restart"]);
});

test("an inspect waits for a start that is under way", () => {
  const host = start();
  host.json("POST", "/containers/create?name=one", { Image: "box" }, 201);
  const call = host.daemon.service.call({ method: "POST", target: "/v1.51/containers/one/start" });
  call.next({ kind: "ready" });
  host.pass(0.005);
  expect(host.json<Inspect>("GET", "/containers/one/json").State.Running).toBe(true);
});
