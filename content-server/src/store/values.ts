import { z } from 'zod';
import { type ComponentField, type ContentModel, componentNamed, type Field } from '../model/description.ts';
import { fromMarkdown } from '../rich-text/from-markdown.ts';
import type { ComponentValue, FieldValue, FieldValues } from './documents.ts';
import { idFor } from './ids.ts';

/** Id of the entry of a model by its key. @throws when there is none. */
export type FindId = (model: string, key: string) => string;

interface Reading {
  content: ContentModel;
  findId: FindId;
  /** Which entry is read, for messages and for ids of components. */
  where: string;
}

/** Reads what a content file gives for some fields. @throws Error that names the entry and the field. */
export function readFields(given: Record<string, unknown>, fields: readonly Field[], reading: Reading): FieldValues {
  const stored = fields.filter((field) => field.kind !== 'relation' || field.inverseOf === undefined);
  const surplus = Object.keys(given).find((name) => !stored.some((field) => field.name === name));
  if (surplus !== undefined)
    throw new Error(`${reading.where} has a field ${surplus} that its model does not have here.`);
  return Object.fromEntries(stored.map((field) => [field.name, readField(given[field.name], field, reading)]));
}

function readField(given: unknown, field: Field, reading: Reading): FieldValue {
  const required = 'required' in field && field.required;
  try {
    if (given === undefined || given === null) {
      if (required) throw new Error('it is required');
      return isList(field) ? [] : null;
    }
    return readGiven(given, field, reading);
  } catch (error) {
    const reason =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    throw new Error(`${reading.where}, field ${field.name}: ${reason}.`, { cause: error });
  }
}

const isList = (field: Field): boolean => field.kind === 'strings' || ('list' in field && field.list);

function readGiven(given: unknown, field: Field, reading: Reading): FieldValue {
  switch (field.kind) {
    case 'string':
      return z.string().parse(given);
    case 'int':
      return z.int().parse(given);
    case 'float':
      return z.number().parse(given);
    case 'boolean':
      return z.boolean().parse(given);
    case 'dateTime':
      return z.iso.datetime().parse(given);
    case 'strings':
      return z.array(z.string()).parse(given);
    case 'enumeration':
      return z.enum(field.enumeration.values).parse(given);
    case 'richText':
      return fromMarkdown(z.array(z.string().min(1)).parse(given), reading.findId);
    case 'relation':
      return field.list
        ? z
            .array(z.string())
            .parse(given)
            .map((key) => reading.findId(field.to, key))
        : reading.findId(field.to, z.string().parse(given));
    case 'component':
      return field.list
        ? z
            .array(z.unknown())
            .parse(given)
            .map((item, n) => readComponent(item, field, `${reading.where}.${field.name}.${n}`, reading))
        : readComponent(given, field, `${reading.where}.${field.name}`, reading);
  }
}

function readComponent(given: unknown, field: ComponentField, where: string, reading: Reading): ComponentValue {
  const { fields } = componentNamed(reading.content, field.component);
  return {
    id: idFor(where),
    component: field.component,
    fields: readFields(z.record(z.string(), z.unknown()).parse(given), fields, { ...reading, where }),
  };
}
