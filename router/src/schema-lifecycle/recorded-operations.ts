import { setImmediate as turn } from 'node:timers/promises';
import type { Documents } from '../operations/documents.ts';
import type { Operation } from '../operations/operation.ts';
import { RequestError } from '../operations/request-error.ts';

/** How many documents of an address are known of: those used last. */
const rememberedDocuments = 1_000;
/** Milliseconds that the thread which answers is held up at a time. */
const sliceMs = 5;
/** Plans that are made before a new graph serves, and the milliseconds that may take; others are made when wanted. */
const warming = { plans: 500, forMs: 5_000 };

/** A document that was valid, and is not for the new schema. */
export interface BrokenDocument {
  /** Of the operation, where it has one. */
  readonly name: string;
  readonly problem: string;
}

export interface Reread {
  readonly valid: number;
  readonly broken: readonly BrokenDocument[];
}

/**
 * Reads what was read by `before` with `after`, and what is valid there among `texts` too, so that requests find them
 * known; the newest are kept longest.
 */
export async function reread(before: Documents, after: Documents, texts: readonly string[]): Promise<Reread> {
  const recent = before.recent(rememberedDocuments);
  const broken: BrokenDocument[] = [];
  let valid = 0;
  let since = performance.now();
  for (const text of new Set([...texts.filter((each) => problemOf(before, each) === undefined), ...recent.reverse()])) {
    const problem = problemOf(after, text);
    if (problem === undefined) valid += 1;
    else broken.push({ name: nameOf(before, text), problem });
    if (performance.now() - since < sliceMs) continue;
    await turn();
    since = performance.now();
  }
  return { valid, broken };
}

/** Plans what is known, the newest first, within bounds. @returns how many were */
export async function planKnown(documents: Documents): Promise<number> {
  const until = performance.now() + warming.forMs;
  let planned = 0;
  for (const text of documents.recent(warming.plans)) {
    for (const operation of documents.operations(text).values()) {
      if (performance.now() > until) return planned;
      // Who asks for it hears what is wrong with it.
      if (await isPlanned(operation)) planned += 1;
    }
  }
  return planned;
}

const isPlanned = async (operation: Operation): Promise<boolean> => {
  try {
    await operation.whole.plan();
    return true;
  } catch {
    return false;
  }
};

function problemOf(documents: Documents, text: string): string | undefined {
  try {
    documents.operations(text);
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error.errors.map(({ message }) => message).join(' ');
    throw error;
  }
}

const nameOf = (documents: Documents, text: string): string =>
  [...documents.operations(text).keys()].map((name) => name ?? 'anonymous').join(', ');
