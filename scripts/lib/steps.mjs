/** A failure whose message says all there is to say; it is printed without a stack. */
export class StepError extends Error {}

/** One line a step: what is being done, then how long it took. */
export async function step(title, work) {
  const started = performance.now();
  process.stderr.write(`  ${title} … `);
  try {
    const result = await work();
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
}

/** Runs `main`; an expected failure becomes its sentence and exit code 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof StepError ? error.message : error);
    process.exit(1);
  }
}
