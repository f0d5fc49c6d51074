// Loaded into a measured process with --import: tells what it has used when its parent asks.
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ kind: 'usage', cpuMicroseconds: user + system, rssBytes: process.memoryUsage.rss() });
});
