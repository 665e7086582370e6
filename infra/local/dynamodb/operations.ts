/** dynalite's operations as functions: a request is checked, then run over a store. */
import { createRequire } from 'node:module';
import type { Callback, Store } from 'dynalite/db/index.js';
import { checkTypes, checkValidations } from 'dynalite/validations/index.js';

export type Request = Readonly<Record<string, unknown>>;

export interface Operation {
  /** Throws what the service answers to a request that is not valid. */
  check(request: unknown, store: Store): Request;
  /** Rejects with what the service answers, or with an error of the store. */
  run(store: Store, request: Request): Promise<unknown>;
}

type Action = (store: Store, request: Request, callback: Callback) => void;

interface Validation {
  readonly types: unknown;
  readonly custom: unknown;
}

const require = createRequire(import.meta.url);

const NAMES = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
] as const;
export type OperationName = (typeof NAMES)[number];

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  NAMES.map((name) => [name, operation(name)]),
);

export function operationNamed(name: OperationName): Operation {
  const found = OPERATIONS.get(name);
  if (!found) throw new Error(`There is no operation ${name}.`);
  return found;
}

function operation(name: OperationName): Operation {
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
  const act: Action = require(`dynalite/actions/${file}`);
  const { types, custom }: Validation = require(`dynalite/validations/${file}`);
  return {
    check(request, store) {
      const data = checkTypes(request, types);
      checkValidations(data, types, custom, store);
      return data;
    },
    run: (store, request) => promised((callback) => act(store, request, callback)),
  };
}

export const promised = <Value = unknown>(start: (callback: Callback<Value>) => void) =>
  new Promise<Value | undefined>((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
