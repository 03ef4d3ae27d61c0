"use client";

import "@xterm/xterm/css/xterm.css";
import type { Terminal } from "@xterm/xterm";
import { useEffect, useRef } from "react";
import { currentTheme } from "@/app/_components/theme-toggle";
import { TERMINAL_THEMES } from "./terminal-theme";
import type { WorldClient } from "./world-client";
import styles from "./terminals.module.css";

type Props = {
  readonly client: WorldClient;
  readonly terminal: string;
  readonly host: string;
  /** Whether it is the one that is shown. */
  readonly isShown: boolean;
  readonly isScreenReader: boolean;
  readonly takesFocus: boolean;
  /** Puts the focus on what follows the terminal: Tab belongs to the shell. */
  readonly onLeave: () => void;
};

/** Browser tests read what is on the screen from here. */
type Exposed = HTMLElement & { terminal?: Terminal };

const SETTLED = 120;
/** Below this a smaller type leaves more of a line whole. */
const NARROW = 420;

/** One terminal of a host. Keys go to the world as they are; it echoes. */
export function TerminalView({ client, terminal: id, host, isShown, isScreenReader, takesFocus, onLeave }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const shown = useRef<{ readonly terminal: Terminal; readonly fit: () => void }>(undefined);
  const wants = useRef({ isScreenReader, takesFocus, onLeave });
  useEffect(() => {
    wants.current = { isScreenReader, takesFocus, onLeave };
  });

  useEffect(() => {
    const element: Exposed | null = frame.current;
    if (!element) return;
    let isOver = false;
    const endings: (() => void)[] = [];
    void (async () => {
      const family = getComputedStyle(document.documentElement).getPropertyValue("--font-mono");
      const [{ Terminal }, { FitAddon }] = await Promise.all([
        import("@xterm/xterm"),
        import("@xterm/addon-fit"),
        document.fonts.load(`13px ${family}`),
      ]);
      if (isOver) return;
      const terminal = new Terminal({
        fontFamily: `${family}, ui-monospace, monospace`,
        fontSize: element.clientWidth < NARROW ? 12 : 13,
        lineHeight: 1.25,
        letterSpacing: 0,
        cursorBlink: false,
        scrollback: 5_000,
        minimumContrastRatio: 4.5,
        screenReaderMode: wants.current.isScreenReader,
        theme: TERMINAL_THEMES[currentTheme()],
      });
      const fitter = new FitAddon();
      terminal.loadAddon(fitter);
      terminal.open(element);
      terminal.textarea?.setAttribute("aria-label", `Terminal input, ${host}. Control, Shift and Down leave the terminal.`);
      // Not while it is hidden: it would be fitted to nothing.
      const fit = (): void => {
        if (element.offsetParent !== null && element.clientWidth > 40) fitter.fit();
      };
      fit();
      element.terminal = terminal;
      shown.current = { terminal, fit };

      if (client.state().terminals.some((open) => open.terminal === id)) client.resize(id, terminal.cols, terminal.rows);
      else client.open(id, host, terminal.cols, terminal.rows);
      endings.push(client.connect(id, (text) => terminal.write(text)));
      terminal.onData((text) => client.input(id, text));
      terminal.onBinary((text) => client.input(id, text));
      let settling: ReturnType<typeof setTimeout> | undefined;
      terminal.onResize(({ cols, rows }) => {
        clearTimeout(settling);
        settling = setTimeout(() => client.resize(id, cols, rows), SETTLED);
      });
      terminal.attachCustomKeyEventHandler((event) => handleKey(event, terminal, () => wants.current.onLeave()));

      const observer = new ResizeObserver(fit);
      observer.observe(element);
      endings.push(
        () => observer.disconnect(),
        onThemeChange(() => {
          terminal.options.theme = TERMINAL_THEMES[currentTheme()];
        }),
      );
      endings.push(() => {
        clearTimeout(settling);
        delete element.terminal;
        shown.current = undefined;
        terminal.dispose();
      });
      if (wants.current.takesFocus) terminal.focus();
    })();
    return () => {
      isOver = true;
      for (const end of endings) end();
    };
  }, [client, id, host]);

  useEffect(() => {
    if (shown.current) shown.current.terminal.options.screenReaderMode = isScreenReader;
  }, [isScreenReader]);
  useEffect(() => {
    if (!isShown || !shown.current) return;
    shown.current.fit();
    shown.current.terminal.focus();
  }, [isShown]);

  return <div ref={frame} className={styles.screen} data-terminal={id} hidden={!isShown} />;
}

/** What the page takes before the shell: leaving, and copying what is selected. */
function handleKey(event: KeyboardEvent, terminal: Terminal, leave: () => void): boolean {
  if (event.type !== "keydown" || !event.ctrlKey || !event.shiftKey) return true;
  if (event.key === "ArrowDown") {
    event.preventDefault();
    leave();
    return false;
  }
  if (event.code === "KeyC" && terminal.hasSelection()) {
    event.preventDefault();
    void navigator.clipboard.writeText(terminal.getSelection());
    return false;
  }
  return true;
}

function onThemeChange(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(listener);
  system.addEventListener("change", listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", listener);
    observer.disconnect();
  };
}
