/**
 * A Redis for machines without one: ioredis-mock in memory, with the manners of the real thing that
 * it lacks. Every command and every script runs within one tick, so scripts and transactions are
 * atomic. Known gaps: no `cjson` in Lua, `TIME` is up to a second off, an expired key that nobody
 * asks for again keeps its memory.
 */
import { randomUUID } from 'node:crypto';
import RedisMock from 'ioredis-mock';
import type { Command, RedisBackend, Reply } from './backend.ts';
import { createEmbeddedLua } from './embedded-lua.ts';
import { createScriptCommands } from './embedded-scripts.ts';

type Perform = (name: string, args: Command) => unknown;
type Arities = ReadonlyMap<string, number>;

export async function createEmbeddedRedis(): Promise<RedisBackend> {
  // Mocks of the same host share their data.
  const redis = new RedisMock({ host: randomUUID() });
  const perform = performNow(redis.pipeline());
  const arities = toArities(await perform('command', []));

  const lua = createEmbeddedLua((command) => {
    const [name, ...args] = admit(command, arities);
    return toReply(perform(name, args));
  });
  const scriptCommands = createScriptCommands(lua);

  const call = async (command: Command): Promise<Reply> => {
    const [name, ...args] = admit(command, arities);
    const runScript = scriptCommands.get(name);
    return runScript ? runScript(args) : toReply(await perform(name, args));
  };

  return {
    call,
    multi: async (commands) => {
      for (const command of commands) admitToTransaction(command, arities);
      return Promise.all(commands.map((command) => call(command).catch(toError)));
    },
    close: async () => {
      await redis.flushall();
      redis.disconnect();
    },
  };
}

/** The mock's commands are synchronous underneath: what its pipeline keeps for later, ours runs at once. */
function performNow(pipeline: object): Perform {
  let result: unknown;
  const run = (command: (...args: Command) => unknown, _name: string, args: Command) => {
    result = command(...args);
  };
  Reflect.set(pipeline, '_addTransaction', run);
  return (name, args) => {
    const method: unknown = Reflect.get(pipeline, name);
    if (typeof method !== 'function')
      throw new Error(`ERR unknown command '${name}' in the built-in Redis`);
    Reflect.apply(method, pipeline, name === 'set' ? upperCaseOptions(args) : args);
    return result;
  };
}

/** The mock knows `EX`, but `@upstash/redis` says `ex`. */
function upperCaseOptions([key = '', value = '', ...options]: Command): Command {
  return [key, value, ...options.map((option) => option.toUpperCase())];
}

/** What COMMAND says: a name, then the number of words, or at least that many if negative. */
function toArities(commands: unknown): Arities {
  const list: unknown[] = Array.isArray(commands) ? commands : [];
  return new Map(
    list.flatMap((command): [string, number][] => {
      const [name, arity]: unknown[] = Array.isArray(command) ? command : [];
      return typeof name === 'string' && typeof arity === 'number' ? [[name, arity]] : [];
    }),
  );
}

/** Refuses what Redis refuses before it runs a command. */
function admit([word = '', ...args]: Command, arities: Arities): readonly [string, ...string[]] {
  const name = word.toLowerCase();
  const arity = arities.get(name);
  if (arity === undefined) throw new Error(`ERR unknown command '${word}'`);
  const words = args.length + 1;
  if (arity < 0 ? words < -arity : words !== arity)
    throw new Error(`ERR wrong number of arguments for '${name}' command`);
  return [name, ...args];
}

function admitToTransaction(command: Command, arities: Arities): void {
  try {
    admit(command, arities);
  } catch (cause) {
    throw new Error('EXECABORT Transaction discarded because of previous errors.', { cause });
  }
}

/** The mock answers hashes as objects. */
function toReply(value: unknown): Reply {
  if (typeof value === 'string' || typeof value === 'number' || Buffer.isBuffer(value))
    return value;
  if (Array.isArray(value)) return value.map(toReply);
  return value ? Object.entries(value).flat().map(toReply) : null;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('ERR unexpected failure', { cause: error });
}
