import { expect, test } from "vitest";
import { start } from "./host";

test("logs keep which stream a line came from, and their order", () => {
  const host = start();
  host.run("one", ["complain", "it", "hurts"]);
  host.pass(1);
  expect(host.open("GET", "/containers/one/logs?stdout=1&stderr=1").status).toBe(200);
  const logs = host.open("GET", "/containers/one/logs?stdout=1&stderr=1");
  host.pass(1);
  expect(logs.chunks).toEqual(["out:before\n", "err:it hurts\n", "out:after\n"]);
  expect(host.ask("GET", "/containers/one/logs?stderr=1").text).toBe("it hurts\n");
  expect(host.ask("GET", "/containers/one/logs?stdout=1&stderr=1&tail=2").text).toBe("it hurts\nafter\n");
  expect(host.ask("GET", "/containers/one/logs?stdout=1&timestamps=1&tail=1").text).toMatch(/^2026-01-05T09:00:00\.\d{9}Z after\n$/);
  expect(host.refusal("GET", "/containers/one/logs")).toBe("400: Bad parameters: you must choose at least one stream");
});

test("following a log ends with the container", () => {
  const host = start();
  host.run("one", ["polite"]);
  const logs = host.open("GET", "/containers/one/logs?stdout=1&follow=1");
  host.pass(1);
  expect([logs.text, logs.hasEnded]).toEqual(["ready\n", false]);
  host.json("POST", "/containers/one/stop", undefined, 204);
  host.pass(1);
  expect([logs.text, logs.hasEnded]).toEqual(["ready\ngot TERM\n", true]);
});

test("who attaches before the start sees all of it, and gives it input", () => {
  const host = start();
  host.json(
    "POST",
    "/containers/create?name=one",
    { Image: "box", Cmd: ["cat"], OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true },
    201,
  );
  const session = host.open("POST", "/containers/one/attach?stream=1&stdin=1&stdout=1&stderr=1");
  expect(session.status).toBe(101);
  session.send("early\n");
  host.json("POST", "/containers/one/start", undefined, 204);
  session.send("late\n");
  host.pass(1);
  expect([session.text, session.hasEnded]).toEqual(["early\nlate\n", false]);
  session.closeInput();
  host.pass(1);
  expect(session.hasEnded).toBe(true);
  expect(host.json<{ State: { ExitCode: number } }>("GET", "/containers/one/json").State.ExitCode).toBe(0);
});

test("a terminal is one stream with carriage returns, and Ctrl-P Ctrl-Q leaves it running", () => {
  const host = start();
  host.json("POST", "/containers/create?name=one", { Image: "box", Cmd: ["cat"], OpenStdin: true, Tty: true }, 201);
  const session = host.open("POST", "/containers/one/attach?stream=1&stdin=1&stdout=1&stderr=1");
  host.json("POST", "/containers/one/start", undefined, 204);
  host.json("POST", "/containers/one/resize?h=20&w=70", undefined, 200);
  session.send("hi\r");
  host.pass(1);
  expect(session.text).toBe("hi\r\nhi\r\n");
  session.send("\x10\x11");
  host.pass(1);
  expect(session.hasEnded).toBe(true);
  expect(host.json<{ State: { Running: boolean } }>("GET", "/containers/one/json").State.Running).toBe(true);
  expect(host.events().filter((event) => /attach|resize|detach/.test(event))).toEqual([
    "container attach one image=box",
    "container resize one height=20 image=box width=70",
    "container detach one image=box",
  ]);
});

test("an exec runs in the container's namespaces, and its status is kept", () => {
  const host = start();
  host.run("one", ["sleep", "1000"], { Hostname: "inside" });
  const { Id: id } = host.json<{ Id: string }>(
    "POST",
    "/containers/one/exec",
    { Cmd: ["whoami"], AttachStdout: true, AttachStderr: true, User: "www", WorkingDir: "/etc" },
    201,
  );
  const session = host.open("POST", `/exec/${id}/start`, {});
  host.pass(1);
  const netns = host.daemon.containers()[0]?.netns;
  expect(session.chunks).toEqual([expect.stringMatching(new RegExp(`^out:pid=\\d+ user=www cwd=/etc host=inside net=${netns}\n$`))]);
  expect(host.json("GET", `/exec/${id}/json`)).toMatchObject({
    Running: false,
    ExitCode: 0,
    ProcessConfig: { entrypoint: "whoami", arguments: [], user: "www" },
  });
  expect(host.refusal("POST", `/exec/${id}/start`, { Detach: true })).toBe(`409: exec command ${id} has already run`);
});

test("what an exec cannot start comes down its stream, or as an error when nobody listens", () => {
  const host = start();
  host.run("one", ["sleep", "1000"]);
  const make = (cmd: readonly string[]): string =>
    host.json<{ Id: string }>("POST", "/containers/one/exec", { Cmd: cmd, AttachStdout: true }, 201).Id;
  const words =
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in $PATH';
  const attached = make(["nosuch"]);
  const session = host.open("POST", `/exec/${attached}/start`, {});
  host.pass(1);
  expect(session.text).toBe(`${words}\r\n`);
  expect(host.json("GET", `/exec/${attached}/json`)).toMatchObject({ ExitCode: 127, Running: false });
  expect(host.refusal("POST", `/exec/${make(["nosuch"])}/start`, { Detach: true })).toBe(`400: ${words}`);
  expect(host.refusal("POST", "/containers/one/exec", {})).toBe("400: No exec command specified");
  expect(host.refusal("GET", "/exec/nosuch/json")).toBe("404: No such exec instance: nosuch");
});

test("events can be followed until a time, and read back from one", () => {
  const host = start();
  const live = host.open("GET", `/events?filters=${encodeURIComponent('{"type":["network"]}')}`);
  host.run("one", ["exit", "0"]);
  host.pass(1);
  const kinds = (text: string): string[] =>
    text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { Action: string }).Action);
  expect(kinds(live.text)).toEqual(["connect", "disconnect"]);
  expect(live.hasEnded).toBe(false);
  live.leave();
  host.pass(1);
  expect(live.hasEnded).toBe(true);
  expect(host.refusal("GET", "/events?since=zz")).toBe('500: strconv.ParseInt: parsing "zz": invalid syntax');
  expect(host.refusal("GET", "/events?since=20&until=10")).toBe("400: `since` time (20) cannot be after `until` time (10)");
});
