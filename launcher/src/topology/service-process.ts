import { type ChildProcess, spawn } from 'node:child_process';
import { programOptions } from '@mercato/bundle';
import type { Logger } from '@mercato/telemetry';
import { inheritedEnvironment, root } from '../environment.ts';
import { LaunchError } from '../launch-error.ts';

/** What a process of the supergraph is started with. */
export interface ServiceDefinition {
  /** Such as `inventory`, `inventory-worker` or `router`. */
  readonly name: string;
  /** The program, from the root of the checkout. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServiceProcess {
  readonly name: string;
  /** Of the process that runs now; undefined when none does. */
  readonly pid: number | undefined;
  /** Resolves when the process says that it is ready. @throws LaunchError when it ends before, or takes too long. */
  start(): Promise<void>;
  /** Ends it, and keeps it ended. Resolves when the process is gone: one that does not obey is ended by force. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** From now on, a process that ends is not started again. */
  leaveEnded(): void;
}

/** Milliseconds until a process that ended by itself is started again; doubled each time, up to the last. */
const restartDelays = [500, 1_000, 2_000, 4_000, 8_000];
/** A machine that is busy with a dozen other starts is slow. */
const readyWithinMs = 90_000;

export interface Patience {
  /** Milliseconds until a process that was told to end is ended by force. */
  readonly obeysWithinMs: number;
}

/** Longer than a worker waits for its jobs. */
const patience: Patience = { obeysWithinMs: 20_000 };

/** Runs one service as a child process. One that dies is started again; one that was killed on purpose is not. */
export function serviceProcess(
  definition: ServiceDefinition,
  logger: Logger,
  { obeysWithinMs }: Patience = patience,
): ServiceProcess {
  let child: ChildProcess | undefined;
  /** A process that ends by itself is started again when it was ready once, until it is let go. */
  let state: 'starting' | 'kept' | 'let-go' = 'let-go';
  let restarts = 0;
  let restartTimer: NodeJS.Timeout | undefined;

  const launch = async (): Promise<void> => {
    const started = spawnService(definition);
    child = started;
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined;
      if (state !== 'kept') return;
      const delay = restartDelays[Math.min(restarts++, restartDelays.length - 1)] ?? 0;
      logger.warn({ service: definition.name, code, signal, delay }, 'A service ended by itself and is started again');
      restartTimer = setTimeout(() => {
        launch().catch((error: unknown) => logger.warn({ err: error }, 'A service did not come back yet'));
      }, delay);
    });
    await untilReady(started, definition.name);
    restarts = 0;
  };
  const leaveEnded = () => {
    state = 'let-go';
    clearTimeout(restartTimer);
  };

  return {
    name: definition.name,
    get pid() {
      return child?.pid;
    },
    async start() {
      state = 'starting';
      try {
        await launch();
        if (state === 'starting') state = 'kept';
      } catch (error) {
        leaveEnded();
        if (child) await end(child, 'SIGKILL', obeysWithinMs);
        throw error;
      }
    },
    async kill(signal) {
      leaveEnded();
      if (child) await end(child, signal, obeysWithinMs);
    },
    leaveEnded,
  };
}

function spawnService({ entry, environment }: ServiceDefinition): ChildProcess {
  return spawn(process.execPath, [entry], {
    cwd: root,
    env: { ...withoutOurSettings(), ...environment, NODE_OPTIONS: nodeOptions() },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A group of its own: Ctrl-C in the terminal is for the launcher, which stops the services in order. When the
    // launcher is killed, the closed channel tells them.
    detached: true,
  });
}

function untilReady(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(
      () => reject(new LaunchError(`${name} was not ready within ${readyWithinMs / 1_000} s; see its log above.`)),
      readyWithinMs,
    );
    child.once('exit', (code, signal) => {
      clearTimeout(tooLate);
      reject(
        new LaunchError(`${name} ended (${signal ?? `exit code ${code}`}) before it was ready; its reason is above.`),
      );
    });
    child.once('error', (error) => {
      clearTimeout(tooLate);
      reject(new LaunchError(`${name} could not be started: ${error.message}.`));
    });
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('kind' in message) || message.kind !== 'ready') return;
      clearTimeout(tooLate);
      resolve();
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals, obeysWithinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const disobeyed = setTimeout(() => child.kill('SIGKILL'), obeysWithinMs);
  await gone;
  clearTimeout(disobeyed);
}

/** Settings of the launcher that would mean something else to a service. */
const ours = [
  'PORT',
  'HOST',
  'DATABASE_URL',
  'REDIS_URL',
  'REGISTRY_URL',
  'ADVERTISE_URL',
  'DNS_SERVERS',
  'DRAIN_MS',
  'MERCATO_DATA_DIR',
  'LOG_LEVEL',
];

/** Of two that say different things, Node takes the later one: the user's. */
const nodeOptions = (): string => [...programOptions, inheritedEnvironment().NODE_OPTIONS ?? ''].join(' ').trimEnd();

const withoutOurSettings = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(inheritedEnvironment()).filter(([name]) => !ours.includes(name)));
