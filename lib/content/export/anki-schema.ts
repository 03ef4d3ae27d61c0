/** The tables of an Anki collection, schema version 11: the one that every Anki reads. */

export const TABLES = `
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL, ver integer NOT NULL,
  dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,
  dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL,
  tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL, mod integer NOT NULL,
  usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL,
  factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL,
  odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL, ivl integer NOT NULL,
  lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_notes_csum ON notes (csum);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_revlog_cid ON revlog (cid);
`;

export const FIELDS = ["Stem", "Options", "Answer", "Reasons", "Source"] as const;

const CSS = `.card { max-width: 42rem; margin: 0 auto; padding: 1rem; font: 1.0625rem/1.5 system-ui, sans-serif; text-align: left; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; white-space: pre; }
ol, ul { padding-left: 1.6em; }
li { margin: .35em 0; }
table { border-collapse: collapse; }
td, th { padding: .2em .6em; border: 1px solid; }
.right { font-weight: 600; }
.source { font-size: .85em; opacity: .8; }`;

/** The note type: one card for each question. */
export function noteType(id: number, deck: number, modified: number): Readonly<Record<string, unknown>> {
  return {
    id: String(id),
    name: "Drydock question",
    type: 0,
    mod: modified,
    usn: -1,
    sortf: 0,
    did: deck,
    tmpls: [
      {
        name: "Question",
        ord: 0,
        qfmt: '<div class="stem">{{Stem}}</div>\n<div class="options">{{Options}}</div>',
        afmt: '{{FrontSide}}\n<hr id="answer">\n<div class="right">{{Answer}}</div>\n<div class="reasons">{{Reasons}}</div>\n<div class="source">{{Source}}</div>',
        bqfmt: "",
        bafmt: "",
        did: null,
      },
    ],
    flds: FIELDS.map((name, ord) => ({ name, ord, sticky: false, rtl: false, font: "Arial", size: 20, media: [] })),
    css: CSS,
    latexPre: "\\documentclass[12pt]{article}\n\\pagestyle{empty}\n\\begin{document}\n",
    latexPost: "\\end{document}",
    req: [[0, "any", [0, 1]]],
    tags: [],
    vers: [],
  };
}

export function deck(id: number, name: string, modified: number): Readonly<Record<string, unknown>> {
  const today = { newToday: [0, 0], revToday: [0, 0], lrnToday: [0, 0], timeToday: [0, 0] };
  return {
    id,
    name,
    desc: "",
    mod: modified,
    usn: -1,
    collapsed: false,
    browserCollapsed: false,
    dyn: 0,
    conf: 1,
    extendNew: 10,
    extendRev: 50,
    ...today,
  };
}

/** What Anki calls the default preset. */
export const PRESET = {
  id: 1,
  name: "Default",
  mod: 0,
  usn: 0,
  maxTaken: 60,
  autoplay: true,
  timer: 0,
  replayq: true,
  dyn: false,
  new: { bury: false, delays: [1, 10], initialFactor: 2500, ints: [1, 4, 0], order: 1, perDay: 20 },
  rev: { bury: false, ease4: 1.3, ivlFct: 1, maxIvl: 36_500, perDay: 200, hardFactor: 1.2 },
  lapse: { delays: [10], leechAction: 1, leechFails: 8, minInt: 1, mult: 0 },
} as const;

export function configuration(noteTypeId: number, next: number): Readonly<Record<string, unknown>> {
  return {
    activeDecks: [1],
    addToCur: true,
    collapseTime: 1200,
    curDeck: 1,
    curModel: String(noteTypeId),
    dueCounts: true,
    estTimes: true,
    newSpread: 0,
    nextPos: next,
    schedVer: 2,
    sortBackwards: false,
    sortType: "noteFld",
    timeLim: 0,
  };
}
