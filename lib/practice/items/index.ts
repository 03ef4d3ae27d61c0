/** Questions: what is shown of them, how an answer is judged, and how they prove themselves. */

export { type CommandEffect, needsRun, refusalOf, runCommand } from "./command";
export { type Answer, beliefsOf, beliefsShown, isSame, judgeItem, type Told, type ToldOption, type Unfit } from "./judge";
export { readNumber } from "./number";
export { type Labelled, type Question, type QuestionOf, shownIds, type ShownDrawing, type Shuffle, toQuestion } from "./question";
