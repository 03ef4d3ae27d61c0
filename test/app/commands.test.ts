import { beforeAll, expect, test } from "vitest";
import { type CommandBook, type CommandRow, commandBook } from "@/app/commands/commands";
import { TOOLS } from "@/app/commands/tools";
import { usageOf } from "@/app/commands/usage";
import { loadLabs, loadLessons } from "@/lib/content";
import { formOf, hostPrograms, ONE_HOST, World } from "@/lib/sim";

let book: CommandBook;
let rows: readonly CommandRow[];
beforeAll(async () => {
  book = commandBook(await loadLessons(), await loadLabs());
  rows = book.docker.flatMap((group) => group.rows);
});

test("every anchor of the page is there once", () => {
  const groups = [...book.docker, ...book.tools];
  const ids = groups.flatMap((group) => [group.id, ...group.rows.map(({ id }) => id)]);

  expect(new Set(ids).size).toBe(ids.length);
});

test("every command is one that the CLI reads, under each of its names", () => {
  const names = rows.filter(({ name }) => !name.startsWith("docker compose")).flatMap(({ name, also }) => [name, ...also]);
  const unread = names.filter((name) => !formOf([...name.split(" ").slice(1), "--help"]).ok);

  expect(names.length).toBeGreaterThan(150);
  expect(unread).toEqual([]);
});

test("a command that stands at the top and in a group is told once, by its short name", () => {
  expect(rows.filter(({ about }) => about === "Create and run a new container from an image")).toMatchObject([
    { name: "docker run", also: ["docker container run"] },
  ]);
});

test("what is called not simulated says so when it is run, and what works doesn't", () => {
  const world = World.create({ topology: ONE_HOST, seed: "commands" });
  // With as many arguments as it wants: before them the CLI asks for them.
  const isAdmitted = (name: string): boolean =>
    ["", "x", "x y", "x y z"].some((args) => world.run("node1", `${name} ${args} 2>&1`).stdout.includes("drydock:"));
  const missing = rows.filter(({ simulated }) => simulated === "no").map(({ name }) => name);

  expect(missing.filter((name) => !isAdmitted(name))).toEqual([]);
  expect(world.run("node1", "docker network ls 2>&1").stdout).not.toContain("drydock:");
});

test("every tool that is described is on a host and works", () => {
  const works = new Set(hostPrograms().flatMap(({ name, isSimulated }) => (isSimulated ? [name] : [])));

  expect(TOOLS.flatMap(({ tools }) => tools).filter(({ name }) => !works.has(name))).toEqual([]);
});

test("a command is found where it is used, also behind sudo, a pipe and docker exec", () => {
  const step = (command: string) => ({ host: "node1", command, output: [], line: 1 });
  const lesson = {
    id: "names",
    title: "Names",
    blocks: [
      { mode: "run" as const, line: 1, steps: [step("sudo docker container ls | grep web"), step("docker exec -it web ping -c 1 db")] },
    ],
  };
  const lab = {
    id: "L-1",
    title: "Ports",
    body: { setup: [{ on: "node1", run: ["docker run -d --name ${name} nginx"] }], story: "run: docker ps" },
    choose: [],
  };

  const usage = usageOf([["docker ps", "docker container ls"], ["docker exec"], ["docker run"], ["ping"], ["grep"]], [lesson], [lab]);

  const inLesson = { lessons: [{ title: "Names", href: "/learn/names" }], labs: [] };
  expect([...usage]).toEqual([
    ["docker ps", inLesson],
    ["docker exec", inLesson],
    ["docker run", { lessons: [], labs: [{ title: "Ports", href: "/labs/L-1" }] }],
    ["ping", inLesson],
    ["grep", inLesson],
  ]);
});

test("the book knows where the content uses docker network create", () => {
  const row = rows.find(({ name }) => name === "docker network create");

  expect(row?.usage.lessons.length).toBeGreaterThan(0);
  expect(row?.usage.labs.length).toBeGreaterThan(0);
});
