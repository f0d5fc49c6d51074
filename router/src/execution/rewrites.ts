import type { FetchDataRewrite } from '@apollo/query-planner';
import type { TypeRelations } from '../graph/type-relations.ts';
import { type Data, isObject } from './data.ts';

const onType = '... on ';

/** Applies what a plan wants changed in what is sent to a subgraph, or in what came from it. */
export function applyRewrites(rewrites: readonly FetchDataRewrite[], data: Data, types: TypeRelations): void {
  for (const rewrite of rewrites) rewriteAt(rewrite, 0, data, types);
}

function rewriteAt(rewrite: FetchDataRewrite, depth: number, value: unknown, types: TypeRelations): void {
  if (Array.isArray(value)) {
    for (const entry of value) rewriteAt(rewrite, depth, entry, types);
    return;
  }
  const part = rewrite.path[depth];
  if (!isObject(value) || part === undefined) return;
  if (part.startsWith(onType)) {
    const name = value.__typename;
    // Without its type it is taken to be of the right one, as the planner counts on.
    if (typeof name !== 'string' || types.is(name, part.slice(onType.length))) {
      rewriteAt(rewrite, depth + 1, value, types);
    }
    return;
  }
  if (depth < rewrite.path.length - 1) {
    if (Object.hasOwn(value, part)) rewriteAt(rewrite, depth + 1, value[part], types);
    return;
  }
  if (rewrite.kind === 'ValueSetter') value[part] = rewrite.setValueTo;
  else if (Object.hasOwn(value, part)) {
    value[rewrite.renameKeyTo] = value[part];
    delete value[part];
  }
}
