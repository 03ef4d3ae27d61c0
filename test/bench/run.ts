/**
 * Figures, with their aims; nothing is asserted.
 *
 *   npm run bench [-- simulator | study | pages]
 */

import { benchPages } from "./pages";
import { benchSimulator } from "./simulator";
import { benchStudy } from "./study";
import { printRows } from "./table";

const parts = process.argv.slice(2);
const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);
if (wants("simulator")) printRows("Simulator", await benchSimulator());
if (wants("study")) printRows("Study", await benchStudy());
if (wants("pages")) printRows("Pages", await benchPages());
