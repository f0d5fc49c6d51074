import { type ComposableSubgraph, readSubgraphs } from '../compose.ts';
import { authorization } from './authorization.ts';
import { connections } from './connections.ts';
import { copies } from './copies.ts';
import { descriptions } from './descriptions.ts';
import { mutations } from './mutations.ts';
import { nullability } from './nullability.ts';
import { type Part, type Problem, readPart } from './part.ts';
import { requires } from './requires.ts';

export const rules: Readonly<Record<string, (parts: readonly Part[]) => Problem[]>> = {
  authorization,
  connections,
  copies,
  descriptions,
  mutations,
  nullability,
  requires,
};

/** What composition lets pass and this project does not. */
export const lint = (rule: string, subgraphs: readonly ComposableSubgraph[] = readSubgraphs()): Problem[] =>
  rules[rule]?.(subgraphs.map(readPart)) ?? [];
