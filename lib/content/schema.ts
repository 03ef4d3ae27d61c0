/** What the files of content/ must be like. An unknown key is refused; references are resolved by the content check. */

export type { Drawing } from "./drawing-schema";
export { type Check, checkSchema } from "./check-schema";
export {
  type ChoiceItem,
  type Item,
  type ItemFormat,
  type ItemOf,
  isChoice,
  itemSchema,
  type Option,
  optionSchema,
  optionsOf,
  type Proof,
} from "./item-schema";
export { type DrawnLab, type Lab, type LabLine, labSchema, type LabTask } from "./lab-schema";
