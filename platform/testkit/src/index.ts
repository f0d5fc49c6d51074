export { emptyTestDatabase, type TestDatabase, testDatabase, testPostgres } from './database.ts';
export { deliver } from './events.ts';
export {
  ask,
  askData,
  type Caller,
  customer,
  nextData,
  service,
  signerOf,
  staff,
  subscribe,
  type TestDependencies,
  testDependencies,
  testLogger,
  trustedKeys,
} from './subgraph.ts';
