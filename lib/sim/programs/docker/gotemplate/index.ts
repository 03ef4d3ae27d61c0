/** Go templates, their values, and what of Go's fmt, strconv and encoding/json shows through them. */

export { BUILTINS, DOCKER_FUNCTIONS, FUNCTION_NAMES, type FuncMap, HEADER_FUNCTIONS } from "./builtins";
export { execute, type ExecuteError, type ExecuteOptions } from "./exec";
export {
  ANY,
  BOOL,
  FLOAT64,
  type GoField,
  type GoMethods,
  type GoType,
  INT,
  pointerTo,
  STRING,
  STRING_MAP,
  STRINGS,
  type StructType,
  typeName,
} from "./go-type";
export {
  boxed,
  compareText,
  goAnyMap,
  goAnys,
  goBool,
  goFloat,
  type GoFunc,
  goInt,
  goPointer,
  goString,
  goStrings,
  type GoValue,
  INVALID,
  mapOf,
  methodsOf,
  NIL,
  sliceOf,
  typeOf,
  zeroOf,
} from "./go-value";
export { compactJson, encodeJson, indentJson, type Json, jsonString, NUMBER, parseJson, toAny } from "./json";
export { parseTemplate, type Template } from "./parse";
export { display, sprint, sprintf } from "./print-verbs";
export { atoi, formatFloat, numError, parseBool, parseFloat64, parseInteger, quote } from "./strconv";
