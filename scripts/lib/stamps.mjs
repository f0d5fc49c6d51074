import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './root.mjs';

/** Kept in node_modules, so that they vanish with what they vouch for. */
const folder = inRoot('node_modules', '.mercato');

/** A hash over the content of files; a missing file counts as such. */
export function fingerprint(paths, ...more) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0${existsSync(path) ? readFileSync(path) : 'missing'}\0`);
  for (const text of more) hash.update(`${text}\0`);
  return hash.digest('hex');
}

export function isStamped(name, value) {
  const path = join(folder, name);
  return existsSync(path) && readFileSync(path, 'utf8') === value;
}

export function stamp(name, value) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), value);
}

/** Names of the folders in `path`, sorted; none when it does not exist. */
export function foldersIn(path) {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort();
}

/** All files under `path`, sorted. */
export function filesUnder(path) {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
