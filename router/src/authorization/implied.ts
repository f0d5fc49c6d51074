import type { Rule } from './rule.ts';

/** Beyond this many alternatives a rule is taken to say something of its own: it is then asked for, too. */
const mostAlternatives = 256;

/**
 * Whether who fulfils all of `given` fulfils `rule`, too. Composition writes on interfaces what their implementations
 * require together: this tells such a sum from a rule of the interface's own.
 */
export function isImplied(rule: Rule, given: readonly Rule[]): boolean {
  if (given.includes(rule)) return true;
  if (rule.kind === 'authenticated') return false;
  const alternatives = allTogether(new Set(given.filter(({ kind }) => kind === rule.kind)));
  return alternatives?.every((held) => rule.anyOf.some((all) => all.every((name) => held.includes(name)))) ?? false;
}

/** Every way of fulfilling all rules; undefined where there are too many to look at, or nothing is required. */
function allTogether(rules: ReadonlySet<Rule>): readonly (readonly string[])[] | undefined {
  let ways: readonly (readonly string[])[] | undefined;
  for (const rule of rules) {
    if (rule.kind === 'authenticated') continue;
    ways = ways ? ways.flatMap((way) => rule.anyOf.map((all) => [...way, ...all])) : rule.anyOf;
    if (ways.length > mostAlternatives) return undefined;
  }
  return ways;
}
