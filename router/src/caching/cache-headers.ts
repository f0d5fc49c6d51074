import { supergraphSchemaOf } from '../graph/supergraph-schema.ts';
import type { Operation } from '../operations/operation.ts';
import { compileCachePolicy } from './cache-policy.ts';

/** What `Cache-Control` says of an operation's answers. */
interface CacheControl {
  /** Seconds. */
  readonly maxAge: number;
  /** To someone without a credential. */
  readonly forGuests: string;
  /** To someone with one: shared caches could not tell whose answer they hold. */
  readonly forOthers: string;
}

interface AnswerToKeep {
  readonly isComplete: boolean;
  readonly isForGuest: boolean;
  /** When the first of its parts that were kept before ends, in milliseconds of the system's clock. */
  readonly freshUntil?: number | undefined;
}

export const noStore = 'no-store';

const compiled = new WeakMap<Operation, CacheControl>();

/** What `Cache-Control` says of an answer. Nothing with errors is kept: it would outlive what went wrong. */
export function cacheControlOf(operation: Operation, answer: AnswerToKeep): string {
  if (!answer.isComplete) return noStore;
  let control = compiled.get(operation);
  if (!control) {
    control = compile(operation);
    compiled.set(operation, control);
  }
  const told = answer.isForGuest ? control.forGuests : control.forOthers;
  return answer.freshUntil === undefined ? told : shortened(told, control.maxAge, answer.freshUntil);
}

/** What was kept here already is not kept elsewhere for all of its lifetime again. */
function shortened(told: string, maxAge: number, freshUntil: number): string {
  const left = Math.floor((freshUntil - Date.now()) / 1_000);
  if (told === noStore || left >= maxAge) return told;
  return left < 1 ? noStore : told.replace(/max-age=\d+/, `max-age=${left}`);
}

function compile({ graph, document, name, authorization }: Operation): CacheControl {
  const { maxAge, scope } = compileCachePolicy(supergraphSchemaOf(graph), document, name);
  if (maxAge === 0) return { maxAge, forGuests: noStore, forOthers: noStore };
  const forOthers = `private, max-age=${maxAge}`;
  // The graph's rules hold under whatever names it has the directives, and for what is read unseen for a field.
  const forGuests = scope === 'PUBLIC' && !authorization ? `public, max-age=${maxAge}` : forOthers;
  return { maxAge, forGuests, forOthers };
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
