import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { guest, type Viewer, type ViewerKind } from '@mercato/auth';
import { createLogger } from '@mercato/telemetry';
import { parse, stripIgnoredCharacters } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { RequestError } from '../src/operations/request-error.ts';
import { canonicalText } from '../src/trusted-documents/canonical-text.ts';
import { makeManifest } from '../src/trusted-documents/make-manifest.ts';
import { Manifest, ManifestError } from '../src/trusted-documents/manifest.ts';
import type { SafelistMode, TrustedDocumentsOptions } from '../src/trusted-documents/options.ts';
import { PersistedQueries, sha256 } from '../src/trusted-documents/persisted-queries.ts';
import { DocumentResolver } from '../src/trusted-documents/resolve-document.ts';
import { TrustedDocuments } from '../src/trusted-documents/trusted-documents.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const viewer = (kind: ViewerKind, ...scopes: string[]): Viewer => ({ kind, id: kind === 'guest' ? null : 'x', scopes });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mercato-documents-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('documents are the same', () => {
  const one = 'query A($id: ID!) { a(id: $id) { ...F b(x: "y  z") } } fragment F on A { c }';
  test.each([
    ['without whitespace', stripIgnoredCharacters(one)],
    [
      'with comments and commas',
      `# first\n${one.replace('{ a', '{\n\n  # here\n  a').replace('...F b', '...F,,,\n b')}`,
    ],
    [
      'with definitions in another order',
      'fragment F on A { c } query A($id: ID!) { a(id: $id) { ...F b(x: "y  z") } }',
    ],
  ])('%s', (_what, other) => {
    expect(canonicalText(other)).toBe(canonicalText(one));
  });
  test.each([
    ['with another value', one.replace('y  z', 'y z')],
    ['with another name', one.replace('query A', 'query B')],
    ['with one field more', one.replace('{ c }', '{ c d }')],
    ['with a directive', one.replace('...F', '...F @include(if: true)')],
    ['with another alias', one.replace('b(', 'q: b(')],
  ])('not %s', (_what, other) => {
    expect(canonicalText(other)).not.toBe(canonicalText(one));
  });
  test.each([
    ['half of one', '{'],
    ['words', 'nothing'],
    ['nothing', ''],
    ['a very long one', `{ ${'a '.repeat(20_000)} }`],
    ['nothing but comments', '#\n'.repeat(20_000)],
  ])('nothing comes of what is no document: %s', (_what, text) => {
    expect(canonicalText(text)).toBeUndefined();
  });
  // Whether the stack goes so far depends on who calls.
  test.each([
    ['selections', `${'{a'.repeat(4_900)}${'}'.repeat(4_900)}`],
    ['values', `{a(b:${'['.repeat(4_900)}${']'.repeat(4_900)})}`],
  ])('very deep %s do no harm', (_what, text) => {
    expect(canonicalText(text)?.replaceAll(/\s/g, '') ?? text).toBe(text);
  });
});

describe('manifests', () => {
  const apollo = (...operations: object[]) =>
    JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });

  test('Apollo’s form', () => {
    const manifest = Manifest.read(apollo({ id: 'abc', name: 'A', type: 'query', body: 'query A { a }' }));
    expect(manifest.textOf('abc')).toBe('query A { a }');
    expect(manifest.documents).toEqual([{ id: 'abc', name: 'A', text: 'query A { a }' }]);
    expect(manifest.holds(canonicalText('query A {a}') ?? '')).toBe(true);
  });
  test('Relay’s form', () => {
    expect(Manifest.read('{"0a1b": "query A { a }"}').textOf('0a1b')).toBe('query A { a }');
  });
  test('an id is no property that objects have anyway', () => {
    expect(Manifest.read('{}').textOf('constructor')).toBeUndefined();
    expect(Manifest.read('{}').textOf('__proto__')).toBeUndefined();
  });
  test.each([
    ['no JSON', '{', 'not JSON'],
    ['a list', '[]', 'form'],
    [
      'another version',
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 2, operations: [] }),
      'version',
    ],
    ['another format', JSON.stringify({ format: 'x', version: 1, operations: [] }), 'format'],
    ['an operation without a body', apollo({ id: 'a', name: 'A' }), 'operations.0.body'],
    ['a document that does not parse', apollo({ id: 'a', name: 'A', body: 'query {' }), 'document A is no GraphQL'],
    ['one id twice', apollo({ id: 'a', body: '{ a }' }, { id: 'a', body: '{ b }' }), 'Two documents have the id a'],
  ])('%s is refused with a reason', (_what, text, reason) => {
    expect(() => Manifest.read(text)).toThrow(ManifestError);
    expect(() => Manifest.read(text)).toThrow(reason);
  });

  test('one made of files says each operation with its fragments, whatever the files', () => {
    const [a, b, f] = ['query A { a { ...F } }', 'mutation B { b }', 'fragment F on A { c }'];
    const made = makeManifest([{ name: 'one', text: [b, a, f].join('\n') }]);
    expect(
      makeManifest([
        { name: 'a', text: `${a} ${f}` },
        { name: 'b', text: b },
      ]),
    ).toBe(made);
    expect(JSON.parse(made).operations).toMatchObject([
      { name: 'A', type: 'query', body: 'query A {\n  a {\n    ...F\n  }\n}\n\nfragment F on A {\n  c\n}' },
      { name: 'B', type: 'mutation' },
    ]);
    const [first] = Manifest.read(made).documents;
    expect(first?.id).toBe(sha256(first?.text ?? ''));
  });
  test.each([
    ['an operation without a name', '{ a }', 'wants a name'],
    ['two operations of one name', 'query A { a }', 'two operations A'],
  ])('%s makes none', (_what, text, reason) => {
    expect(() =>
      makeManifest([
        { name: 'one', text: 'query A { a }' },
        { name: 'two', text },
      ]),
    ).toThrow(reason);
  });

  test('the committed ones are made of the documents that our clients send (npm run documents)', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const check = ['--import', 'tsx', 'router/src/cli/documents.ts', '--check'];
    const { stderr } = await promisify(execFile)(process.execPath, check, { cwd: root });
    expect(stderr).toBe('');
  });

  test.each(['storefront', 'backoffice', 'partner'])('the committed one of %s is usable', (client) => {
    const manifest = Manifest.read(readFileSync(new URL(`../documents/${client}.json`, import.meta.url), 'utf8'));
    expect(manifest.documents.length).toBeGreaterThan(2);
    for (const { id, text } of manifest.documents) expect(id).toBe(sha256(text));
  });
});

const known = 'query Known { a }';
const knownId = sha256(known);
const foreign = 'query Foreign { b }';
const foreignId = sha256(foreign);

let opened: TrustedDocuments[] = [];
afterEach(() => {
  for (const each of opened) each.close();
  opened = [];
});

function fileOf(text: string, name = `${sha256(text).slice(0, 8)}.json`): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function resolverOf(options: TrustedDocumentsOptions, log = logger) {
  const trusted = new TrustedDocuments(options, { logger: log, lookEvery: 20 });
  opened.push(trusted);
  const persisted = new PersistedQueries({ logger: log });
  return { trusted, persisted, resolver: new DocumentResolver({ trusted, persisted, logger: log }) };
}

const manifestFile = () => fileOf(makeManifest([{ name: 'known', text: known }]));
const knownText = () => JSON.parse(readFileSync(manifestFile(), 'utf8')).operations[0].body as string;
const persistedQuery = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

/** The text found, or the code it was refused with. */
async function outcome(ask: () => unknown): Promise<string> {
  try {
    const found = await ask();
    return (found as { text: string }).text;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return String(error.errors[0]?.extensions.code);
  }
}

describe('what may be sent', () => {
  const cases: [mode: SafelistMode, byId: string, foreignById: string, asText: string, foreignAsText: string][] = [
    ['off', 'ok', 'PERSISTED_QUERY_NOT_FOUND', 'ok', 'ok'],
    ['audit', 'ok', 'PERSISTED_QUERY_NOT_FOUND', 'ok', 'ok'],
    ['only', 'ok', 'PERSISTED_QUERY_NOT_FOUND', 'ok', 'QUERY_NOT_IN_SAFELIST'],
    ['ids', 'ok', 'PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_ID_REQUIRED', 'PERSISTED_QUERY_ID_REQUIRED'],
  ];
  test.each(cases)('with the mode %s', async (mode, byId, foreignById, asText, foreignAsText) => {
    const { resolver } = resolverOf({ shop: { file: manifestFile(), mode } });
    const id = sha256(knownText());
    const is = async (request: object) => {
      const found = await outcome(() => resolver.resolve(request, guest));
      return /^[A-Z_]+$/.test(found) ? found : 'ok';
    };
    expect(await is({ documentId: `sha256:${id}` })).toBe(byId);
    expect(await is({ extensions: persistedQuery(id) })).toBe(byId);
    expect(await is({ documentId: `sha256:${foreignId}` })).toBe(foreignById);
    expect(await is({ query: 'query Known{a}' })).toBe(asText);
    expect(await is({ query: foreign })).toBe(foreignAsText);
    expect(await is({ query: foreign, extensions: persistedQuery(foreignId) })).toBe(foreignAsText);
  });

  test('what is outside cannot be registered, nor what others registered be used', async () => {
    const { resolver, persisted } = resolverOf({ shop: { file: manifestFile(), mode: 'only', for: ['guest'] } });
    const staff = viewer('staff');
    resolver.accept(await resolver.resolve({ query: foreign, extensions: persistedQuery(foreignId) }, staff));
    expect(persisted.get(foreignId)).toBe(foreign);
    expect(await outcome(() => resolver.resolve({ extensions: persistedQuery(foreignId) }, staff))).toBe(foreign);
    expect(await outcome(() => resolver.resolve({ extensions: persistedQuery(foreignId) }, guest))).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });

  test('the credential decides, and the strictest of several manifests that count', async () => {
    const other = fileOf('{"custom-id": "query Other { c }"}');
    const { resolver } = resolverOf({
      shop: { file: manifestFile(), mode: 'only', for: ['guest', 'customer'] },
      app: { file: other, mode: 'audit', for: ['guest'] },
    });
    const ask = (query: string, who: Viewer) => outcome(() => resolver.resolve({ query }, who));
    expect(await ask('query Other { c }', guest)).toBe('query Other { c }');
    expect(await ask('query Other { c }', viewer('customer'))).toBe('QUERY_NOT_IN_SAFELIST');
    expect(await ask(foreign, guest)).toBe('QUERY_NOT_IN_SAFELIST');
    expect(await ask(foreign, viewer('partner'))).toBe(foreign);
    expect(await ask(foreign, viewer('customer', 'documents:any'))).toBe(foreign);
    const byId = (who: Viewer) => outcome(() => resolver.resolve({ documentId: 'custom-id' }, who));
    expect(await byId(guest)).toBe('query Other { c }');
    expect(await byId(viewer('customer'))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  test('audit tells of each document once, by its hash and operations, never by its text', async () => {
    const lines: string[] = [];
    const log = createLogger({
      name: 'test',
      level: 'info',
      destination: { write: (line: string) => lines.push(line) },
    });
    const { resolver } = resolverOf({ shop: { file: manifestFile(), mode: 'audit' } }, log);
    const secret = 'query Foreign { b(email: "ada@example.com") }';
    for (const _time of [1, 2, 3]) await resolver.resolve({ query: secret }, guest);
    await resolver.resolve({ query: 'query Known { a }' }, guest);
    const told = lines.filter((line) => line.includes('outside'));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({
      document: sha256(secret),
      operations: ['Foreign'],
      viewer: 'guest',
    });
    expect(told[0]).not.toContain('ada');
  });

  test.each([
    ['nothing', {}],
    ['an empty query', { query: '' }],
    ['an id that is no text', { documentId: 5 }],
    ['an id with other characters', { documentId: 'sha256:../../etc' }],
    ['a short hash', { documentId: 'sha256:abc' }],
    ['a hash in capitals', { documentId: `sha256:${knownId.toUpperCase()}` }],
    ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: knownId } } }],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['no object', { extensions: { persistedQuery: 'x' } }],
    ['the hash of another text', { query: known, extensions: persistedQuery(foreignId) }],
    ['the id of another text', { query: known, documentId: `sha256:${foreignId}` }],
    ['two ids', { documentId: `sha256:${knownId}`, extensions: persistedQuery(foreignId) }],
  ])('a request with %s is the caller’s mistake', async (_what, request) => {
    const { resolver } = resolverOf({});
    expect(await outcome(() => resolver.resolve(request, guest))).toBe('BAD_REQUEST');
  });
});

describe('reloading', () => {
  const write = (file: string, text: string) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  const one = makeManifest([{ name: 'one', text: 'query One { a }' }]);
  const two = makeManifest([{ name: 'two', text: 'query Two { a }' }]);

  test('a manifest that changes counts at once; garbage and a file that vanishes change nothing', async () => {
    const lines: string[] = [];
    const log = createLogger({
      name: 'test',
      level: 'warn',
      destination: { write: (line: string) => lines.push(line) },
    });
    const file = fileOf(one, 'changing.json');
    const { resolver } = resolverOf({ shop: { file, mode: 'only' } }, log);
    const isTaken = async (query: string) => (await outcome(() => resolver.resolve({ query }, guest))) === query;
    expect([await isTaken('query One { a }'), await isTaken('query Two { a }')]).toEqual([true, false]);

    write(file, two);
    await vi.waitFor(async () => expect(await isTaken('query Two { a }')).toBe(true), { timeout: 5_000 });
    expect(await isTaken('query One { a }')).toBe(false);

    write(file, '{"format": "apollo-persisted-query-manifest", "version": 1');
    await vi.waitFor(() => expect(lines.join()).toContain('The manifest is not JSON'), { timeout: 5_000 });
    expect([await isTaken('query One { a }'), await isTaken('query Two { a }')]).toEqual([false, true]);

    unlinkSync(file);
    await vi.waitFor(() => expect(lines.join()).toContain('ENOENT'), { timeout: 5_000 });
    expect(await isTaken('query Two { a }')).toBe(true);

    write(file, one);
    await vi.waitFor(async () => expect(await isTaken('query One { a }')).toBe(true), { timeout: 5_000 });
  });

  test.each([
    ['is not there', () => join(folder, 'nowhere.json')],
    ['is no manifest', () => fileOf('[]')],
  ])('without a first manifest nothing starts: a file that %s', (_what, file) => {
    const path = file();
    const start = () => resolverOf({ good: { file: manifestFile() }, shop: { file: path } });
    expect(start).toThrow(ManifestError);
    expect(start).toThrow(path);
  });

  test('a client’s documents can be listed', () => {
    const { trusted } = resolverOf({ shop: { file: manifestFile() } });
    expect(trusted.documentsOf('shop').map(({ name }) => name)).toEqual(['Known']);
    expect(trusted.documentsOf('other')).toEqual([]);
    for (const text of trusted.texts) expect(() => parse(text)).not.toThrow();
    expect(trusted.texts).toHaveLength(1);
  });
});
