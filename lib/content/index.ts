/** Questions and labs, as data (server only). */

export type { Lesson } from "./lesson-schema";
export { loadItems, loadLabs, loadLessons } from "./load";
export { DOMAIN_TITLES, OBJECTIVES } from "./objectives";
export type { Item, Lab, Option } from "./schema";
export { TOPIC_IDS, TOPICS, type Topic, type TopicId } from "./topics";
