"use client";

import { useEffect, useRef, useState } from "react";
import type { LabWorld } from "@/lib/practice";
import { Picture } from "./picture/picture";
import { Terminals } from "./terminals";
import { useWorldState } from "./use-session";
import { WorldClient } from "./world-client";
import styles from "./sandbox.module.css";

type Props = { readonly world: LabWorld; readonly host: string; readonly tries: readonly string[] };

/** A host to play with: nothing of it is kept. */
export function Sandbox({ world, host, tries }: Props) {
  const [client, setClient] = useState<WorldClient>();
  useEffect(() => {
    const fresh = new WorldClient({ world, seed: "home", entries: [] }, { wantsTrace: true });
    setClient(fresh);
    return () => fresh.end();
  }, [world]);
  return client ? <Running client={client} host={host} tries={tries} /> : <div className={styles.sandbox} />;
}

function Running({ client, host, tries }: { readonly client: WorldClient; readonly host: string; readonly tries: readonly string[] }) {
  const state = useWorldState(client);
  const [done, setDone] = useState<readonly string[]>([]);
  const next = useRef<HTMLDivElement>(null);
  const isReady = state.status.kind === "ready" && state.terminals.length > 0;

  const type = (command: string): void => {
    client.input(state.terminals[0]?.terminal ?? "t1", `${command}\r`);
    setDone((before) => [...before, command]);
  };

  return (
    <>
      <div className={styles.sandbox}>
        <div className={styles.terminal}>
          {state.status.kind === "ready" && (
            <Terminals
              client={client}
              state={state}
              hosts={[host]}
              takesFocus={false}
              onLeave={() => next.current?.querySelector<HTMLElement>("button")?.focus()}
            />
          )}
          {state.status.kind === "broken" && <p className={styles.broken}>The simulated host broke. Reload the page to start another.</p>}
        </div>
        <Picture client={client} snapshot={state.snapshot} />
      </div>
      <div className={styles.tries} ref={next} role="group" aria-label="Commands to try">
        <span>Type, or let it type:</span>
        {tries.map((command) => (
          <button
            key={command}
            type="button"
            disabled={!isReady}
            data-done={done.includes(command) ? "" : undefined}
            onClick={() => type(command)}
          >
            <code>{command}</code>
          </button>
        ))}
      </div>
    </>
  );
}
