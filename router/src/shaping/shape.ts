import { isObjectType } from 'graphql';
import { type Data, isObject } from '../execution/data.ts';
import type { Form, Selection } from './selection.ts';

/** A value that its type does not allow; clients get null for it. */
export interface ValueError {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

export interface Shaped {
  readonly data: Data | null;
  readonly errors: readonly ValueError[];
}

/** A null where none may be: the object or list around it becomes null, or what is around that. */
const bubbles = Symbol('null bubbles up');

interface Shaping {
  readonly path: (string | number)[];
  readonly errors: ValueError[];
  readonly introspection: Readonly<Data>;
}

/**
 * Makes the client's answer of what the subgraphs gave: the fields asked for, in their order, nothing else, and nulls as the
 * schema allows them (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors).
 * @param introspection answers of `__schema` and `__type`, by their names in the operation
 */
export function shape(root: Selection, data: Data, introspection: Readonly<Data> = {}): Shaped {
  const shaping: Shaping = { path: [], errors: [], introspection };
  const shaped = shapeObject(root, data, shaping);
  return { data: shaped === bubbles ? null : shaped, errors: shaping.errors };
}

function shapeObject(selection: Selection, data: Data, shaping: Shaping): Data | typeof bubbles {
  const given = data.__typename;
  const type = typeof given === 'string' ? (selection.typeNamed(given) ?? selection.type) : selection.type;
  const shaped: Data = {};
  for (const { name, kind, form } of selection.fieldsOf(type)) {
    if (kind === 'value') {
      const value = Object.hasOwn(data, name) ? data[name] : null;
      if (form.fits !== undefined && value !== null && form.fits(value)) {
        shaped[name] = value;
        continue;
      }
      shaping.path.push(name);
      const result = shapeValue(form, value, shaping);
      shaping.path.pop();
      if (result === bubbles) return bubbles;
      shaped[name] = result;
    } else if (kind === 'denied') {
      if (form.nonNull) return bubbles;
      shaped[name] = null;
    } else if (kind === 'typename') {
      // Of an interface's own name nothing can be made: the object is of no type that exists.
      if (!isObjectType(type)) return bubbles;
      shaped[name] = type.name;
    } else {
      shaped[name] = shaping.introspection[name] ?? null;
    }
  }
  return shaped;
}

function shapeValue(form: Form, value: unknown, shaping: Shaping): unknown {
  const shaped = value === null || value === undefined ? null : shapeSomething(form, value, shaping);
  if (shaped !== null || !form.nonNull) return shaped;
  if (value === null || value === undefined) {
    shaping.errors.push({ message: `Cannot return null for a value of type ${form.type}.`, path: [...shaping.path] });
  }
  return bubbles;
}

/** Null for what does not fit, or holds a null that bubbles up to it. */
function shapeSomething(form: Form, value: unknown, shaping: Shaping): unknown {
  if (form.entry) return Array.isArray(value) ? shapeList(form.entry, value, shaping) : misfit(form, shaping);
  if (form.object) {
    if (!isObject(value)) return misfit(form, shaping);
    const given = value.__typename;
    // The name of a type that clients do not know is not told either.
    if (typeof given === 'string' && !form.object.typeNamed(given)) return misfit(form, shaping);
    const shaped = shapeObject(form.object, value, shaping);
    return shaped === bubbles ? null : shaped;
  }
  return form.fits === undefined || form.fits(value) ? value : misfit(form, shaping);
}

function shapeList(entry: Form, values: readonly unknown[], shaping: Shaping): unknown[] | null {
  const shaped: unknown[] = [];
  let broken = false;
  for (let index = 0; index < values.length; index += 1) {
    shaping.path.push(index);
    const result = shapeValue(entry, values[index], shaping);
    shaping.path.pop();
    if (result === bubbles) broken = true;
    else shaped.push(result);
  }
  return broken ? null : shaped;
}

function misfit({ type }: Form, { errors, path }: Shaping): null {
  errors.push({ message: `A value is not of the type ${type}.`, path: [...path] });
  return null;
}
