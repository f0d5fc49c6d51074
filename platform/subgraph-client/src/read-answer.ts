import type { SubgraphAnswer } from './transport.ts';

/** @returns undefined when the text is no GraphQL answer */
export function readAnswer(text: string): SubgraphAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isAnswer(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

const isAnswer = (value: unknown): value is SubgraphAnswer =>
  typeof value === 'object' &&
  value !== null &&
  (('data' in value && typeof value.data === 'object') || ('errors' in value && Array.isArray(value.errors)));
