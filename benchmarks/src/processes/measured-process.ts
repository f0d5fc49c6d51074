import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { inheritedEnvironment, root } from '../environment.ts';

export interface Usage {
  /** User and system time of all threads since the process began. */
  readonly cpuMicroseconds: number;
  readonly rssBytes: number;
  /** What the program holds of it, of the main thread. */
  readonly liveBytes: number;
}

/** A Node process that tells its own use of the processor. */
export interface MeasuredProcess {
  readonly url: string;
  /** Of a whole system: where its databases are. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Of a process that is several services: where each listens. */
  readonly urls: Readonly<Record<string, string>>;
  usage(): Promise<Usage>;
  /** What the process answers to a message of its own. */
  ask<Answer>(question: string, form: z.ZodType<Answer>): Promise<Answer>;
  stop(): Promise<void>;
}

const readyMessage = z.object({
  kind: z.literal('ready'),
  url: z.string(),
  databaseUrls: z.record(z.string(), z.string()).default({}),
  urls: z.record(z.string(), z.string()).default({}),
});
const usageMessage = z.object({
  kind: z.literal('usage'),
  cpuMicroseconds: z.number(),
  rssBytes: z.number(),
  liveBytes: z.number(),
});

const meter = pathToFileURL(resolve(import.meta.dirname, 'cpu-meter.mjs')).href;

/**
 * Runs a program of the checkout as a process that says `{kind: 'ready', url}` to its parent when it is. TypeScript is
 * translated as it loads; JavaScript, such as a bundle, runs as in production, with nothing loaded beside it.
 */
export async function startMeasured(
  [entry, ...args]: readonly [entry: string, ...args: string[]],
  environment: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Promise<MeasuredProcess> {
  const translation = entry.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...nodeOptions, ...translation, '--import', meter, entry, ...args], {
    cwd: root,
    env: { ...inheritedEnvironment(), ...environment },
    // Log lines are written, as they would be, and read by nobody.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await reply(child, readyMessage, entry);
  const ask = async <Answer>(question: string, form: z.ZodType<Answer>): Promise<Answer> => {
    const answer = reply(child, form, entry);
    child.send(question);
    return answer;
  };
  return {
    url: ready.url,
    databaseUrls: ready.databaseUrls,
    urls: ready.urls,
    usage: () => ask('usage', usageMessage),
    ask,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((done) => child.once('exit', () => done()));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The next message of this form. */
function reply<Message>(child: ChildProcess, form: z.ZodType<Message>, entry: string): Promise<Message> {
  return new Promise((resolveReply, reject) => {
    const onMessage = (message: unknown) => {
      const parsed = form.safeParse(message);
      if (!parsed.success) return;
      settle();
      resolveReply(parsed.data);
    };
    const onExit = (code: number | null) => {
      settle();
      reject(new Error(`${entry} ended with exit code ${code}.`));
    };
    const settle = () => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
