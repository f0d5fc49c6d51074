import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The part of a Compose file that says how a process is run. */
export interface ComposeService {
  readonly image?: string;
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly resources?: { readonly limits?: Record<string, string> } };
  readonly profiles?: readonly string[];
}
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** `NAME`, and what the file says of it when it is unset: `:?` it is required, `:-` it has a default. */
const variable = /\$\$|\$\{(\w+)(?:(:-|:\?)([^}]*))?\}/g;

export const composeText = (): string => readFileSync(join(import.meta.dirname, '../../docker-compose.yml'), 'utf8');

/** Every variable that the file asks for, with how. */
export function variablesOf(text: string): { name: string; operator: string | undefined; fallback: string }[] {
  return [...text.matchAll(variable)].flatMap(([, name, operator, fallback]) =>
    name ? [{ name, operator, fallback: fallback ?? '' }] : [],
  );
}

/** The file as Compose reads it: merge keys applied, variables filled in. @throws for a required one that is unset */
export function readCompose(text: string, environment: Readonly<Record<string, string>>): ComposeFile {
  const document: unknown = parse(text, { merge: true });
  return interpolate(document, environment) as ComposeFile;
}

function interpolate(value: unknown, environment: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fillIn(value, environment);
  if (Array.isArray(value)) return value.map((item) => interpolate(item, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, environment)]));
}

function fillIn(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(variable, (whole, name?: string, operator?: string, fallback?: string) => {
    if (name === undefined) return whole === '$$' ? '$' : whole;
    const value = environment[name];
    if (value) return value;
    if (operator === ':?') throw new Error(`required variable ${name} is missing a value: ${fallback}`);
    return fallback ?? '';
  });
}

/** What `npm run compose:env` wrote, as Compose reads an .env file: single quotes hold a value as it is. */
export function readEnvFile(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name && value !== undefined ? [[name, value.replace(/^'(.*)'$/, '$1')]] : [];
    }),
  );
}
