import { z } from 'zod';
import { RouterSetupError } from '../setup-error.ts';
import { canonicalText } from './canonical-text.ts';

/** A document that a client is known to send. */
export interface TrustedDocument {
  /** What clients send in place of the text: its SHA-256 in hexadecimal digits, unless their tools choose another. */
  readonly id: string;
  readonly name: string | undefined;
  readonly text: string;
}

/** The manifest cannot be used; says what is wrong with it. */
export class ManifestError extends RouterSetupError {
  override readonly name = 'ManifestError';
}

/** What @apollo/generate-persisted-query-manifest writes, and `npm run documents`. */
const apollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), name: z.string().optional(), body: z.string().min(1) })),
});

/** What Relay's compiler and GraphQL codegen write: documents by their id. */
const relay = z.record(z.string(), z.string().min(1));

/** The documents of one client, to be found by what requests tell of them. */
export class Manifest {
  readonly documents: readonly TrustedDocument[];
  readonly #byId: ReadonlyMap<string, TrustedDocument>;
  readonly #canonical: ReadonlySet<string>;

  private constructor(byId: ReadonlyMap<string, TrustedDocument>, canonical: ReadonlySet<string>) {
    this.documents = [...byId.values()];
    this.#byId = byId;
    this.#canonical = canonical;
  }

  /** @throws ManifestError */
  static read(text: string): Manifest {
    const byId = new Map<string, TrustedDocument>();
    const canonical = new Set<string>();
    for (const document of documentsIn(text)) {
      const { id, name = id } = document;
      if ((byId.get(id)?.text ?? document.text) !== document.text)
        throw new ManifestError(`Two documents have the id ${id}.`);
      const printed = canonicalText(document.text);
      if (printed === undefined) throw new ManifestError(`The document ${name} is no GraphQL.`);
      byId.set(id, document);
      canonical.add(printed);
    }
    return new Manifest(byId, canonical);
  }

  textOf(id: string): string | undefined {
    return this.#byId.get(id)?.text;
  }

  /** Whether a document is among them, by its canonical text. */
  holds(canonical: string): boolean {
    return this.#canonical.has(canonical);
  }
}

function documentsIn(text: string): TrustedDocument[] {
  const json = parsed(text);
  if (isRecord(json) && 'format' in json) {
    const manifest = checked(apollo, json);
    return manifest.operations.map(({ id, name, body }) => ({ id, name, text: body }));
  }
  return Object.entries(checked(relay, json)).map(([id, body]) => ({ id, name: undefined, text: body }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ManifestError('The manifest is not JSON.');
  }
}

function checked<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new ManifestError(`The manifest does not have the form of Apollo's or Relay's: ${where}${issue?.message}.`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
