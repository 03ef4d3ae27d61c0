import { expect, test } from "vitest";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { instantAt, seconds } from "@/lib/sim/core/time";
import { unwrap } from "@/lib/base/result";
import { Kernel } from "@/lib/sim/kernel";
import { completions } from "@/lib/sim/programs/docker";

const ANSWERS: Readonly<Record<string, unknown>> = {
  "/v1.51/containers/json": [{ Id: "c1", Names: ["/web"], State: "running" }],
  "/v1.51/containers/json?all=1": [
    { Id: "c1", Names: ["/web"], State: "running" },
    { Id: "c2", Names: ["/db"], State: "exited" },
  ],
  "/v1.51/networks": [{ Name: "host" }, { Name: "app" }],
  "/v1.51/images/json": [{ RepoTags: ["nginx:latest"] }, { RepoTags: null }],
  "/v1.51/volumes": { Volumes: [{ Name: "data" }] },
};

/** What Tab offers after `line`. */
function complete(line: string): readonly string[] {
  const scheduler = new Scheduler();
  const kernel = new Kernel({ host: "node1", scheduler, random: new Random("tab"), trace: () => {}, programs: new Map() });
  kernel.root.mnt.root.add([{ path: "/var/run", kind: "directory" }]);
  unwrap(
    kernel.root.mnt.listenUnix("/var/run/docker.sock", {
      // biome-ignore lint/correctness/useYield: a daemon that answers at once
      *call({ target }) {
        if (target === "/_ping") return { status: 200, headers: { "Api-Version": "1.51" }, body: { kind: "none" } };
        return { status: 200, headers: {}, body: { kind: "text", text: JSON.stringify(ANSWERS[target]) } };
      },
    }),
  );
  const words = line.split(" ");
  const prefix = words.at(-1) ?? "";
  let found: readonly string[] = [];
  unwrap(
    kernel.processes.start({
      namespaces: kernel.root,
      path: "/none",
      *run(sys) {
        const source = completions.get("docker");
        if (source) found = yield* source({ words, index: words.length - 1, prefix }, sys);
        return 0;
      },
      argv: ["tab"],
      env: new Map([["HOME", "/root"]]),
      cwd: "/",
      stdio: { kind: "streams", stdin: false },
    }),
  );
  scheduler.runUntil(instantAt(seconds(1)));
  return found.filter((word) => word.startsWith(prefix));
}

test.each<[string, readonly string[]]>([
  ["docker netw", ["network"]],
  ["docker network ", ["connect", "create", "disconnect", "inspect", "ls", "prune", "rm"]],
  ["docker network create --dr", ["--driver"]],
  ["docker network create --driver m", ["macvlan"]],
  ["docker network create -d ipv", ["ipvlan"]],
  ["docker network connect ", ["app", "host"]],
  ["docker network connect app ", ["db", "web"]],
  ["docker exec ", ["web"]],
  ["docker exec web --", []],
  ["docker start ", ["db"]],
  ["docker rm ", ["db", "web"]],
  ["docker container stop w", ["web"]],
  ["docker run ng", ["nginx:latest"]],
  ["docker run --network a", ["app"]],
  ["docker run --network=a", []],
  ["docker volume inspect ", ["data"]],
  ["docker logs --ta", ["--tail"]],
  ["docker frobnicate ", []],
])("after %j come %j", (line, words) => {
  expect(complete(line)).toEqual(words);
});
