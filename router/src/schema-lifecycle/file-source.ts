import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@mercato/telemetry';
import type { SchemaHost, SchemaSource } from './schema-source.ts';

/** Milliseconds for which a file has to stay as it is before it is taken for whole. */
const settleMs = 150;

/**
 * A supergraph's file, looked at rather than watched: Kubernetes and careful writers replace it as a whole. One that is
 * half written is no supergraph, and is read again when it has changed once more. Whoever wrote it has decided: what
 * documents it breaks is told, and does not keep it out.
 */
export function fileSource(
  path: string,
  { logger, lookEvery = 1_000 }: { logger: Logger; lookEvery?: number },
): SchemaSource {
  let look: (() => void) | undefined;
  let reading: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const read = async (host: SchemaHost): Promise<void> => {
    do {
      again = false;
      try {
        const text = await readFile(path, 'utf8');
        await wait(settleMs, undefined, { ref: false });
        // Still being written: even a beginning can be valid.
        if ((await readFile(path, 'utf8')) !== text) again = true;
        else await host.offer(text, 'warn');
      } catch (error) {
        logger.warn({ err: error, file: path }, 'The supergraph stays as it was: its file cannot be read');
      }
    } while (again && !closed);
    reading = undefined;
  };

  return {
    start(host) {
      look = () => {
        again = true;
        reading ??= read(host);
      };
      watchFile(path, { interval: lookEvery, persistent: false }, look);
      // What was written since the router read it is no change to the watcher.
      look();
    },
    async close() {
      if (look) unwatchFile(path, look);
      closed = true;
      await reading;
    },
  };
}
