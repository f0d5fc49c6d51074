export { type PageArguments, type PageLimits, type PageRequest, readPageArguments } from './arguments.ts';
export { type Connection, connection, type Edge, type PageInfo } from './connection.ts';
export { decodeCursor, encodeCursor } from './cursor.ts';
export { keysetOrderBy, keysetWhere } from './keyset.ts';
export type { CursorValue, KeysetColumn, KeysetSort, PageDirection } from './sort.ts';
