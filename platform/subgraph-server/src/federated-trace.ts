import { Trace } from '@apollo/usage-reporting-protobuf';
import {
  defaultFieldResolver,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
  type ResponsePath,
} from 'graphql';

/**
 * What each field took, as gateways ask for it with `apollo-federation-include-trace: ftv1`: one tree a call, encoded
 * in the answer's `extensions.ftv1`.
 */
export interface FederatedTrace {
  /** @returns called once the field has its value, or failed */
  enter(info: GraphQLResolveInfo): () => void;
  /**
   * Ends it.
   * @param errors as the caller is told them
   * @returns protocol buffers in base64; undefined where it would be longer than the answer is worth
   */
  encode(errors: readonly GraphQLFormattedError[]): string | undefined;
}

/** Some megabyte of trace: Apollo drops the largest anyway, and who waits for the answer waits for its trace. */
const mostFields = 25_000;

const traces = new WeakMap<object, FederatedTrace>();

/** Traces what is executed with this context, in a schema that was made to be traced. */
export function traceCall(context: object): FederatedTrace {
  const trace = beginTrace();
  traces.set(context, trace);
  return trace;
}

/** Wraps the fields of a schema that serves traced calls only: the others pay nothing. */
export function makeTraceable(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context, info) => {
        const leave = traces.get(context)?.enter(info);
        if (!leave) return resolve(source, args, context, info);
        return whenSettled(() => resolve(source, args, context, info), leave);
      };
    }
  }
  return schema;
}

function whenSettled(work: () => unknown, settled: () => void): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    settled();
    throw error;
  }
  if (!(result instanceof Promise)) {
    settled();
    return result;
  }
  return result.finally(settled);
}

function beginTrace(): FederatedTrace {
  const began = process.hrtime.bigint();
  const sinceBegan = () => Number(process.hrtime.bigint() - began);
  const root = new Trace.Node();
  const trace = new Trace({ startTime: timestamp(), root, fieldExecutionWeight: 1 });
  const nodes = new Map<string, Trace.Node>([['', root]]);

  const nodeOf = (path: ResponsePath | undefined): Trace.Node => {
    const key = keyOf(path);
    const known = nodes.get(key);
    if (known || !path) return known ?? root;
    const node = new Trace.Node(typeof path.key === 'number' ? { index: path.key } : { responseName: path.key });
    nodes.set(key, node);
    nodeOf(path.prev).child.push(node);
    return node;
  };

  return {
    enter({ path, fieldName, returnType, parentType }) {
      if (nodes.size > mostFields) return nothing;
      const node = nodeOf(path);
      node.type = String(returnType);
      node.parentType = parentType.name;
      if (path.key !== fieldName) node.originalFieldName = fieldName;
      node.startTime = sinceBegan();
      return () => {
        node.endTime = sinceBegan();
      };
    },
    encode(errors) {
      if (nodes.size > mostFields) return undefined;
      for (const error of errors) {
        const node = nodes.get((error.path ?? []).join('.')) ?? root;
        node.error.push(
          new Trace.Error({
            message: error.message,
            location: (error.locations ?? []).map((location) => new Trace.Location(location)),
            json: JSON.stringify(error),
          }),
        );
      }
      trace.durationNs = sinceBegan();
      trace.endTime = timestamp();
      return Buffer.from(Trace.encode(trace).finish()).toString('base64');
    },
  };
}

const nothing = () => {};

function keyOf(path: ResponsePath | undefined): string {
  if (!path) return '';
  return path.prev ? `${keyOf(path.prev)}.${path.key}` : String(path.key);
}

function timestamp() {
  const now = Date.now();
  return { seconds: Math.floor(now / 1_000), nanos: (now % 1_000) * 1e6 };
}
