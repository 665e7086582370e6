/**
 * `TransactWriteItems`, which dynalite lacks: its own actions run against a store that only collects
 * their writes; if no item objects, all of these are written as one batch of LevelDB.
 */
import {
  createKey,
  type Item,
  type Store,
  type StoreWrite,
  type Table,
  validateKey,
  validationError,
} from 'dynalite/db/index.js';
import * as z from 'zod';
import { type OperationName, operationNamed, promised, type Request } from './operations.ts';
import { asServiceError, codeOf } from './service-error.ts';

const itemSchema = z.record(z.string(), z.unknown());
const requestSchema = z.object({
  TransactItems: z
    .array(
      z.strictObject({
        Put: itemSchema.optional(),
        Update: itemSchema.optional(),
        Delete: itemSchema.optional(),
        ConditionCheck: itemSchema.optional(),
      }),
    )
    .min(1)
    .max(100),
});

/** A check is a deletion whose writes are thrown away. */
const ACTIONS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const satisfies Readonly<Record<string, OperationName>>;
const VERBS = ['Put', 'Update', 'Delete', 'ConditionCheck'] as const;

interface Member {
  readonly verb: keyof typeof ACTIONS;
  readonly request: Request;
  readonly table: string;
  readonly key: string;
}

/** Rejects with what the service answers; `TransactionCanceledException` has a reason for each item. */
export async function transactWriteItems(store: Store, request: unknown): Promise<object> {
  const members = await Promise.all(membersOf(request).map((member) => locate(store, member)));
  const unlock = await lockAll(store, members);
  try {
    const writes: StoreWrite[] = [];
    const reasons: Reason[] = [];
    for (const member of members) reasons.push(await prepare(store, member, writes));
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
    await store.db.batch(writes);
    return {};
  } finally {
    unlock();
  }
}

function membersOf(request: unknown): readonly Pick<Member, 'verb' | 'request'>[] {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) throw validationError('The transaction is not valid.');
  return parsed.data.TransactItems.map((item) => {
    const [verb, ...others] = VERBS.filter((name) => item[name]);
    if (!verb || others.length > 0) {
      throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    }
    return { verb, request: { ...item[verb] } };
  });
}

/** Checks the member's request, and finds the key under which it must be locked. */
async function locate(
  store: Store,
  { verb, request }: Pick<Member, 'verb' | 'request'>,
): Promise<Member> {
  const checked = operationNamed(ACTIONS[verb]).check(request, store);
  const { TableName, Item, Key } = z
    .object({ TableName: z.string(), Item: itemSchema.optional(), Key: itemSchema.optional() })
    .parse(checked);
  const table = await promised<Table>((callback) => store.getTable(TableName, callback));
  if (!table) throw validationError('The table does not exist.');
  const key = keyOf(Key ?? Item ?? {}, table);
  const invalid = validateKey(key, table);
  if (invalid) throw invalid;
  return { verb, request: checked, table: TableName, key: createKey(key, table) };
}

const keyOf = (item: Item, { KeySchema }: Table): Item =>
  Object.fromEntries(KeySchema.map(({ AttributeName: name }) => [name, item[name]]));

/** In one order for all, so that two transactions cannot wait for each other; other writes lock a single item. */
async function lockAll(store: Store, members: readonly Member[]): Promise<() => void> {
  const sorted = [...members].sort((a, b) => compare(lockName(a), lockName(b)));
  if (new Set(sorted.map(lockName)).size < sorted.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
  const unlocks: (() => void)[] = [];
  for (const { table, key } of sorted) {
    const unlock = await new Promise<() => void>((resolve) => {
      store.getItemDb(table).lock(key, (release) => resolve(release(() => {})));
    });
    unlocks.push(unlock);
  }
  return () => {
    for (const unlock of unlocks) unlock();
  };
}

const lockName = ({ table, key }: Member): string => `${table} ${key}`;
const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

interface Reason {
  readonly Code: string;
  readonly Message?: string | undefined;
}

/** Adds the writes that the member asks for, or answers why it may not have them. */
async function prepare(
  store: Store,
  { verb, request }: Member,
  writes: StoreWrite[],
): Promise<Reason> {
  const collected: StoreWrite[] = [];
  try {
    await operationNamed(ACTIONS[verb]).run(collecting(store, collected), request);
  } catch (error) {
    const refusal = asServiceError(error);
    if (!refusal) throw error;
    const code = codeOf(refusal);
    const Code = code === 'Validation' ? 'ValidationError' : code;
    return { Code, Message: refusal.body.message };
  }
  if (verb !== 'ConditionCheck') writes.push(...collected);
  return { Code: 'None' };
}

/** The store, but that what is written to it is only noted, under the names that dynalite gives its parts. */
function collecting(store: Store, writes: StoreWrite[]): Store {
  const noting = (part: string): Pick<ReturnType<Store['getItemDb']>, 'put' | 'del'> => ({
    put(key, value, callback) {
      writes.push({ type: 'put', key: `${part}~${key}`, value });
      callback();
    },
    del(key, callback) {
      writes.push({ type: 'del', key: `${part}~${key}` });
      callback();
    },
  });
  return {
    ...store,
    getItemDb: (table) => ({
      get: store.getItemDb(table).get,
      lock: (_, run) => run((callback) => callback),
      ...noting(`item-${table}`),
    }),
    getIndexDb: (kind, table, index) => ({
      get: store.getIndexDb(kind, table, index).get,
      ...noting(`index-${kind.toLowerCase()}~${table}~${index}`),
    }),
  };
}

/** As the SDK reads it: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
function cancelled(reasons: readonly Reason[]): Error {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return Object.assign(new Error(Message), {
    statusCode: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      Message,
      CancellationReasons: reasons,
    },
  });
}
