import { mkdirSync } from 'node:fs';
import { generateKey } from '@mercato/auth';
import { bundlePrograms, programOptions } from '@mercato/bundle';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';

export interface OurRouter {
  readonly supergraphFile: string;
  /** Of each subgraph. */
  readonly urls: Readonly<Record<string, string>>;
  /** Whose tokens it believes, in the router's own variables. */
  readonly trust: Readonly<Record<string, string>>;
  /** Where CPU profiles go when it ends. */
  readonly profileDir: string | undefined;
  /** Whether its garbage is thrown away each time its use is asked for, so that memory is what is used. */
  readonly withoutGarbage?: boolean;
}

/** Our router as the processes topology and the image run it: bundled, log lines included. */
export async function startOurRouter(settings: OurRouter): Promise<MeasuredProcess> {
  const { supergraphFile, urls, trust, profileDir, withoutGarbage = false } = settings;
  const entry = 'router/src/main.ts';
  const program = (await bundlePrograms([entry])).get(entry);
  if (!program) throw new Error(`${entry} was not bundled.`);
  if (profileDir) mkdirSync(profileDir, { recursive: true });
  return startMeasured(
    [program],
    {
      SUPERGRAPH_FILE: supergraphFile,
      SUBGRAPH_URLS: JSON.stringify(urls),
      SIGNING_KEY: JSON.stringify(generateKey()),
      PORT: '0',
      LOG_LEVEL: 'info',
      // These graphs have no tags.
      CONTRACTS: '{}',
      // Peers keep nothing either.
      ENTITY_CACHE: 'off',
      ...trust,
    },
    [
      ...programOptions,
      ...(withoutGarbage ? ['--expose-gc'] : []),
      ...(profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : []),
    ],
  );
}
