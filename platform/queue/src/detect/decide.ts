/** Where a data folder's jobs live: Redis at `REDIS_URL`, a Redis that we start, or Postgres. */
export const backendNames = ['redis-url', 'redis-own', 'postgres'] as const;
export type BackendName = (typeof backendNames)[number];

export interface Situation {
  /** What this data folder has used so far. */
  recorded: BackendName | undefined;
  /** MERCATO_QUEUE: what the operator asks for; a choice may switch, and nothing else does. */
  choice: 'redis' | 'postgres' | undefined;
  redisUrlIsSet: boolean;
  /** redis-server or valkey-server is on the PATH. */
  redisIsInstalled: boolean;
}

export type Decision =
  | { kind: 'use'; backend: BackendName; leaves: BackendName | undefined }
  | { kind: 'refuse'; message: string };

const spoken: Record<BackendName, string> = {
  'redis-url': 'on the Redis of REDIS_URL',
  'redis-own': 'on a Redis of its own',
  postgres: 'in Postgres',
};

export function decide(situation: Situation): Decision {
  const { recorded, choice } = situation;
  if (choice) return choose(situation, choice);
  if (!recorded) return use(fittest(situation));
  if (recorded !== 'redis-url' && situation.redisUrlIsSet) {
    return refuse(
      `This data folder keeps its queue ${spoken[recorded]}, but REDIS_URL is set. Unset it, or set MERCATO_QUEUE=redis to move there (jobs that wait stay behind), or start over with --reset.`,
    );
  }
  if (recorded === 'redis-url' && !situation.redisUrlIsSet) {
    return refuse(
      `This data folder keeps its queue ${spoken[recorded]}, and REDIS_URL is not set. Set it, or choose anew with MERCATO_QUEUE=redis or MERCATO_QUEUE=postgres (jobs that wait stay behind), or start over with --reset.`,
    );
  }
  if (recorded === 'redis-own' && !situation.redisIsInstalled) {
    return refuse(
      `This data folder keeps its queue ${spoken[recorded]}, and neither redis-server nor valkey-server is on the PATH now. Install one, or set MERCATO_QUEUE=postgres to move there (jobs that wait stay behind), or start over with --reset.`,
    );
  }
  return use(recorded);
}

function choose(situation: Situation, choice: 'redis' | 'postgres'): Decision {
  const backend = choice === 'postgres' ? 'postgres' : fittest(situation);
  if (choice === 'redis' && backend === 'postgres') {
    return refuse(
      'MERCATO_QUEUE is redis, but REDIS_URL is not set and neither redis-server nor valkey-server is on the PATH. Set or install one, or set MERCATO_QUEUE=postgres.',
    );
  }
  const { recorded } = situation;
  return use(backend, recorded === backend ? undefined : recorded);
}

function fittest({ redisUrlIsSet, redisIsInstalled }: Situation): BackendName {
  if (redisUrlIsSet) return 'redis-url';
  return redisIsInstalled ? 'redis-own' : 'postgres';
}

const use = (backend: BackendName, leaves?: BackendName): Decision => ({ kind: 'use', backend, leaves });
const refuse = (message: string): Decision => ({ kind: 'refuse', message });
