import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isCompositeType,
  Kind,
} from 'graphql';

/** Seconds that a field's value stays fresh, and for whom. Nothing said of the age: as long as what it is a part of. */
export interface CacheHint {
  readonly maxAge?: number | undefined;
  readonly isPrivate: boolean;
}

/** What a field with `@cacheControl` says, its type's `@cacheControl` and the defaults of Apollo's rules included. */
export function cacheHintOf(field: GraphQLField<unknown, unknown>, isRoot: boolean): CacheHint {
  const hint = hintWithin(field);
  return isRoot && hint.maxAge === undefined ? { ...hint, maxAge: 0 } : hint;
}

const remembered = new WeakMap<GraphQLField<unknown, unknown>, CacheHint>();

function hintWithin(field: GraphQLField<unknown, unknown>): CacheHint {
  const before = remembered.get(field);
  if (before) return before;
  const type = getNamedType(field.type);
  const hint = isCompositeType(type) ? withType(annotationOf(field), annotationOf(type)) : annotationOf(field);
  const { maxAge } = hint;
  const isPrivate = hint.isPrivate === true || isGuarded(field) || isGuarded(type);
  // A list or object whose lifetime nobody states is not cached; a value lives as long as its object.
  const unstated = maxAge === undefined && isCompositeType(type) && !hint.inherits;
  const result = { maxAge: unstated ? 0 : maxAge, isPrivate };
  remembered.set(field, result);
  return result;
}

/** Seconds that a type's values stay fresh where nothing else is said of them. */
export const maxAgeOfType = (type: GraphQLNamedType): number | undefined => annotationOf(type).maxAge;

/** Whether a type says that what it holds is somebody's own. Of a field's type `cacheHintOf` tells, of which the field may say otherwise. */
export const isPrivateType = (type: GraphQLNamedType): boolean => annotationOf(type).isPrivate === true;

interface Annotation {
  readonly maxAge?: number | undefined;
  readonly isPrivate?: boolean | undefined;
  readonly inherits: boolean;
}

/** The field's word counts before its type's; a type with an age of its own is not made to inherit one. */
function withType(field: Annotation, type: Annotation): Annotation {
  const isPrivate = field.isPrivate ?? type.isPrivate;
  if (field.inherits) return { maxAge: type.maxAge, isPrivate, inherits: type.maxAge === undefined };
  return { maxAge: field.maxAge ?? type.maxAge, isPrivate, inherits: type.inherits };
}

const none: Annotation = { inherits: false };

function annotationOf(element: Directed): Annotation {
  const directive = directivesOf(element).find(({ name }) => name.value === 'cacheControl');
  if (!directive) return none;
  const given = new Map(directive.arguments?.map(({ name, value }) => [name.value, value]));
  const scope = given.get('scope');
  const isPrivate = scope?.kind === Kind.ENUM ? scope.value === 'PRIVATE' : undefined;
  const inherit = given.get('inheritMaxAge');
  if (inherit?.kind === Kind.BOOLEAN && inherit.value) return { isPrivate, inherits: true };
  const age = given.get('maxAge');
  return { maxAge: age?.kind === Kind.INT ? Number(age.value) : undefined, isPrivate, inherits: false };
}

/** What only some may see differs between viewers, whatever its hints say. */
const guards = new Set(['authenticated', 'requiresScopes', 'policy']);

/** Whether who asks decides what is answered. */
export const isGuarded = (element: Directed): boolean =>
  directivesOf(element).some(({ name }) => guards.has(name.value));

type Directed =
  | Pick<GraphQLNamedType, 'astNode' | 'extensionASTNodes'>
  | Pick<GraphQLField<unknown, unknown>, 'astNode'>;

const directivesOf = (element: Directed): readonly ConstDirectiveNode[] => [
  ...(element.astNode?.directives ?? []),
  ...('extensionASTNodes' in element ? element.extensionASTNodes.flatMap(({ directives = [] }) => directives) : []),
];
