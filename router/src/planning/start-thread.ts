import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** Planning is seldom: room for its garbage, in mebibytes, would be kept for ever and used for milliseconds. */
const youngMb = 8;

/** Run from its source in development, from its bundle in production. */
const program = new URL('./planning-worker.ts', import.meta.url);
const isSource = program.pathname.endsWith('.ts');

/** A thread does not inherit the translation of TypeScript: this asks for it, then starts the program. */
function translated(source: URL): string {
  // The package's CommonJS entry does not find its own parts in a thread.
  const translator = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  );
  const load = `import(${JSON.stringify(translator.href)}).then(({ register }) => register())`;
  return `${load}.then(() => import(${JSON.stringify(source.href)}));`;
}

/**
 * What the process was told of its own heap would hold for its threads too, whatever they are given. V8 asks when a heap is
 * made: the main thread's stays as it is. https://github.com/nodejs/node/issues/43991
 */
function forgetHeapOptions(): void {
  setFlagsFromString('--max-old-space-size=0');
  setFlagsFromString('--max-semi-space-size=0');
}

/** @param memoryMb mebibytes that what it keeps may take */
export function startThread(memoryMb: number): Worker {
  forgetHeapOptions();
  return new Worker(isSource ? translated(program) : program, {
    eval: isSource,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: youngMb },
  });
}
