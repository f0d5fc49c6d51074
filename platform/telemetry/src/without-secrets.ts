/**
 * What is never written down, in whatever spelling: headers write `set-cookie`, databases `access_token`. Cart and checkout
 * ids are bearer secrets, as tokens are: whoever reads the log must not be able to act with them, nor to write to people.
 */
const secrets = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'password',
  'passphrase',
  'secret',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'apikey',
  'xapikey',
  'privatekey',
  'signingkey',
  'cartid',
  'checkoutid',
  'idempotencykey',
  'email',
  'phone',
  'shippingaddress',
]);

/** Names of fields are few, and are asked about in each line. */
const asked = new Map<string, boolean>();
const remembered = 1_000;

function isSecret(name: string): boolean {
  let is = asked.get(name);
  if (is === undefined) {
    is = secrets.has(name.replaceAll(/[-_]/g, '').toLowerCase());
    if (asked.size < remembered) asked.set(name, is);
  }
  return is;
}

const censored = '[redacted]';

/** Deeper than anything that is logged on purpose; it also ends what refers to itself. */
const deepest = 8;

type Fields = Record<string, unknown>;

/**
 * The same fields with secrets censored, at any depth. Copies only what holds some: pino's own redaction looks up each
 * of its paths in each line, which cost more than writing the line.
 */
export function withoutSecrets(fields: Fields, depth = 1): Fields {
  let copy: Fields | undefined;
  for (const [name, value] of Object.entries(fields)) {
    const clean = isSecret(name) && value !== undefined ? censored : cleanValue(value, depth);
    if (clean === value) continue;
    copy ??= { ...fields };
    copy[name] = clean;
  }
  return copy ?? fields;
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '[too deep]';
  if (Array.isArray(value)) {
    const clean = value.map((entry) => cleanValue(entry, depth + 1));
    return clean.some((entry, index) => entry !== value[index]) ? clean : value;
  }
  return isPlain(value) ? withoutSecrets(value, depth + 1) : value;
}

/** Dates, errors and the like know themselves how they are written. */
function isPlain(value: object): value is Fields {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
