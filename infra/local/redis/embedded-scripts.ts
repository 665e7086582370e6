import { createHash } from 'node:crypto';
import type { Command, Reply } from './backend.ts';
import type { EmbeddedLua } from './embedded-lua.ts';

/** EVAL, EVALSHA and SCRIPT by name, each over its arguments. They throw Redis's errors. */
export function createScriptCommands(
  lua: EmbeddedLua,
): ReadonlyMap<string, (args: Command) => Reply> {
  /** The compiled script by the SHA-1 of its text. */
  const scripts = new Map<string, number>();

  const load = (script: string): string => {
    const digest = createHash('sha1').update(script).digest('hex');
    if (!scripts.has(digest)) scripts.set(digest, lua.compile(script));
    return digest;
  };

  const evalsha = ([digest = '', ...rest]: Command): Reply => {
    const script = scripts.get(digest.toLowerCase());
    if (script === undefined) throw new Error('NOSCRIPT No matching script. Please use EVAL.');
    return lua.run(script, ...splitKeys(rest));
  };

  const script = ([subcommand = '', ...args]: Command): Reply => {
    switch (subcommand.toUpperCase()) {
      case 'LOAD':
        return load(args[0] ?? '');
      case 'EXISTS':
        return args.map((digest) => (scripts.has(digest.toLowerCase()) ? 1 : 0));
      case 'FLUSH':
        scripts.clear();
        return 'OK';
      default:
        throw new Error(`ERR unknown subcommand '${subcommand}'. Try SCRIPT HELP.`);
    }
  };

  return new Map([
    ['eval', ([text = '', ...rest]: Command) => evalsha([load(text), ...rest])],
    ['evalsha', evalsha],
    ['script', script],
  ]);
}

/** `numkeys key … arg …` into the keys and the arguments. */
function splitKeys([count = '', ...rest]: Command): [keys: Command, args: Command] {
  const keys = Number(count);
  if (!Number.isInteger(keys) || keys < 0)
    throw new Error('ERR value is not an integer or out of range');
  if (keys > rest.length)
    throw new Error("ERR Number of keys can't be greater than number of args");
  return [rest.slice(0, keys), rest.slice(keys)];
}
