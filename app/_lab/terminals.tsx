"use client";

import { useEffect, useId, useRef, useState } from "react";
import { PlusIcon, WrongIcon } from "@/app/_components/icons";
import type { WorldClient, WorldState } from "./world-client";
import { TerminalView } from "./terminal-view";
import styles from "./terminals.module.css";

type Props = {
  readonly client: WorldClient;
  readonly state: WorldState;
  readonly host: string;
  readonly takesFocus: boolean;
  readonly onLeave: () => void;
};

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

/** The terminals of a host, one on the screen at a time. */
export function Terminals({ client, state, host, takesFocus, onLeave }: Props) {
  const base = useId();
  const [opened, setOpened] = useState<readonly string[]>(() => {
    const before = state.terminals.filter((open) => open.host === host).map(({ terminal }) => terminal);
    return before.length > 0 ? before : ["t1"];
  });
  const [shown, setShown] = useState(opened[0] ?? "t1");
  const [isScreenReader, setIsScreenReader] = useState(false);
  const tabs = useRef<HTMLDivElement>(null);

  useEffect(() => setIsScreenReader(localStorage.getItem(SCREEN_READER) === "on"), []);

  const add = (): void => {
    const taken = new Set(opened);
    const name = Array.from({ length: 99 }, (_, i) => `t${i + 1}`).find((candidate) => !taken.has(candidate) && !client.wasOpen(candidate));
    if (!name) return;
    setOpened([...opened, name]);
    setShown(name);
  };
  const remove = (name: string): void => {
    const rest = opened.filter((other) => other !== name);
    client.closeTerminal(name);
    setOpened(rest);
    if (shown === name) setShown(rest.at(-1) ?? "t1");
  };
  const move = (by: number): void => {
    const next = opened[(opened.indexOf(shown) + by + opened.length) % opened.length];
    if (!next) return;
    setShown(next);
    tabs.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  const changeMode = (): void => {
    localStorage.setItem(SCREEN_READER, isScreenReader ? "off" : "on");
    setIsScreenReader(!isScreenReader);
  };

  return (
    <section className={styles.terminals} aria-label={`Terminals on ${host}`}>
      <div className={styles.bar}>
        <div ref={tabs} role="tablist" aria-label="Terminals" className={styles.tabs}>
          {opened.map((name, index) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`${base}-tab-${name}`}
              data-tab={name}
              aria-selected={name === shown}
              aria-controls={`${base}-panel-${name}`}
              tabIndex={name === shown ? 0 : -1}
              onClick={() => setShown(name)}
              onKeyDown={(event) => {
                if (event.key === "ArrowRight") move(1);
                if (event.key === "ArrowLeft") move(-1);
              }}
            >
              {opened.length === 1 ? host : `${host} ${index + 1}`}
            </button>
          ))}
        </div>
        {opened.length > 1 && (
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
        {opened.length < MOST && (
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
      {opened.map((name) => (
        <div
          key={name}
          role="tabpanel"
          id={`${base}-panel-${name}`}
          aria-labelledby={`${base}-tab-${name}`}
          className={styles.panel}
          hidden={name !== shown}
        >
          <TerminalView
            client={client}
            terminal={name}
            host={host}
            isShown={name === shown}
            isScreenReader={isScreenReader}
            takesFocus={takesFocus || opened.length > 1}
            onLeave={onLeave}
          />
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
