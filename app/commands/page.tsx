import type { Metadata } from "next";
import Link from "next/link";
import { allCommands } from "../_server/commands";
import type { CommandGroup, CommandRow } from "./commands";
import type { Place } from "./usage";
import styles from "./commands.module.css";

export const metadata: Metadata = { title: "Commands" };

/** So many lessons and labs are named for a command; the rest is counted. */
const SHOWN = 3;

/** Every command of a simulated host, with what is simulated of it and where it is used. */
export default async function CommandsPage() {
  const { docker, tools, others } = await allCommands();
  const all = docker.flatMap(({ rows }) => rows);
  const works = all.filter(({ simulated }) => simulated === "yes").length;
  return (
    <div className="page">
      <h1>Commands</h1>
      <p className="lead">
        What you can type on a simulated host. Of {all.length} commands of Docker 28.5 and Compose, {works} work here. The others are known
        by name and help, and say what is missing when you run them.
      </p>
      <nav className={styles.contents} aria-label="Groups of commands">
        {[...docker, ...tools].map(({ id, title }) => (
          <a key={id} href={`#${id}`}>
            {title}
          </a>
        ))}
      </nav>
      <section className={styles.part} aria-labelledby="docker-commands">
        <h2 id="docker-commands">The docker CLI</h2>
        {docker.map((group) => (
          <Group key={group.id} group={group} isCode />
        ))}
      </section>
      <section className={styles.part} aria-labelledby="programs">
        <h2 id="programs">Programs of the host</h2>
        {tools.map((group) => (
          <Group key={group.id} group={group} />
        ))}
        <h3>Others</h3>
        <Names names={others.simulated} before="There as well:" />
        <Names names={others.missing} before="Installed, but not simulated; each says so:" />
      </section>
    </div>
  );
}

function Group({ group: { id, title, rows }, isCode = false }: { readonly group: CommandGroup; readonly isCode?: boolean }) {
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{isCode ? <code>{title}</code> : title}</h3>
      <ul className={styles.rows}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row: { id, name, also, about, simulated, missingFlags, usage } }: { readonly row: CommandRow }) {
  const partly = typeof simulated === "object" ? simulated.partly : undefined;
  return (
    <li id={id} className={styles.row} data-missing={simulated === "no" ? "" : undefined}>
      <div>
        <code className={styles.name}>{name}</code>
        {also.length > 0 && <span className={styles.also}>also {also.join(", ")}</span>}
      </div>
      <div>
        <p>{about}</p>
        {partly && <p className={styles.fact}>Simulated in part: {partly}.</p>}
        {missingFlags.length > 0 && (
          <p className={styles.fact}>
            Not simulated:{" "}
            {missingFlags.map((flag, at) => (
              <span key={flag}>
                {at > 0 && ", "}
                <code>{flag}</code>
              </span>
            ))}
          </p>
        )}
        <Places what="lesson" places={usage.lessons} />
        <Places what="lab" places={usage.labs} />
      </div>
      <p className={styles.state}>{simulated === "yes" ? "works" : simulated === "no" ? "not simulated" : "in part"}</p>
    </li>
  );
}

function Places({ what, places }: { readonly what: "lesson" | "lab"; readonly places: readonly Place[] }) {
  if (places.length === 0) return null;
  const more = places.length - SHOWN;
  return (
    <p className={styles.places}>
      {what === "lesson" ? "Lessons" : "Labs"}:{" "}
      {places.slice(0, SHOWN).map(({ title, href }, at) => (
        <span key={href}>
          {at > 0 && ", "}
          <Link href={href}>{title}</Link>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </p>
  );
}

function Names({ names, before }: { readonly names: readonly string[]; readonly before: string }) {
  return (
    <p className={styles.names}>
      {before} <code>{names.join(" ")}</code>
    </p>
  );
}
