import { supergraphSchemaOf } from '../graph/supergraph-schema.ts';
import type { Operation } from '../operations/operation.ts';
import { compileCachePolicy } from './cache-policy.ts';

/** What `Cache-Control` says of an operation's answers. */
interface CacheControl {
  /** To someone without a credential. */
  readonly forGuests: string;
  /** To someone with one: shared caches could not tell whose answer they hold. */
  readonly forOthers: string;
}

export const noStore = 'no-store';

const compiled = new WeakMap<Operation, CacheControl>();

/** What `Cache-Control` says of an answer. Nothing with errors is kept: it would outlive what went wrong. */
export function cacheControlOf(operation: Operation, answer: { isComplete: boolean; isForGuest: boolean }): string {
  if (!answer.isComplete) return noStore;
  let control = compiled.get(operation);
  if (!control) {
    control = compile(operation);
    compiled.set(operation, control);
  }
  return answer.isForGuest ? control.forGuests : control.forOthers;
}

function compile({ graph, document, name, authorization }: Operation): CacheControl {
  const { maxAge, scope } = compileCachePolicy(supergraphSchemaOf(graph), document, name);
  if (maxAge === 0) return { forGuests: noStore, forOthers: noStore };
  const forOthers = `private, max-age=${maxAge}`;
  // The graph's rules hold under whatever names it has the directives, and for what is read unseen for a field.
  return { forGuests: scope === 'PUBLIC' && !authorization ? `public, max-age=${maxAge}` : forOthers, forOthers };
}

/** By the headers that subgraphs are given too, and by what `Vary` said before: our own plugins', so few. */
const variations = new WeakMap<readonly string[], Map<string, string>>();

/** The request's headers that make one answer another: what caches have to tell answers of one address apart by. */
export function varyWith(before: unknown, forwarded: readonly string[]): string {
  const said = typeof before === 'string' ? before : '';
  let known = variations.get(forwarded);
  if (!known) {
    known = new Map();
    variations.set(forwarded, known);
  }
  let vary = known.get(said);
  if (vary === undefined) {
    const names = said === '' ? [] : said.split(/ *, */);
    vary = [...new Set([...names, 'accept', 'authorization', ...forwarded])].join(', ');
    known.set(said, vary);
  }
  return vary;
}
