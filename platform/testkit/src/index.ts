export { emptyTestDatabase, type TestDatabase, testDatabase, testPostgres } from './database.ts';
export {
  ask,
  askData,
  type Caller,
  customer,
  service,
  signerOf,
  staff,
  type TestDependencies,
  testDependencies,
  testLogger,
  trustedKeys,
} from './subgraph.ts';
