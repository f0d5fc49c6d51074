import { cliEnvironment } from '../environment.ts';
import { readKeyCommand, sentenceOf } from './key-command.ts';
import { withRouterDatabase } from './router-database.ts';

const help = `API keys, which partners' programs send as "Authorization: Bearer mercato_…".

  npm run -s key -- create --name "Acme feed" --scope inventory:count     prints the key, once and nothing else
  npm run -s key -- list                                                  those that hold; --all for all, --json
  npm run -s key -- revoke key_01jb2v5w3je8r9m6wq1y4f0k2d                 by id, or by the whole key where it was found

  --name TEXT       whose it is and what for
  --scope NAME      what its holder may do; once for each scope
  --kind KIND       partner (unless set) or staff
  --owner ID        the partner or colleague it speaks for; the key's own id unless set
  --expires TIME    how long it holds, such as 12h, 90d or 52w; for ever unless set
  --data-dir PATH   the data folder whose system it is for (MERCATO_DATA_DIR, .mercato unless set)

DATABASE_URL and DATABASE_PREFIX as for npm start. Routers refuse a revoked key within about a second.`;

async function main(): Promise<void> {
  const read = readKeyCommand(process.argv.slice(2));
  if (read === 'help') return console.log(help);
  const { out, note } = await withRouterDatabase(cliEnvironment(read.dataDir), read.command);
  console.log(out);
  if (note) console.error(note);
}

try {
  await main();
} catch (error) {
  const sentence = sentenceOf(error);
  console.error(sentence === undefined ? error : `${sentence}\nTry npm run -s key -- --help`);
  process.exitCode = 1;
}
