import { GraphQLError, type GraphQLFormattedError, getVariableValues, OperationTypeNode } from 'graphql';
import type { AuthorizationSettings } from '../authorization/settings.ts';
import type { RouterContext } from '../context.ts';
import type { CompiledPlan } from '../execution/compiled-plan.ts';
import type { Data } from '../execution/data.ts';
import { type Execution, executePlan } from '../execution/execute-plan.ts';
import { KnownEntities } from '../execution/known-entities.ts';
import type { FetchSubgraph } from '../execution/subgraph-fetch.ts';
import type { UsageReporting } from '../graphos/usage-reporting.ts';
import type { Admission, Admitted, Spent } from '../limits/admission.ts';
import type { Limits } from '../limits/document-limits.ts';
import type { OperationObserver } from '../observability/operation-observer.ts';
import { recordPlanning } from '../observability/operation-span.ts';
import { inTime } from '../planning/in-time.ts';
import { PlanningBusyError, PlanningTooCostlyError } from '../planning/planning-thread.ts';
import { shape } from '../shaping/shape.ts';
import type { DocumentResolver, ResolvedDocument } from '../trusted-documents/resolve-document.ts';
import { type AuthorizedOperation, authorizeOperation } from './authorize-operation.ts';
import { type Documents, withoutHint } from './documents.ts';
import { withinAnswer } from './error-paths.ts';
import { introspect } from './introspection.ts';
import type { Operation } from './operation.ts';
import type { OperationPart } from './operation-part.ts';
import { RequestError } from './request-error.ts';

/** One operation as a client sent it, whichever way it came. */
export interface OperationRequest {
  /** The document, or nothing where it is named instead. */
  readonly query?: string | undefined;
  readonly documentId?: unknown;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Data> | undefined;
  readonly extensions?: Readonly<Data> | undefined;
}

/** What came of an operation that was run. Errors are not formatted for clients yet. */
export interface OperationAnswer {
  readonly data: Data | null;
  readonly errors: readonly GraphQLFormattedError[];
  readonly extensions?: Readonly<Data>;
  readonly spent: Spent;
}

export interface Answering {
  readonly resolver: DocumentResolver;
  /** Of the graph that is served now. */
  readonly documents: Pick<Documents, 'read' | 'knows' | 'graph'>;
  readonly limits: Pick<Limits, 'checkVariables'>;
  /** Whether clients may ask for the schema. */
  readonly introspection: boolean;
  readonly admission: Admission;
  readonly authorization: AuthorizationSettings;
  readonly fetchSubgraph: FetchSubgraph;
  /** Nobody is told of operations unless set. */
  readonly observer?: OperationObserver | undefined;
  /** Where what is asked is reported. */
  readonly usage?: Pick<UsageReporting, 'begin'> | undefined;
}

type Eventually<T> = T | Promise<T>;

/**
 * Reads the operation that a request brings or names, if its sender may send it: what is known at once, what is new in its
 * client's turn.
 * @throws RequestError, by its promise where the document has to be fetched
 */
export function readOperation(
  request: OperationRequest,
  { viewer, account }: Pick<RouterContext, 'viewer' | 'account'>,
  { resolver, documents, admission: { newDocuments } }: Answering,
): Eventually<Operation> {
  const read = (document: ResolvedDocument) => {
    const operation = documents.read(document.text, request.operationName);
    resolver.accept(document);
    return operation;
  };
  const find = (then: (document: ResolvedDocument) => Eventually<Operation>): Eventually<Operation> => {
    const found = resolver.resolve(request, viewer);
    return found instanceof Promise ? found.then(then) : then(found);
  };
  const { query } = request;
  if (!account) return find(read);
  // Whether a text is trusted takes time to find out, too.
  const inTurn = (work: () => Eventually<Operation>) =>
    newDocuments.inTurn(account, () => newDocuments.timed(account, work));
  if (query) return documents.knows(query) ? find(read) : inTurn(() => find(read));
  return find((document) => (documents.knows(document.text) ? read(document) : inTurn(() => read(document))));
}

/** An operation that is about to be run for a client. */
export interface PreparedOperation {
  readonly operation: Operation;
  readonly variables: Readonly<Data>;
  readonly conditions: Readonly<Data>;
  readonly authorized: AuthorizedOperation;
  readonly admitted: Admitted;
  readonly plan: CompiledPlan;
}

/**
 * Answers one operation: prepares it, asks the subgraphs, shapes what they gave, and gives back the points that it did not
 * cost.
 * @throws RequestError when it was not run
 */
export async function answerOperation(
  operation: Operation,
  request: OperationRequest,
  context: RouterContext,
  answering: Answering,
): Promise<OperationAnswer> {
  const prepared = await prepareOperation(operation, request, context, answering);
  const answer = await runOperation(prepared, {}, context, answering);
  return { ...answer, spent: answering.admission.settle(prepared.admitted, answer.data, prepared.variables) };
}

/**
 * Checks an operation's variables, takes out what the viewer may not see, takes the points that it may cost, and plans the
 * rest.
 * @throws RequestError when it is not to be run
 */
export async function prepareOperation(
  operation: Operation,
  request: OperationRequest,
  context: RouterContext,
  answering: Answering,
): Promise<PreparedOperation> {
  // A graph that is retired meanwhile still plans for those that have entered.
  operation.graph.enter();
  const { newDocuments } = answering.admission;
  try {
    // Its answer is made here each time, known or not.
    if (operation.introspection.length > 0) newDocuments.check(context.account);
    // What is declared nowhere is not looked at, and goes nowhere.
    const variables = operation.definition.variableDefinitions?.length ? (request.variables ?? nothing) : nothing;
    checkVariables(operation, variables, answering);
    const conditions = operation.conditions(variables);
    const authorize = () => authorizeOperation(operation, conditions, context.viewer, answering.authorization);
    // What requires nothing is not looked at; a part of what does is written when it is first asked for.
    const checked = operation.authorization ? newDocuments.timed(context.account, authorize) : authorize();
    const authorized = checked instanceof Promise ? await checked : checked;
    const admitting = answering.admission.admit(operation, variables, context.account);
    const admitted = admitting instanceof Promise ? await admitting : admitting;
    const known = planOf(authorized.part, context, answering.admission);
    answering.observer?.planAsked(known);
    const plan =
      known instanceof Promise
        ? await recordPlanning(inTime(known, context.deadline), context.trace).catch((error: unknown) => {
            answering.admission.release(admitted);
            explain(error);
          })
        : known;
    return { operation, variables, conditions, authorized, admitted, plan };
  } finally {
    operation.graph.leave();
  }
}

/** What is new is planned in its client's turn, if anyone waits for it then. */
function planOf(
  part: OperationPart,
  { account, deadline, interest }: RouterContext,
  { newDocuments }: Admission,
): CompiledPlan | Promise<CompiledPlan> {
  if (!account || part.isAsked) return part.plan();
  return newDocuments.inTurn(account, () => {
    if (interest.aborted || performance.now() >= deadline) throw new PlanningBusyError('Nobody waits for the plan.');
    return part.plan((milliseconds) => newDocuments.took(account, milliseconds));
  });
}

/** @param begun what is there already: of a subscription, the event */
export async function runOperation(
  { operation, variables, conditions, authorized, plan }: PreparedOperation,
  { data: begun = {}, errors: met = [] }: { data?: Data; errors?: GraphQLFormattedError[] },
  context: RouterContext,
  { fetchSubgraph, admission }: Pick<Answering, 'fetchSubgraph' | 'admission'>,
): Promise<Omit<OperationAnswer, 'spent'>> {
  const { part, errors: denials } = authorized;
  const execution: Execution = {
    data: begun,
    errors: met,
    variables,
    conditions,
    types: operation.graph.types,
    fetchSubgraph,
    context,
    isQuery: operation.type === OperationTypeNode.QUERY,
    known: new KnownEntities(),
  };
  if (plan.root) {
    await executePlan(plan.root, execution);
    context.calls?.ran(plan.root, conditions);
  }
  const introspection =
    operation.introspection.length === 0
      ? nothing
      : admission.newDocuments.timed(context.account, () => introspect(operation, variables));
  const { data, errors } = shape(part.shape(conditions), execution.data, introspection);
  // A denial or a subgraph's error explains the nulls it left; without one, what did not fit is told beside the answer, as Apollo's
  // routers tell it: clients have learnt to live with such values.
  const failures = execution.errors.length > 0 ? withinAnswer(execution.errors, operation) : execution.errors;
  const told = denials.length > 0 ? [...denials, ...failures] : failures;
  const unexplained = told.length === 0 && errors.length > 0;
  return { data, errors: told, ...(unexplained ? { extensions: { valueCompletion: errors } } : {}) };
}

const nothing: Readonly<Data> = {};

function checkVariables(
  { definition, graph }: Operation,
  variables: Readonly<Data>,
  { limits, introspection }: Pick<Answering, 'limits' | 'introspection'>,
): void {
  const { variableDefinitions = [] } = definition;
  if (variableDefinitions.length === 0) return;
  limits.checkVariables(variables);
  const { errors } = getVariableValues(graph.schema, variableDefinitions, variables, { maxErrors: 20 });
  if (!errors) return;
  throw new RequestError(
    errors.map(({ message, nodes }) => {
      const told = introspection ? message : withoutHint(message);
      return new GraphQLError(told, { nodes, extensions: { code: 'BAD_USER_INPUT' } });
    }),
  );
}

function explain(error: unknown): never {
  if (error instanceof PlanningTooCostlyError) {
    throw new RequestError([
      new GraphQLError(`${error.message} Ask for less at a time.`, {
        extensions: { code: 'OPERATION_TOO_COSTLY', http: { status: 400 } },
      }),
    ]);
  }
  if (error instanceof PlanningBusyError) {
    throw new RequestError([
      new GraphQLError('Too much is asked at once right now; try again shortly.', {
        extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503, headers: { 'retry-after': '1' } } },
      }),
    ]);
  }
  throw error;
}
