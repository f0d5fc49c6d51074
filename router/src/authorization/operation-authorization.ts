import type { Viewer } from '@mercato/auth';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Demand, DemandReader } from './demands.ts';
import { type ConditionValues, Denials } from './denials.ts';
import type { Place } from './places.ts';
import type { Requirements } from './requirements.ts';
import { isGranted, type Rule } from './rule.ts';
import { type RuledDocument, ruledDocument } from './ruled-document.ts';
import { withoutFields } from './without-fields.ts';

/** What becomes of an operation of which something is denied: it is answered without it, or not at all. */
export type WhenUnauthorized = 'null' | 'refuse';

export type Authorization =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'partly'; readonly part: AllowedPart; readonly errors: readonly GraphQLError[] }
  /** Nothing of it is to be run. */
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

/**
 * The part of an operation that a viewer may see; one object for all viewers who are denied the same. What is planned
 * and run is `document`; what the answer looks like is `shape`, in which the fields of `denied` are null whatever the
 * data holds, for the plan may have read them as a key. A name in the answer is denied where all fields of that name are,
 * for the object's type; nulls bubble up as the schema has it.
 */
export interface AllowedPart {
  /** The same for the same part of the same operation. */
  readonly key: string;
  /** Valid, with nothing unused in it; undefined where nothing is left to run. */
  readonly document: DocumentNode | undefined;
  readonly shape: DocumentNode;
  readonly denied: ReadonlySet<FieldNode>;
}

/**
 * How many parts of one operation are remembered: viewers come in a few kinds. Subscriptions tell by the part that their
 * viewer's rights are as they were.
 */
const rememberedParts = 256;

/** What one operation requires of its viewers; for those operations that require something. */
export class OperationAuthorization {
  /** The policies that it asks for. */
  readonly policies: readonly string[];
  readonly #rules: readonly Rule[];
  readonly #demands: readonly Demand[];
  readonly #type: OperationTypeNode;
  readonly #write: () => RuledDocument;
  readonly #parts = new LRUCache<string, AllowedPart>({ max: rememberedParts });
  #written: RuledDocument | undefined;

  constructor(demands: readonly Demand[], type: OperationTypeNode, write: () => RuledDocument) {
    this.#demands = demands;
    this.#type = type;
    this.#write = write;
    this.#rules = [...rulesIn(demands)];
    const policies = this.#rules.flatMap((rule) => (rule.kind === 'policies' ? rule.anyOf.flat() : []));
    this.policies = [...new Set(policies)];
  }

  /**
   * Of a mutation with a denied root field nothing is run: half of a wish must not be carried out. Neither is a
   * subscription that would have no events.
   *
   * For a subscription the same may be asked again at each event: another kind or another part's key means that the
   * viewer's rights have changed since.
   *
   * @param granted those of `policies` that hold for the viewer
   */
  authorize(
    viewer: Viewer,
    conditions: ConditionValues,
    granted: ReadonlySet<string> = noPolicies,
    whenUnauthorized: WhenUnauthorized = 'null',
  ): Authorization {
    const rules = this.#rules;
    let key = '';
    let denied: Set<Rule> | undefined;
    for (let index = 0; index < rules.length; index += 1) {
      const rule = rules[index];
      if (!rule || isGranted(rule, viewer, granted)) continue;
      denied ??= new Set();
      denied.add(rule);
      key += `-${index}`;
    }
    if (!denied) return allowed;
    const denials = new Denials(this.#demands, denied, conditions);
    if (!denials.any()) return allowed;
    const errors = denials.errors(viewer);
    const whole = this.#type !== OperationTypeNode.QUERY && denials.anyAtRoot();
    if (whole || whenUnauthorized === 'refuse') return { kind: 'refused', errors };
    return { kind: 'partly', part: this.#partWithout(denied, key), errors };
  }

  #partWithout(rules: ReadonlySet<Rule>, key: string): AllowedPart {
    const known = this.#parts.get(key);
    if (known) return known;
    this.#written ??= this.#write();
    const { document: shape, rules: ofFields } = this.#written;
    const denied = new Set<FieldNode>();
    for (const [field, required] of ofFields) if (required.some((rule) => rules.has(rule))) denied.add(field);
    const part = { key, document: withoutFields(shape, denied), shape, denied };
    this.#parts.set(key, part);
    return part;
  }
}

const allowed: Authorization = { kind: 'allowed' };
const noPolicies: ReadonlySet<string> = new Set();

function rulesIn(
  demands: readonly Demand[],
  found = new Set<Rule>(),
  visited = new Set<readonly Demand[]>(),
): Set<Rule> {
  if (visited.has(demands)) return found;
  visited.add(demands);
  for (const { rules, below } of demands) {
    for (const rule of rules) found.add(rule);
    rulesIn(below, found, visited);
  }
  return found;
}

/**
 * Finds out once what an operation requires.
 * @returns undefined where it requires nothing
 */
export function compileAuthorization(
  requirements: Requirements,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): OperationAuthorization | undefined {
  if (requirements.none) return undefined;
  const type = requirements.schema.getRootType(operation.operation);
  if (!type) return undefined;
  const root: Place = requirements.places.of(type);
  const demands = new DemandReader(requirements, fragments).read(root, operation.selectionSet);
  if (demands.length === 0) return undefined;
  return new OperationAuthorization(demands, operation.operation, () =>
    ruledDocument(root, operation, fragments, requirements),
  );
}
