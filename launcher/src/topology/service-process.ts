import { type ChildProcess, spawn } from 'node:child_process';
import type { Logger } from '@mercato/telemetry';
import { inheritedEnvironment, root } from '../environment.ts';
import { LaunchError } from '../launch-error.ts';

/** What a process of the supergraph is started with. */
export interface ServiceDefinition {
  /** Such as `inventory`, `inventory-worker` or `router`. */
  readonly name: string;
  /** The file to run, from the root of the checkout. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServiceProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** Resolves when the process says that it is ready. @throws LaunchError when it ends before. */
  start(): Promise<void>;
  /** Ends it, and keeps it ended. Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Milliseconds until a process that ended by itself is started again; doubled each time, up to the last. */
const restartDelays = [500, 1_000, 2_000, 4_000, 8_000];

/** Runs one service as a child process. One that dies is started again; one that was killed on purpose is not. */
export function serviceProcess(definition: ServiceDefinition, logger: Logger): ServiceProcess {
  let child: ChildProcess | undefined;
  let wanted = false;
  let restarts = 0;
  let restartTimer: NodeJS.Timeout | undefined;

  const launch = (): Promise<void> => {
    const started = spawn(process.execPath, ['--import', 'tsx', definition.entry], {
      cwd: root,
      env: { ...withoutOurSettings(), ...definition.environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    started.once('exit', (code, signal) => {
      if (child === started) child = undefined;
      if (!wanted) return;
      const delay = restartDelays[Math.min(restarts++, restartDelays.length - 1)] ?? 0;
      logger.warn({ service: definition.name, code, signal, delay }, 'A service ended by itself and is started again');
      restartTimer = setTimeout(() => {
        launch().catch((error: unknown) => logger.warn({ err: error }, 'A service did not come back yet'));
      }, delay);
    });
    return ready(started, definition.name).then(() => {
      restarts = 0;
    });
  };

  return {
    name: definition.name,
    get pid() {
      return child?.pid;
    },
    start() {
      wanted = true;
      return launch();
    },
    async kill(signal) {
      wanted = false;
      clearTimeout(restartTimer);
      const running = child;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill(signal);
      await gone;
    },
  };
}

function ready(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) =>
      reject(
        new LaunchError(`${name} ended (${signal ?? `exit code ${code}`}) before it was ready; its reason is above.`),
      ),
    );
    child.once('error', (error) => reject(new LaunchError(`${name} could not be started: ${error.message}.`)));
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready') resolve();
    });
  });
}

/** Settings of the launcher that would mean something else to a service. */
const ours = ['PORT', 'HOST', 'DATABASE_URL', 'REDIS_URL', 'MERCATO_DATA_DIR', 'LOG_LEVEL'];

const withoutOurSettings = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(inheritedEnvironment()).filter(([name]) => !ours.includes(name)));
