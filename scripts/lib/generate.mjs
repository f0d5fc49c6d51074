import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './root.mjs';
import { mustRun, node, tool } from './run.mjs';
import { filesUnder, fingerprint, foldersIn, isStamped, stamp } from './stamps.mjs';
import { step } from './steps.mjs';

/** Makes what is made from other files, each only when those changed: Prisma clients, resolver types, the supergraph, the explorer. */
export async function generate() {
  await generatePrismaClients();
  await generateResolverTypes();
  await composeWhenChanged();
  await buildExplorer();
}

/** It changes with a tool's version, and what the tool makes may change too. */
const manifestOf = (tool) => inRoot('node_modules', tool, 'package.json');

/** The domains whose database is asked through Prisma. */
function prismaDomains() {
  return foldersIn(inRoot('prisma')).filter((name) => {
    const schema = inRoot('prisma', name, 'schema.prisma');
    return existsSync(schema) && /^generator /m.test(readFileSync(schema, 'utf8'));
  });
}

async function generatePrismaClients() {
  const stale = prismaDomains()
    .map((domain) => ({
      domain,
      wanted: fingerprint([inRoot('prisma', domain, 'schema.prisma'), manifestOf('prisma')]),
    }))
    .filter(
      ({ domain, wanted }) =>
        !isStamped(`prisma-${domain}`, wanted) ||
        !existsSync(inRoot('subgraphs', domain, 'src', 'generated', 'prisma', 'client.ts')),
    );
  if (stale.length === 0) return;
  await step(`Generating Prisma clients (${stale.map(({ domain }) => domain).join(', ')})`, async () => {
    // Two at a time: each is a program of its own that loads for longer than it works.
    const queue = [...stale];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        await generatePrismaClient(next.domain);
        stamp(`prisma-${next.domain}`, next.wanted);
      }
    };
    await Promise.all([worker(), worker()]);
  });
}

function generatePrismaClient(domain) {
  const schema = inRoot('prisma', domain, 'schema.prisma');
  return mustRun(
    `prisma generate for ${domain}`,
    ...tool('prisma/build/index.js', 'generate', '--no-hints', '--schema', schema),
    // Generating needs no engine, but the CLI would download one unless it is shown a file.
    { env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, MERCATO_DOMAIN: domain } },
  );
}

async function generateResolverTypes() {
  const subgraphs = foldersIn(inRoot('subgraphs')).filter((name) =>
    existsSync(inRoot('subgraphs', name, 'schema.graphql')),
  );
  const inputs = subgraphs.flatMap((name) => [
    inRoot('subgraphs', name, 'schema.graphql'),
    inRoot('subgraphs', name, 'codegen.mappers.json'),
  ]);
  const wanted = fingerprint([...inputs, inRoot('codegen.ts'), manifestOf('@graphql-codegen/cli')]);
  const allThere = subgraphs.every((name) => existsSync(inRoot('subgraphs', name, 'src', 'generated', 'graphql.ts')));
  if (subgraphs.length === 0 || (allThere && isStamped('graphql-types', wanted))) return;
  await step('Generating resolver types', () =>
    mustRun('graphql-codegen', ...tool('@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.ts')),
  );
  stamp('graphql-types', wanted);
}

async function composeWhenChanged() {
  const inputs = [
    ...foldersIn(inRoot('subgraphs')).map((name) => inRoot('subgraphs', name, 'schema.graphql')),
    ...filesUnder(inRoot('schema')).filter((path) => path.endsWith('.ts') && !path.includes('node_modules')),
    inRoot('schema', 'supergraph.graphql'),
    inRoot('pnpm-lock.yaml'),
  ];
  if (isStamped('composition', fingerprint(inputs))) return;
  await step('Composing the supergraph', compose);
  stamp('composition', fingerprint(inputs));
}

export function compose() {
  return mustRun('Composition', ...node('schema/compose.ts'));
}

async function buildExplorer() {
  const wanted = fingerprint([...filesUnder(inRoot('router', 'explorer')), inRoot('pnpm-lock.yaml')]);
  if (isStamped('explorer', wanted) && existsSync(inRoot('router', 'dist', 'explorer', 'index.html'))) return;
  await step('Building the explorer', () =>
    mustRun('vite build', ...tool('vite/bin/vite.js', 'build', '--config', 'router/explorer/vite.config.ts')),
  );
  stamp('explorer', wanted);
}
