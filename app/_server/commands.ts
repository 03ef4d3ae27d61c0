/** The book of commands, made once: in production neither the simulator nor the content changes. */

import "server-only";
import { type CommandBook, commandBook } from "@/app/commands/commands";
import { allLabs, allLessons } from "./content";

let book: Promise<CommandBook> | undefined;

export function allCommands(): Promise<CommandBook> {
  if (process.env.NODE_ENV !== "production") return makeBook();
  return (book ??= makeBook());
}

async function makeBook(): Promise<CommandBook> {
  const [lessons, labs] = await Promise.all([allLessons(), allLabs()]);
  return commandBook(lessons, labs);
}
