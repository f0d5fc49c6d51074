import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Logger } from '@mercato/telemetry';
import { messageOf } from '../setup-error.ts';
import { Manifest, ManifestError } from './manifest.ts';

export interface ManifestFileSettings {
  readonly logger: Logger;
  /** Milliseconds between looks at the file. */
  readonly lookEvery?: number | undefined;
}

/**
 * A client's manifest, read anew whenever its file changes. What cannot be read or is no manifest is logged, and the
 * last good one stays. The file is looked at rather than watched: Kubernetes and careful writers replace it as a whole.
 */
export class ManifestFile {
  readonly path: string;
  readonly #logger: Logger;
  readonly #changed: () => void;
  readonly #look: () => void;
  #text: string;
  #manifest: Manifest;

  /** @throws ManifestError: without a first manifest there is none to keep. */
  constructor(path: string, changed: () => void, { logger, lookEvery = 2_000 }: ManifestFileSettings) {
    this.path = path;
    this.#logger = logger;
    this.#changed = changed;
    const first = firstOf(path);
    this.#text = first.text;
    this.#manifest = first.manifest;
    this.#look = () => void this.#read();
    watchFile(path, { interval: lookEvery, persistent: false }, this.#look);
    // What was written since it was read is no change to the watcher.
    this.#look();
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  close(): void {
    unwatchFile(this.path, this.#look);
  }

  async #read(): Promise<void> {
    try {
      const text = await readFile(this.path, 'utf8');
      if (text === this.#text) return;
      this.#manifest = Manifest.read(text);
      this.#text = text;
      this.#logger.info(
        { file: this.path, documents: this.#manifest.documents.length },
        'Trusted documents were reloaded',
      );
      this.#changed();
    } catch (error) {
      this.#logger.warn(
        { err: error, file: this.path },
        'Trusted documents stay as they were: the new ones cannot be used',
      );
    }
  }
}

/** The file is named in what is wrong with it: whoever reads that has it to mend. */
function firstOf(path: string): { text: string; manifest: Manifest } {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, manifest: Manifest.read(text) };
  } catch (error) {
    throw new ManifestError(`${path}: ${messageOf(error)}`);
  }
}
