import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { inRoot } from './root.mjs';
import { mustRun, run } from './run.mjs';
import { fingerprint, foldersIn, isStamped, stamp } from './stamps.mjs';
import { step } from './steps.mjs';

const TOOLS = inRoot('.mercato-tools');

/** Installs the packages when the lockfile, a manifest, Node or the platform changed since the last time. */
export async function installPackages() {
  const wanted = fingerprint(
    [...['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'].map((name) => inRoot(name)), ...manifests()],
    process.versions.modules,
    process.platform,
    process.arch,
  );
  if (isStamped('install', wanted)) return;
  const [file, args] = await findPnpm();
  const install = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  await step('Installing packages', () => mustRun('Installing packages', file, [...args, ...install]));
  stamp('install', wanted);
}

/** Installs a folder that is a workspace of its own, with its own lockfile. */
export async function installWorkspace(folder) {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((name) => inRoot(folder, name));
  const wanted = fingerprint(files, process.versions.modules, process.platform, process.arch);
  if (isStamped(`install-${folder}`, wanted) && existsSync(inRoot(folder, 'node_modules'))) return;
  const [file, args] = await findPnpm();
  const install = ['--dir', inRoot(folder), 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  await step(`Installing packages of ${folder}`, () => mustRun('Installing packages', file, [...args, ...install]));
  stamp(`install-${folder}`, wanted);
}

/** Every package.json of the workspace: the root's, those of its folders and of theirs. */
function manifests() {
  const folders = foldersIn(inRoot()).flatMap((name) => [
    name,
    ...foldersIn(inRoot(name)).map((sub) => `${name}/${sub}`),
  ]);
  return ['.', ...folders].map((name) => inRoot(name, 'package.json')).filter((path) => existsSync(path));
}

/** The pnpm the workspace names: the one on PATH when it is that, else one of our own beside the checkout's data. */
async function findPnpm() {
  const version = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).packageManager.split('@')[1];
  const found = await run('pnpm', ['--version'], { env: { COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' } }).catch(() => null);
  if (found?.code === 0 && found.output.trim() === version) return ['pnpm', []];

  const own = `${TOOLS}/node_modules/pnpm/bin/pnpm.cjs`;
  const manifest = `${TOOLS}/node_modules/pnpm/package.json`;
  if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).version !== version) {
    const [file, args] = npm();
    const install = ['install', '--prefix', TOOLS, '--no-save', '--no-audit', '--no-fund', `pnpm@${version}`];
    await step(`Fetching pnpm ${version}`, () => mustRun('Fetching pnpm', file, [...args, ...install]));
  }
  return [process.execPath, [own]];
}

function npm() {
  const path = process.env.npm_execpath ?? '';
  return basename(path) === 'npm-cli.js' ? [process.execPath, [path]] : ['npm', []];
}
