import { createHash } from 'node:crypto';

/** Names a schema: the SHA-256 of its SDL, in hexadecimal. */
export const schemaHash = (sdl: string): string => createHash('sha256').update(sdl).digest('hex');
