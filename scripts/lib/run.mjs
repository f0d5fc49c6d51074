import { spawn } from 'node:child_process';
import { inRoot, root } from './root.mjs';
import { StepError } from './steps.mjs';

/** Nothing that runs here reports to anybody or asks for newer versions. */
const QUIET = {
  APOLLO_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  NO_UPDATE_NOTIFIER: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
};

/**
 * Runs a program in the checkout's root.
 * @param options.show true lets it write to the terminal; otherwise its output is returned
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(file, args, { env = {}, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...QUIET, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** As `run`, and a program that fails is an error that shows what it said. */
export async function mustRun(what, file, args, options) {
  const { code, output } = await run(file, args, options);
  if (code !== 0) throw new StepError(`${what} failed (exit code ${code}).\n${output.trim()}`);
  return output;
}

/** `node` with TypeScript. */
export const node = (...args) => [process.execPath, ['--import', 'tsx', ...args]];

/** The JavaScript behind a tool in the root's node_modules: run with node, it works on every platform. */
export const tool = (path, ...args) => [process.execPath, [inRoot('node_modules', path), ...args]];
