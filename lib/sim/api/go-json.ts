/**
 * How Go's zero values look in JSON, in words of types.
 *
 * A nil slice or map is `null`, an empty one `[]` or `{}`; `docker inspect` prints what the daemon sent, so the difference
 * shows. Fields marked optional here carry `omitempty` in moby: they are absent when they are empty.
 */

/** A slice that may be nil. */
export type Slice<T> = readonly T[] | null;
/** A map that may be nil. Its keys are written in byte order. */
export type GoMap<T> = Readonly<Record<string, T>> | null;
/** `struct{}`: the value of a set's members. */
export type Empty = Readonly<Record<string, never>>;
/** RFC 3339 with up to nine digits of a second, UTC: `2026-01-05T09:00:00.123456Z`. Never happened: `0001-01-01T00:00:00Z`. */
export type Timestamp = string;

/** Go's zero time. */
export const ZERO_TIME: Timestamp = "0001-01-01T00:00:00Z";
