import { deepStrictEqual } from 'node:assert';
import type { Benchmark, BenchmarkRun } from '../benchmark.ts';
import type { Figure } from '../report/figure.ts';
import { type Arena, openArena } from './contestants.ts';
import { memoryFigures, roundFigures } from './figures.ts';
import { authorizationsFor, type IdentityKind } from './identities.ts';
import { measureRound, type Round } from './measure.ts';
import { type GatewayName, gatewayNames, type OperationName, operationNames } from './names.ts';
import type { Operation } from './world.ts';
import { type WorldName, worlds } from './worlds.ts';

const connections = 10;

interface Plan {
  readonly operations: readonly OperationName[];
  readonly gateways: readonly GatewayName[];
  readonly identities: readonly IdentityKind[];
  readonly warmUp: number;
  readonly rounds: number;
  /** Requests of a round. */
  readonly count: number;
}

/** Our router and its peers, in turns, over the same subgraphs. */
export const gateways: Benchmark = async (run) => {
  const plan = planOf(run);
  const figures: Figure[] = [];
  for (const [name, { operations }] of Object.entries(worlds)) {
    const wanted = operations.filter((operation) => plan.operations.includes(operation.name));
    if (wanted.length > 0) figures.push(...(await measureWorld(name as WorldName, wanted, plan, run)));
  }
  return figures;
};

function planOf({ only, quick }: BenchmarkRun): Plan {
  const chosen = <Name extends string>(names: readonly Name[], usual: readonly Name[]): readonly Name[] => {
    const named = names.filter((name) => only.includes(name));
    return named.length > 0 ? named : usual;
  };
  const operations = chosen<OperationName>(operationNames, quick ? ['nested'] : operationNames);
  const gateways = chosen<GatewayName>(gatewayNames, quick ? ['ours', 'stock'] : gatewayNames);
  const size = quick
    ? { identities: ['distinct'] as const, warmUp: 200, rounds: 3, count: 150 }
    : { identities: ['distinct', 'one'] as const, warmUp: 600, rounds: 7, count: 300 };
  return { operations, gateways, ...size };
}

async function measureWorld(
  world: WorldName,
  operations: readonly Operation[],
  plan: Plan,
  { tell, profileDir }: BenchmarkRun,
): Promise<Figure[]> {
  const arena = await openArena(world, { gateways: plan.gateways, connections, profileDir });
  const figures: Figure[] = [];
  try {
    for (const operation of operations) {
      await mustAgree(arena, operation);
      tell(`  ${operation.name}: answers agree`);
      for (const identities of plan.identities) {
        const rounds = await measureOperation(arena, operation, identities, plan, tell);
        figures.push(...roundFigures(`${operation.name}, ${identities} identity`, rounds));
      }
    }
    return [...figures, ...(await memoryFigures(arena.contestants))];
  } finally {
    await arena.stop();
  }
}

/** Requests are numbered through, so that no identity returns. */
let nextIndex = 0;

async function measureOperation(
  arena: Arena,
  operation: Operation,
  identities: IdentityKind,
  { warmUp, rounds, count }: Plan,
  tell: (line: string) => void,
): Promise<ReadonlyMap<GatewayName, readonly Round[]>> {
  const measured = new Map<GatewayName, Round[]>(arena.contestants.map(({ name }) => [name, []]));
  const one = (count: number) => {
    const first = nextIndex;
    nextIndex += count;
    return { operation, identities, connections, count, first };
  };
  for (const contestant of arena.contestants) await measureRound(arena, contestant, one(warmUp));
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of arena.contestants) {
      measured.get(contestant.name)?.push(await measureRound(arena, contestant, one(count)));
    }
    const told = arena.contestants.map(
      ({ name }) => `${name} ${measured.get(name)?.at(-1)?.cpuMilliseconds.toFixed(2)} ms`,
    );
    tell(`  ${operation.name}, ${identities}: round ${round + 1} of ${rounds}: ${told.join(', ')}`);
  }
  return measured;
}

/** A gateway that answered less would be no faster. */
async function mustAgree({ contestants, issuer }: Arena, { query, variablesAt }: Operation): Promise<void> {
  const authorizationAt = authorizationsFor('distinct', { issuer, first: nextIndex, count: 20 });
  for (let index = nextIndex; index < nextIndex + 20; index += 1) {
    const request = { query, variables: variablesAt(index), authorization: authorizationAt(index) };
    const answers = await Promise.all(contestants.map(({ client }) => client.send(request)));
    const [expected, ...others] = answers.map((answer) => JSON.parse(answer));
    for (const actual of others) deepStrictEqual(actual, expected);
  }
  nextIndex += 20;
}
