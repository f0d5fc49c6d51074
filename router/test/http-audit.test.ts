import { type AuditResult, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';

let graph: RunningGraph;
let results: readonly AuditResult[];

beforeAll(async () => {
  graph = await runGraph();
  const audits = serverAudits({ url: `${graph.router.url}/graphql`, fetchFn: fetch });
  results = await Promise.all(audits.map((audit) => audit.fn()));
});
afterAll(() => graph.close());

/** What is refused because a page of another site could send it: a GET without a header that no form can set. */
const costOfCsrfPrevention = ['5A70', '6A70', 'D6D5'];

it('does all that GraphQL over HTTP says a server must and should do', () => {
  const wanted = results.filter(({ name }) => /^(MUST|SHOULD)/.test(name));
  expect(wanted).toHaveLength(36);
  expect(wanted.filter(({ status }) => status !== 'ok')).toEqual([]);
});

it('does all that it says a server may do, but for what preventing request forgery costs', () => {
  expect(results).toHaveLength(61);
  const refused = results.filter(({ status }) => status !== 'ok');
  expect(refused.map(({ id }) => id).sort()).toEqual(costOfCsrfPrevention);
  expect(refused.map(({ status }) => status)).toEqual(['notice', 'notice', 'notice']);
});
