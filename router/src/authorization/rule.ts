import { hasScopes, policiesNeeded, type RequiredScopes, scopesNeeded, type Viewer } from '@mercato/auth';

/** One thing that is required of a viewer. Within one supergraph what requires the same is the same object. */
export type Rule =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes'; readonly anyOf: RequiredScopes }
  /** Any of these sets, all policies of it. */
  | { readonly kind: 'policies'; readonly anyOf: RequiredScopes };

/** @param granted the policies that hold for this viewer */
export function isGranted(rule: Rule, viewer: Viewer, granted: ReadonlySet<string>): boolean {
  switch (rule.kind) {
    case 'authenticated':
      return viewer.kind !== 'guest';
    case 'scopes':
      return hasScopes(viewer, rule.anyOf);
    case 'policies':
      return rule.anyOf.some((all) => all.every((policy) => granted.has(policy)));
  }
}

/** What a signed-in viewer lacks, as a sentence for clients. */
export function lacking(rule: Rule): string {
  switch (rule.kind) {
    case 'authenticated':
      return 'Sign in to do this.';
    case 'scopes':
      return scopesNeeded(rule.anyOf);
    case 'policies':
      return policiesNeeded(rule.anyOf);
  }
}

/** Makes rules that require the same the same object, whatever order their names come in. */
export class RuleBook {
  readonly #rules = new Map<string, Rule>();

  authenticated(): Rule {
    return this.#same('authenticated', { kind: 'authenticated' });
  }

  anyOf(kind: 'scopes' | 'policies', sets: RequiredScopes): Rule {
    const sorted = sets.map((all) => JSON.stringify([...new Set(all)].sort()));
    return this.#same(`${kind} ${[...new Set(sorted)].sort().join()}`, { kind, anyOf: sets });
  }

  #same(key: string, rule: Rule): Rule {
    const known = this.#rules.get(key);
    if (known) return known;
    this.#rules.set(key, rule);
    return rule;
  }
}
