import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleDataFolder } from './environment.ts';

/** Files of real shops, where there are any. */
export interface SampleData {
  path(file: string): string;
  read(file: string): Buffer;
}

/** @returns null, having said so, when a file is missing */
export function sampleData(what: string, files: readonly string[]): SampleData | null {
  const folder = sampleDataFolder();
  if (!folder || !files.every((file) => existsSync(join(folder, file)))) {
    console.warn(`${what} are skipped: MERCATO_SAMPLE_DATA names no folder that holds ${files.join(' and ')}.`);
    return null;
  }
  return { path: (file) => join(folder, file), read: (file) => readFileSync(join(folder, file)) };
}
