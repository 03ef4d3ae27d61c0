"use client";

import { useEffect, useId, useRef, useState } from "react";
import { PlusIcon, WrongIcon } from "@/app/_components/icons";
import type { WorldClient, WorldState } from "./world-client";
import { TerminalView } from "./terminal-view";
import styles from "./terminals.module.css";

type Props = {
  readonly client: WorldClient;
  readonly state: WorldState;
  /** The first one's terminal is shown first. */
  readonly hosts: readonly string[];
  readonly takesFocus: boolean;
  readonly onLeave: () => void;
};

/** Of one host. */
const MOST = 6;
/** Keys that a phone's keyboard lacks. */
const KEYS = [
  { name: "Tab", text: "\t" },
  { name: "Ctrl C", text: "\x03" },
  { name: "Ctrl D", text: "\x04" },
  { name: "Up", text: "\x1b[A" },
  { name: "Down", text: "\x1b[B" },
  { name: "Left", text: "\x1b[D" },
  { name: "Right", text: "\x1b[C" },
] as const;
const SCREEN_READER = "drydock:screen-reader";

type Opened = { readonly name: string; readonly host: string };

/** The terminals of the hosts, one on the screen at a time. Each host has at least one. */
export function Terminals({ client, state, hosts, takesFocus, onLeave }: Props) {
  const base = useId();
  const [opened, setOpened] = useState<readonly Opened[]>(() => openedBefore(client, state, hosts));
  const [shown, setShown] = useState(opened[0]?.name ?? "t1");
  // A host's terminal begins when it is looked at: what is hidden has no size.
  const [visited, setVisited] = useState<readonly string[]>([shown]);
  const [isScreenReader, setIsScreenReader] = useState(false);
  const tabs = useRef<HTMLDivElement>(null);

  useEffect(() => setIsScreenReader(localStorage.getItem(SCREEN_READER) === "on"), []);

  const here = opened.find(({ name }) => name === shown)?.host ?? hosts[0] ?? "";
  const show = (name: string): void => {
    setShown(name);
    setVisited((before) => (before.includes(name) ? before : [...before, name]));
  };
  const add = (): void => {
    const name = freeName(client, opened);
    if (!name) return;
    setOpened(byHost([...opened, { name, host: here }], hosts));
    show(name);
  };
  const remove = (name: string): void => {
    const rest = opened.filter((other) => other.name !== name);
    client.closeTerminal(name);
    setOpened(rest);
    if (shown === name) show((rest.findLast(({ host }) => host === here) ?? rest[0])?.name ?? "t1");
  };
  const move = (by: number): void => {
    const next = opened[(opened.findIndex(({ name }) => name === shown) + by + opened.length) % opened.length];
    if (!next) return;
    show(next.name);
    tabs.current?.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
  };
  const changeMode = (): void => {
    localStorage.setItem(SCREEN_READER, isScreenReader ? "off" : "on");
    setIsScreenReader(!isScreenReader);
  };

  return (
    <section className={styles.terminals} aria-label={`Terminals on ${hosts.join(", ")}`}>
      <div className={styles.bar}>
        <div ref={tabs} role="tablist" aria-label="Terminals" className={styles.tabs}>
          {opened.map(({ name, host }) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`${base}-tab-${name}`}
              data-tab={name}
              aria-selected={name === shown}
              aria-controls={`${base}-panel-${name}`}
              tabIndex={name === shown ? 0 : -1}
              onClick={() => show(name)}
              onKeyDown={(event) => {
                if (event.key === "ArrowRight") move(1);
                if (event.key === "ArrowLeft") move(-1);
              }}
            >
              {labelOf(name, host, opened)}
            </button>
          ))}
        </div>
        {of(here, opened).length > 1 && (
          <button
            type="button"
            className={styles.tool}
            onClick={() => remove(shown)}
            aria-label="Close this terminal"
            title="Close this terminal"
          >
            <WrongIcon size={14} />
          </button>
        )}
        {of(here, opened).length < MOST && (
          <button type="button" className={styles.tool} onClick={add} aria-label="Open another terminal" title="Open another terminal">
            <PlusIcon size={14} />
          </button>
        )}
        <span className={styles.help}>
          <span className={styles.leave}>
            <kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>↓</kbd> leaves the terminal
          </span>
          <button
            type="button"
            className={styles.mode}
            aria-pressed={isScreenReader}
            onClick={changeMode}
            title="Reads the output aloud with a screen reader"
          >
            Screen reader
          </button>
        </span>
      </div>
      {opened.map(({ name, host }) => (
        <div
          key={name}
          role="tabpanel"
          id={`${base}-panel-${name}`}
          aria-labelledby={`${base}-tab-${name}`}
          className={styles.panel}
          hidden={name !== shown}
        >
          {visited.includes(name) && (
            <TerminalView
              client={client}
              terminal={name}
              host={host}
              isShown={name === shown}
              isScreenReader={isScreenReader}
              takesFocus={takesFocus || visited.length > 1}
              onLeave={onLeave}
            />
          )}
        </div>
      ))}
      <div className={styles.keys} role="group" aria-label="Keys">
        {KEYS.map(({ name, text }) => (
          // The keyboard on the screen stays: the focus does not leave the terminal.
          <button key={name} type="button" onPointerDown={(event) => event.preventDefault()} onClick={() => client.input(shown, text)}>
            {name}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Those of the transcript, by host, and one for each host that has none. */
function openedBefore(client: WorldClient, { terminals }: WorldState, hosts: readonly string[]): readonly Opened[] {
  return hosts.reduce<readonly Opened[]>((all, host) => {
    const own = terminals.filter((open) => open.host === host).map(({ terminal }) => ({ name: terminal, host }));
    return [...all, ...(own.length > 0 ? own : [{ name: freeName(client, [...all, ...namesIn(terminals)]) ?? "t1", host }])];
  }, []);
}

function namesIn(terminals: WorldState["terminals"]): readonly Pick<Opened, "name">[] {
  return terminals.map(({ terminal }) => ({ name: terminal }));
}

/** A name that no terminal has or had. */
function freeName(client: WorldClient, taken: readonly Pick<Opened, "name">[]): string | undefined {
  return Array.from({ length: 99 }, (_, i) => `t${i + 1}`).find(
    (candidate) => !taken.some(({ name }) => name === candidate) && !client.wasOpen(candidate),
  );
}

function of(host: string, opened: readonly Opened[]): readonly Opened[] {
  return opened.filter((one) => one.host === host);
}

function byHost(opened: readonly Opened[], hosts: readonly string[]): readonly Opened[] {
  return hosts.flatMap((host) => of(host, opened));
}

function labelOf(name: string, host: string, opened: readonly Opened[]): string {
  const own = of(host, opened);
  return own.length === 1 ? host : `${host} ${own.findIndex((one) => one.name === name) + 1}`;
}
