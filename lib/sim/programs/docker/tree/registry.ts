/**
 * `docker login`, `logout` and `search`: registries with accounts are not simulated.
 */

import { type CommandSpec, atMost, exactly } from "../cobra/command";
import { bool, filter, int, string } from "../cobra/flags";
import { NOT_SIMULATED } from "../commands/not-simulated";

export const LOGIN: CommandSpec = {
  use: "login [OPTIONS] [SERVER]",
  short: "Authenticate to a registry",
  long: "Authenticate to a registry.\nDefaults to Docker Hub if no server is specified.",
  args: atMost(1),
  flags: [
    string("password", "Password or Personal Access Token (PAT)", { short: "p" }),
    bool("password-stdin", "Take the Password or Personal Access Token (PAT) from stdin"),
    string("username", "Username", { short: "u" }),
  ],
  simulated: "no",
  run: NOT_SIMULATED,
};

export const LOGOUT: CommandSpec = {
  use: "logout [SERVER]",
  short: "Log out from a registry",
  long: "Log out from a registry.\nIf no server is specified, the default is defined by the daemon.",
  args: atMost(1),
  flags: [],
  simulated: "no",
  run: NOT_SIMULATED,
};

export const SEARCH: CommandSpec = {
  use: "search [OPTIONS] TERM",
  short: "Search Docker Hub for images",
  args: exactly(1),
  flags: [
    filter("filter", "Filter output based on conditions provided", { short: "f" }),
    string("format", "Pretty-print search using a Go template"),
    int("limit", "Max number of search results"),
    bool("no-trunc", "Don't truncate output"),
  ],
  simulated: "no",
  run: NOT_SIMULATED,
};
