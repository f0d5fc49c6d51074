// A service for tests of its supervisor: ready at once unless told otherwise, ended by its launcher's end.
import { env } from 'node:process';

const { BEHAVIOUR } = env;
if (BEHAVIOUR === 'fail') process.exit(3);
if (BEHAVIOUR === 'deaf') process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit());
setInterval(() => undefined, 1_000);
if (BEHAVIOUR !== 'silent') process.send({ kind: 'ready' });
