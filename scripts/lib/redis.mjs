import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';
import { step } from './steps.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

/** Installs Debian's Redis for the tests of the queue where that can be done without asking; else says so. */
export async function ensureRedis() {
  if (process.env.REDIS_URL || onPath('redis-server') || onPath('valkey-server')) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.error('  No Redis on PATH and none can be installed here: tests on Redis are skipped.');
    return;
  }
  const failure = await step('Installing redis-server', install);
  if (failure) console.error(`  Redis could not be installed, tests on Redis are skipped: ${failure}`);
}

/** @returns null, or why it could not be installed */
async function install() {
  // The tests start a server of their own; Debian's must not take the port and stay.
  const mayWrite = !existsSync(POLICY);
  if (mayWrite) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const args = ['install', '-y', '-q', '--no-install-recommends', 'redis-server'];
    let outcome = await run('apt-get', args, { env });
    if (outcome.code !== 0) {
      await run('apt-get', ['update', '-q'], { env });
      outcome = await run('apt-get', args, { env });
    }
    return outcome.code === 0 ? null : (outcome.output.trim().split('\n').at(-1) ?? 'apt-get failed');
  } finally {
    if (mayWrite) rmSync(POLICY, { force: true });
  }
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
