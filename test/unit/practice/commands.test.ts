import { expect, test } from "vitest";
import { badCommandsIn } from "@/lib/practice/check-commands";
import { simpleCommandsIn } from "@/lib/sim";

test.each([
  ["Use `docker network create -d bridge shop`.", []],
  ["Use `docker service create --ip` to see.", ["docker service create --ip: unknown flag: --ip"]],
  ["`docker run --ip` breaks off, `docker service create` is a name, `docker network` a group.", []],
  ["`docker netwrk ls` is none.", ["docker netwrk ls: unknown command: docker netwrk"]],
  ["`docker compose up -d` is a program of its own.", []],
  ["```console\nnode1$ docker network rm\nError\n```", ["docker network rm: docker: 'docker network rm' requires at least 1 argument"]],
  ["```\nnode1$ for i in 1 2; do docker run -d --nam w$i nginx; done\n```", ["docker run -d --nam w$i nginx: unknown flag: --nam"]],
  ["```sh\ndocker run -d \\\n  --publish 80:80 nginx\n```", []],
])("%s", (markdown, faults) => {
  expect(badCommandsIn(markdown)).toEqual(faults);
});

test("commands are found wherever a shell runs them", () => {
  const text =
    'if docker ps; then x=1 docker rm a && ! docker rm b; else (docker rm c) | cat; fi; f() { docker rm d; }; echo "$(docker rm e)"; case a in a) docker rm f;; esac';

  expect(simpleCommandsIn(text)).toMatchObject({
    ok: true,
    value: expect.arrayContaining(["a", "b", "c", "d", "e", "f"].map((name) => ["docker", "rm", name])),
  });
});
