import type { Problem } from './problem.ts';

/** Null is no text and fine. */
export function checkText(path: string[], value: string | null, longest: number, required?: 'required'): Problem[] {
  if (value === null) return [];
  if (required && value.trim() === '') return [{ path, message: 'must not be empty' }];
  if (value.length > longest)
    return [{ path, message: `must have at most ${longest} characters, not ${value.length}` }];
  return hasControls(value) ? [{ path, message: 'must not hold control characters' }] : [];
}

/** Line breaks and tabs are text. Other control characters and halves of surrogate pairs are not. */
export function hasControls(value: string): boolean {
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127) return true;
  }
  return /\p{Surrogate}/u.test(value);
}
