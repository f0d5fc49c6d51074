import { homeObjects } from './objects-home.ts';
import { kitchenObjects } from './objects-kitchen.ts';
import { tableObjects } from './objects-table.ts';

/** Everything a still life may hold. */
export const objects = { ...tableObjects, ...kitchenObjects, ...homeObjects } as const;
export type ObjectKind = keyof typeof objects;
