/** What we use of dynalite, which ships no types: its store, and the functions over it. Its HTTP server is not used. */
declare module 'dynalite/db/index.js' {
  export type Callback<Value = unknown> = (error?: Error | null, value?: Value) => void;
  export type Item = Readonly<Record<string, unknown>>;

  /** What `name` of a table or an index is kept under. */
  export interface SubDb {
    get(key: string, callback: Callback): void;
    put(key: string, value: unknown, callback: Callback): void;
    del(key: string, callback: Callback): void;
    /** `run` gets the function that, wrapped around a callback, lets the next one in before it calls it. */
    lock(key: string, run: (release: (callback: Callback) => Callback) => void): void;
  }

  export interface Table {
    readonly KeySchema: readonly { readonly AttributeName: string }[];
  }

  export type StoreWrite =
    | { readonly type: 'put'; readonly key: string; readonly value: unknown }
    | { readonly type: 'del'; readonly key: string };

  export interface Store {
    readonly db: {
      open(): Promise<void>;
      close(): Promise<void>;
      /** All or nothing, also when the process ends meanwhile. */
      batch(writes: readonly StoreWrite[]): Promise<void>;
    };
    getTable(name: string, callback: Callback<Table>): void;
    getItemDb(table: string): SubDb;
    getIndexDb(kind: string, table: string, index: string): Omit<SubDb, 'lock'>;
  }

  export function create(options: {
    readonly path: string;
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
  }): Store;
  export function createKey(item: Item, table: Table): string;
  export function validateKey(key: Item, table: Table): Error | undefined;
  export function validationError(message: string): Error;
}

declare module 'dynalite/validations/index.js' {
  /** Both throw what the service answers to a request that is not valid. */
  export function checkTypes(data: unknown, types: unknown): Record<string, unknown>;
  export function checkValidations(
    data: unknown,
    types: unknown,
    ...more: readonly unknown[]
  ): void;
}
