import { type ASTNode, BREAK, type DocumentNode, Kind, visit } from 'graphql';

/**
 * What a literal of a document is given for, such as `"filter.price" of "products"`: validation tells of a value that does
 * not fit, and where in the text it stands, but of which argument it is.
 * @returns undefined for anything but literals
 */
export function placeOfLiteral(document: DocumentNode, literal: ASTNode | undefined): string | undefined {
  if (!literal || !literals.has(literal.kind)) return undefined;
  let place: string | undefined;
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node !== literal) return undefined;
      place = placeWithin([...ancestors, parent, node].filter((part) => part !== undefined && 'kind' in part));
      return BREAK;
    },
  });
  return place;
}

const literals: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/** @param way from the document to the literal */
function placeWithin(way: readonly ASTNode[]): string | undefined {
  const names: string[] = [];
  for (const node of [...way].reverse()) {
    if (node.kind === Kind.OBJECT_FIELD || node.kind === Kind.ARGUMENT) names.unshift(node.name.value);
    else if (node.kind === Kind.FIELD) return `"${names.join('.')}" of "${node.name.value}"`;
    else if (node.kind === Kind.DIRECTIVE) return `"${names.join('.')}" of "@${node.name.value}"`;
    else if (node.kind === Kind.VARIABLE_DEFINITION) {
      return `"${[`$${node.variable.name.value}`, ...names].join('.')}"`;
    }
  }
  return undefined;
}
