// Loaded into a measured process with --import: tells what it has used when its parent asks. What is garbage is thrown
// away before, where the process lets it.
process.on('message', (message) => {
  if (message !== 'usage') return;
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ kind: 'usage', cpuMicroseconds: user + system, rssBytes: rss, liveBytes: heapUsed + external });
});
