/** A queue or job is named in a way that the backend cannot keep. Thrown where it is defined or sent, never later. */
export class InvalidJobNameError extends Error {
  override readonly name = 'InvalidJobNameError';
}

const plainInteger = /^-?\d+$/;

/** Redis joins a key's parts with ':', so a name that holds one would read as two. */
export function checkName(kind: 'queue' | 'job' | 'scheduler', name: string): string {
  if (name === '') throw new InvalidJobNameError(`A ${kind} needs a name, and '' is none.`);
  if (name.includes(':')) {
    throw new InvalidJobNameError(
      `The ${kind} name '${name}' holds a ':', which separates parts of keys; use '.' or '-'.`,
    );
  }
  return name;
}

/** Plain integers are the ids that the queue gives itself; a custom one could meet another job. */
export function checkJobId(id: string): string {
  if (id === '') throw new InvalidJobNameError("A job id cannot be ''; leave it out to be given one.");
  if (plainInteger.test(id)) {
    throw new InvalidJobNameError(
      `The job id '${id}' is a plain integer, which the queue keeps for itself; prefix it, such as 'import-${id}'.`,
    );
  }
  if (id.includes(':')) {
    throw new InvalidJobNameError(`The job id '${id}' holds a ':', which separates parts of keys; use '.' or '-'.`);
  }
  return id;
}
