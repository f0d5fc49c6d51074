import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { freePort } from '@mercato/ports';
import { bareEnvironment } from '../../src/environment.ts';

const resolve = createRequire(import.meta.url).resolve;
const folder = '@apollo/federation-subgraph-compatibility-tests/dist/subgraphs';

export interface ReferenceSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** One of the subgraphs that the specification's tests bring along, run as it comes. */
export async function startReference(name: 'users' | 'inventory'): Promise<ReferenceSubgraph> {
  const port = await freePort('127.0.0.1');
  const child = spawn(process.execPath, [resolve(`${folder}/${name}/index.js`)], {
    env: { ...bareEnvironment(), [`${name.toUpperCase()}_PORT`]: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const outcome = await Promise.race([once(child, 'message'), ended.then(() => 'ended')]);
  if (outcome === 'ended') throw new Error(`The subgraph ${name} ended before it was ready.`);
  return {
    name,
    sdl: readFileSync(resolve(`${folder}/${name}/${name}.graphql`), 'utf8'),
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
