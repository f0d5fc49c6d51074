import { badInput } from '../errors.ts';
import { type Locale, type Stage, stages } from '../store/documents.ts';

/** @throws ContentApiError 400. */
export function stageFromHeader(value: string | undefined): Stage | undefined {
  if (value === undefined || value === '') return undefined;
  const stage = stages.find((candidate) => candidate === value.trim());
  if (!stage) throw badInput(`header gcms-stage: ${value} is no stage`);
  return stage;
}

/** @throws ContentApiError 400. */
export function localesFromHeader(value: string | undefined, known: readonly Locale[]): readonly Locale[] | undefined {
  if (value === undefined || value === '') return undefined;
  const locales = value.split(',').map((locale) => locale.trim());
  const unknown = locales.find((locale) => !known.includes(locale));
  if (unknown !== undefined) throw badInput(`header gcms-locales: ${unknown} is no locale`);
  return locales;
}
