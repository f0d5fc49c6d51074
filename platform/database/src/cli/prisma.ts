import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export interface PrismaRun {
  /** The checkout's root, where prisma.config.ts is. */
  root: string;
  /** Merged into the environment. */
  environment: Record<string, string | undefined>;
}

/** Runs Prisma's own CLI with the wasm engine in place of the program it would download. @returns its exit code */
export function runPrisma(args: string[], { root, environment }: PrismaRun): Promise<number> {
  const cli = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...environment,
      PRISMA_SCHEMA_ENGINE_BINARY: engineLauncher(root),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** A program that Prisma can start: it wants one file, and ours is TypeScript under Node. */
function engineLauncher(root: string): string {
  const folder = join(root, 'node_modules', '.mercato');
  const path = join(folder, 'schema-engine');
  const tsx = createRequire(join(root, 'package.json')).resolve('tsx');
  const engine = fileURLToPath(new URL('./schema-engine.ts', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec ${[process.execPath, '--import', tsx, engine].map(quoted).join(' ')} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
