import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';

const folder = new URL('../../deploy/grafana/', import.meta.url);
const dashboard = JSON.parse(readFileSync(new URL('mercato.json', folder), 'utf8')) as {
  panels: { title: string; type: string; targets?: { expr: string; legendFormat: string }[] }[];
};
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

let graph: RunningGraph;
let told: string;
beforeAll(async () => {
  const counts = { waiting: 3, active: 0, delayed: 0, completed: 9, failed: 1 };
  graph = await runGraph({
    metrics: { open: true },
    entityCache: { maxBytes: 1_000_000 },
    queues: { bullQueues: () => [], counts: async () => counts },
    queueNames: ['inventory'],
  });
  await graph.ask('{ products { title available } broken }');
  told = await (await fetch(`${graph.router.url}/metrics`)).text();
});
afterAll(() => graph?.close());

test('each metric that the dashboard asks for is told by the router or by every process', () => {
  const exported = new Map(
    [...told.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type] as const),
  );
  const asked = new Set(expressions.flatMap((expr) => expr.match(/\b(?:mercato|nodejs|process)_\w+/g) ?? []));
  expect(asked.size).toBeGreaterThan(25);
  for (const name of asked) {
    const isBucket = name.endsWith('_bucket');
    const metric = isBucket ? name.slice(0, -'_bucket'.length) : name;
    expect(exported.has(metric), `${name} is not told`).toBe(true);
    expect(exported.get(metric) === 'histogram', `${name} is a histogram's bucket or none at all`).toBe(isBucket);
  }
});

test('and each of our metrics is shown', () => {
  const ours = [...told.matchAll(/^# TYPE (mercato_\w+) /gm)].map(([, name = '']) => name);
  const shown = expressions.join('\n');
  expect(ours.filter((name) => !shown.includes(name))).toEqual([]);
});

test('labels in legends are those that the expression keeps', () => {
  for (const { title, targets = [] } of dashboard.panels) {
    for (const { expr, legendFormat } of targets) {
      const kept = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      for (const label of named) expect(kept, `${title}: ${label}`).toContain(label);
    }
  }
});

test('queues and the entity cache are told of', () => {
  expect(told).toContain('mercato_queue_jobs{queue="inventory",state="waiting"} 3');
  expect(told).toMatch(/mercato_router_entity_cache_lookups_total\{outcome="miss"\} \d+/);
});

test('Prometheus looks where the containers tell', () => {
  const { scrape_configs: jobs } = parse(readFileSync(new URL('prometheus.yml', folder), 'utf8')) as {
    scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
  };
  const file = parse(readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string> }>;
  };
  for (const { names, port } of jobs.flatMap(({ dns_sd_configs: each }) => each)) {
    for (const name of names) {
      const { PORT, HEALTH_PORT, METRICS_PORT, ROLE } = file.services[name]?.environment ?? {};
      expect(METRICS_PORT ?? (ROLE === 'worker' ? HEALTH_PORT : PORT), name).toBe(String(port));
    }
  }
});
