/** Resolves at the first Ctrl-C, SIGTERM or closed terminal; a second one ends at once, tidied up or not. */
export function untilInterrupted(onFirst: () => void): Promise<void> {
  return new Promise((resolve) => {
    let again = false;
    const interrupt = () => {
      if (again) process.exit(130);
      again = true;
      onFirst();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  });
}
