import { typeid } from 'typeid-js';

/** What an id is of: lower-case letters and inner underscores, at most 63, such as `product` or `order_line`. */
export type IdPrefix = string;

/** An id that names its type, such as `product_01jb2v5w3je8r9m6wq1y4f0k2d`. */
export type TypedId<P extends IdPrefix = IdPrefix> = `${P}_${string}`;

/**
 * A fresh TypeID (https://github.com/jetify-com/typeid): the prefix and a UUIDv7 in Crockford's base 32.
 * Ids of one process sort in the order they were made, those of several by the millisecond. They tell when they were
 * made and are no secret: where the id is the permission, use `secretId`.
 */
export function newId<const P extends IdPrefix>(prefix: P): TypedId<P> {
  return `${prefix}_${typeid(prefix).getSuffix()}`;
}

// 26 characters carry 130 bits; the first is at most 7, so that 128 remain.
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Whether the value is a well-formed TypeID of this type; says nothing of whether the thing exists. */
export function isId<const P extends IdPrefix>(prefix: P, value: unknown): value is TypedId<P> {
  return typeof value === 'string' && value.startsWith(`${prefix}_`) && SUFFIX.test(value.slice(prefix.length + 1));
}
