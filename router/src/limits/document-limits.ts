import { createHash } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Limits } from '../options.ts';
import { measure } from './measure.ts';

/**
 * Refuses documents that are too deep or too long before anything else looks at them: parsing deeper, validating and
 * planning are where such documents hurt.
 */
export interface DocumentLimits {
  /** @throws GraphQLError OPERATION_TOO_COSTLY (400). What is no document is let pass: the parser says what is wrong. */
  check(query: unknown): void;
}

export function createDocumentLimits(limits: Limits): DocumentLimits {
  const fine = new LRUCache<string, true>({ max: 5_000 });
  return {
    check(query) {
      if (typeof query !== 'string') return;
      const key = query.length > 2_048 ? createHash('sha256').update(query).digest('base64') : query;
      if (fine.has(key)) return;
      const document = parseWithin(query, limits);
      if (!document) return;
      const { depth, fields } = measure(document, limits);
      if (depth > limits.depth) throw tooDeep(limits);
      if (fields > limits.fields) throw tooCostly(`The document holds more than ${limits.fields} fields. Split it.`);
      fine.set(key, true);
    },
  };
}

function parseWithin(query: string, limits: Limits): DocumentNode | undefined {
  try {
    return parse(query, { noLocation: true, maxTokens: limits.tokens });
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw tooDeep(limits);
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes('Parsing aborted')) {
      throw tooCostly(`The document holds more than ${limits.tokens} tokens. Split it, or send values as variables.`);
    }
    return undefined;
  }
}

const tooDeep = ({ depth }: Limits): GraphQLError =>
  tooCostly(`The operation is more than ${depth} fields deep. Ask for less at a time.`);

const tooCostly = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code: 'OPERATION_TOO_COSTLY', http: { status: 400, headers: new HeaderMap() } },
  });
