import { type GraphQLSchema, valueFromASTUntyped } from 'graphql';

/** The names that a schema gives `@cost` and `@listSize`. */
export interface CostDirectiveNames {
  readonly cost: string;
  readonly listSize: string;
}

const costSpec = /\/cost\/v\d+\.\d+$/;

/**
 * Reads a supergraph's `@link` of the cost specification, which may import directives under other names, or not at
 * all; `@cost` bears the name of its specification. https://specs.apollo.dev/link/v1.0
 */
export function costDirectiveNames(schema: GraphQLSchema): CostDirectiveNames {
  const nodes = [schema.astNode, ...schema.extensionASTNodes];
  for (const directive of nodes.flatMap((node) => node?.directives ?? [])) {
    if (directive.name.value !== 'link') continue;
    const given = Object.fromEntries(
      (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
    );
    if (typeof given.url !== 'string' || !costSpec.test(given.url)) continue;
    const prefix = typeof given.as === 'string' ? given.as : 'cost';
    const imports = importedNames(given.import);
    return { cost: imports.get('@cost') ?? prefix, listSize: imports.get('@listSize') ?? `${prefix}__listSize` };
  }
  return { cost: 'cost', listSize: 'listSize' };
}

/** `["@cost", { name: "@listSize", as: "@size" }]` */
function importedNames(imports: unknown): Map<string, string> {
  const names = new Map<string, string>();
  for (const entry of Array.isArray(imports) ? imports : []) {
    if (typeof entry === 'string') names.set(entry, entry.slice(1));
    else if (typeof entry === 'object' && entry !== null && typeof entry.name === 'string') {
      names.set(entry.name, String(entry.as ?? entry.name).slice(1));
    }
  }
  return names;
}
