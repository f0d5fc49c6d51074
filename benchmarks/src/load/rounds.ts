import type { GraphQLRequest, LoadClient } from './client.ts';

export type RequestAt = (index: number) => GraphQLRequest;

export interface TimedRound {
  readonly requestsPerSecond: number;
  /** Of each request. */
  readonly milliseconds: readonly number[];
}

/** Sends `count` requests, as many at a time as there are connections. */
export async function sendMany(
  client: LoadClient,
  {
    connections,
    count,
    first = 0,
    requestAt,
  }: { connections: number; count: number; first?: number; requestAt: RequestAt },
): Promise<TimedRound> {
  const milliseconds: number[] = [];
  const started = performance.now();
  let next = first;
  const worker = async () => {
    while (next < first + count) {
      const sent = performance.now();
      await client.send(requestAt(next++));
      milliseconds.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return { requestsPerSecond: count / ((performance.now() - started) / 1000), milliseconds };
}

/** Keeps the connections busy for some seconds. */
export async function sendFor(
  client: LoadClient,
  {
    connections,
    seconds,
    first = 0,
    requestAt,
  }: { connections: number; seconds: number; first?: number; requestAt: RequestAt },
): Promise<TimedRound> {
  const milliseconds: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  let next = first;
  const worker = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      await client.send(requestAt(next++));
      milliseconds.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return { requestsPerSecond: milliseconds.length / ((performance.now() - started) / 1000), milliseconds };
}
