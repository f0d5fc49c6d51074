import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeManifest } from '../trusted-documents/make-manifest.ts';

const usage = `npm run documents              writes the manifests of our own clients, from e2e/operations
npm run documents -- --check   says whether they are as they should be
npm run documents -- <folder> <manifest.json>
                               writes a manifest of the .graphql files in a folder`;

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Our own clients: where their documents are, and the manifest made of them. */
const own = ['storefront', 'backoffice', 'partner'].map((client) => ({
  folder: join(root, 'e2e/operations', client),
  manifest: join(root, 'router/documents', `${client}.json`),
}));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const [folder, manifest] = positionals;
if (values.help || positionals.length === 1 || positionals.length > 2) {
  process.stdout.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  const all = folder !== undefined && manifest !== undefined ? [{ folder, manifest }] : own;
  for (const each of all) {
    const text = makeManifest(documentsIn(each.folder));
    if (!values.check) writeFileSync(each.manifest, text);
    else if (read(each.manifest) !== text) {
      process.stderr.write(
        `${relative(process.cwd(), each.manifest)} is not made of the documents there are; npm run documents\n`,
      );
      process.exitCode = 1;
    }
  }
}

function documentsIn(folder: string) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql'));
  return files.sort().map((file) => ({ name: join(folder, file), text: readFileSync(join(folder, file), 'utf8') }));
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
