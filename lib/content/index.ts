/** Questions and labs, as data (server only). */

export type { Lesson } from "./lesson-schema";
export { loadItems, loadLabs, loadLessons, loadMisconceptions, loadSources } from "./load";
export { DOMAIN_TITLES, OBJECTIVES } from "./objectives";
export type { Misconception } from "./misconception-schema";
export { type Source, splitReference } from "./reference-schema";
export {
  type ChoiceItem,
  type Drawing,
  isChoice,
  type Item,
  type ItemFormat,
  type ItemOf,
  type Lab,
  type Option,
  optionsOf,
} from "./schema";
export { TOPIC_IDS, TOPICS, type Topic, type TopicId } from "./topics";
