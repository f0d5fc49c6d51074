import { z } from 'zod';
import { sendMany } from '../load/rounds.ts';
import type { MeasuredProcess } from '../processes/measured-process.ts';
import { percentile } from '../report/spread.ts';
import type { Arena, Contestant } from './contestants.ts';
import { authorizationsFor, type IdentityKind } from './identities.ts';
import type { Operation } from './world.ts';

export interface Round {
  /** Of the gateway's process, all its threads. */
  readonly cpuMilliseconds: number;
  readonly perSecond: number;
  readonly p99Milliseconds: number;
  readonly callsAnOperation: number;
}

const callCount = z.object({ kind: z.literal('calls'), calls: z.number(), withoutIdentity: z.number() });

const callsOf = (subgraphs: MeasuredProcess) => subgraphs.ask('calls', callCount);

export interface RoundOf {
  readonly operation: Operation;
  readonly identities: IdentityKind;
  readonly connections: number;
  readonly count: number;
  /** Index of its first request. */
  readonly first: number;
}

/** @throws Error when the gateway did not pass on who asks */
export async function measureRound(
  { issuer, subgraphs }: Pick<Arena, 'issuer' | 'subgraphs'>,
  { name, client, process: gateway }: Contestant,
  { operation: { query, variablesAt }, identities, connections, count, first }: RoundOf,
): Promise<Round> {
  const authorizationAt = authorizationsFor(identities, { issuer, first, count });
  const [usedBefore, callsBefore] = await Promise.all([gateway.usage(), callsOf(subgraphs)]);
  const { requestsPerSecond, milliseconds } = await sendMany(client, {
    connections,
    count,
    first,
    requestAt: (index) => ({ query, variables: variablesAt(index), authorization: authorizationAt(index) }),
  });
  const [usedAfter, callsAfter] = await Promise.all([gateway.usage(), callsOf(subgraphs)]);
  if (callsAfter.withoutIdentity > callsBefore.withoutIdentity) {
    throw new Error(`${name} asked subgraphs without telling them who asks.`);
  }
  return {
    cpuMilliseconds: (usedAfter.cpuMicroseconds - usedBefore.cpuMicroseconds) / 1_000 / count,
    perSecond: requestsPerSecond,
    p99Milliseconds: percentile(milliseconds, 0.99),
    callsAnOperation: (callsAfter.calls - callsBefore.calls) / count,
  };
}
