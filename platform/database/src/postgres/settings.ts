/**
 * What the server is started with.
 * @param durable false gives up safety on power loss for speed: right for tests, for nothing else
 */
export function serverSettings(port: number, durable: boolean): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // A socket's path may not be longer than 107 bytes, and a data folder's may.
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '128MB',
    // Planning an OLTP query costs less than compiling it.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_preload_libraries: 'pg_stat_statements',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}
