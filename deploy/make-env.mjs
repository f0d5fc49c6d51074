import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { register } from 'tsx/esm/api';

register();
const { eventRoutes, subgraphs } = await import('../schema/subgraphs.ts');

const root = resolve(import.meta.dirname, '..');
const file = resolve(process.argv[2] ?? join(root, '.env'));
/** Holds the key that signs clients' tokens; no service is given it. */
const dataDir = resolve(process.argv[3] ?? join(root, '.mercato-compose'));

if (existsSync(file)) {
  console.error(`${file} exists already, and its secrets may be in use: move it away to have new ones.`);
  process.exit(1);
}

const secret = () => randomBytes(24).toString('base64url');
const keyPair = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const publicPart = ({ kty, crv, x }) => ({ kty, crv, x });

const callers = ['router', ...subgraphs.map(({ name }) => name)];
const keys = Object.fromEntries(callers.map((caller) => [caller, keyPair()]));
const clients = keyPair();

const json = (value) => `'${JSON.stringify(value)}'`;
const lines = [
  '# Written by npm run compose:env. Secrets: keep it out of images and repositories.',
  `POSTGRES_PASSWORD=${secret()}`,
  `REDIS_PASSWORD=${secret()}`,
  `PAYMENT_SANDBOX_API_KEY=${secret()}`,
  `ORDER_TOKEN_KEYS=${json({ 1: randomBytes(32).toString('base64url') })}`,
  `TRUSTED_KEYS=${json(Object.fromEntries(callers.map((caller) => [caller, publicPart(keys[caller])])))}`,
  `EVENT_ROUTES=${json(eventRoutes)}`,
  `JWT_PUBLIC_KEYS=${json([publicPart(clients)])}`,
  ...callers.map((caller) => `${caller.toUpperCase()}_SIGNING_KEY=${json(keys[caller])}`),
];

const clientsFile = join(dataDir, 'keys', 'clients.json');
mkdirSync(dirname(clientsFile), { recursive: true, mode: 0o700 });
writeFileSync(clientsFile, JSON.stringify(clients), { mode: 0o600 });
writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
console.log(`${file} is written. Tokens for clients: npm run -s token -- --data-dir ${dataDir} --scope …`);
