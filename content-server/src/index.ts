export type { Fault, Faults } from './http/faults.ts';
export { type ContentServer, type ContentServerOptions, createContentServer } from './server.ts';
export { type ContentToken, newTokenValue, type Permission } from './tokens.ts';
