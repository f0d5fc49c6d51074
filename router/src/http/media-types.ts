import { badRequest } from './bad-request.ts';

/**
 * How an answer is written. With `json` a client reads the body before the status; older ones know no other. `events` are
 * for those that take nothing else: the answer is the only one.
 */
export type AnswerType = 'json' | 'graphql' | 'events';

export const eventStreamType = 'text/event-stream; charset=utf-8';

export const contentTypes: Readonly<Record<AnswerType, string>> = {
  json: 'application/json; charset=utf-8',
  graphql: 'application/graphql-response+json; charset=utf-8',
  events: eventStreamType,
};

const typeOf: ReadonlyMap<string, AnswerType> = new Map([
  ['application/graphql-response+json', 'graphql'],
  ['application/json', 'json'],
  ['text/event-stream', 'events'],
  ['application/*', 'json'],
  ['*/*', 'json'],
]);

export const acceptsEvents = (accept: string | undefined): boolean =>
  accept?.toLowerCase().includes('text/event-stream') ?? false;

/** @param data a line */
export const streamedEvent = (type: 'next' | 'complete', data: string): string =>
  `event: ${type}\ndata:${data === '' ? '' : ` ${data}`}\n\n`;

/** The same few headers come over and over. */
const remembered = new Map<string, AnswerType | undefined>();

/**
 * The type that an `Accept` header likes best of those there are.
 * @throws RequestError (406) when it takes none of them
 */
export function acceptedType(accept: string | undefined): AnswerType {
  if (accept === undefined || accept === '*/*') return 'json';
  let type = remembered.get(accept);
  if (!remembered.has(accept)) {
    type = preferred(accept);
    if (remembered.size < 1_000 && accept.length < 200) remembered.set(accept, type);
  }
  if (type) return type;
  throw badRequest('Answers are application/graphql-response+json or application/json; accept one of them.', 406);
}

function preferred(accept: string): AnswerType | undefined {
  let best: { type: AnswerType; quality: number } | undefined;
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const type = typeOf.get(name);
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (type && quality > 0 && quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type;
}
