/** The Engine API v1.51 as data: what the daemon answers and what its clients ask. No behaviour but the spelling of a target. */

export * from "./container";
export * from "./error";
export * from "./event";
export * from "./exec";
export * from "./filter";
export * from "./go-json";
export * from "./image";
export * from "./mount";
export * from "./network";
export * from "./route";
export * from "./stats";
export * from "./system";
export * from "./version";
export * from "./volume";
