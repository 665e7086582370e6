/** From what was typed to what is printed. Throws an `Error` whose message tells a person what to do. */
import { parseArgs } from 'node:util';
import { createAdminClient, type Fetch } from './admin-client.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { connectionFrom } from './connection.ts';
import { COMMON_OPTIONS, commandHelp, generalHelp } from './help.ts';
import type { View } from './view.ts';

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly credentialsPath: string;
  readonly fetch: Fetch;
  readonly view: View;
  readonly write: (text: string) => void;
}

export async function runCommand(
  args: readonly string[],
  { environment, credentialsPath, fetch, view, write }: Surroundings,
): Promise<void> {
  const found = findCommand(args);
  if (!found) return write(`${generalHelp(COMMANDS)}\n`);
  const { command, rest } = found;
  const { taken, values } = parse(command, rest);
  if (values.help) return write(`${commandHelp(command)}\n`);
  requireTaken(command, taken);
  const option = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const sources = { url: option('url'), key: option('key'), environment, credentialsPath };
  const result = await command.run({
    client: createAdminClient(await connectionFrom(sources), fetch),
    taken,
    option,
    flag: (name) => values[name] === true,
    write,
  });
  const text = values.json ? JSON.stringify(result.json, null, 2) : result.text(view);
  if (text) write(`${text}\n`);
}

/** Undefined where help is wanted. */
function findCommand(args: readonly string[]) {
  if (args.length === 0 || args[0] === 'help' || args[0]?.startsWith('-')) return undefined;
  for (const words of [2, 1]) {
    const command = COMMANDS.find(({ name }) => name === args.slice(0, words).join(' '));
    if (command) return { command, rest: args.slice(words) };
  }
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${args[0]} `));
  const known = group.map(({ name }) => `"${name}"`).join(', ');
  throw new Error(
    known
      ? `"${args[0]}" is one of ${known}; say which.`
      : `There is no command "${args[0]}"; "npm run gateway" lists those that there are.`,
  );
}

function parse({ name, options }: Command, args: readonly string[]) {
  const known = Object.entries({ ...options, ...COMMON_OPTIONS }).map(
    ([option, { value }]) => [option, { type: value ? 'string' : 'boolean' } as const] as const,
  );
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: Object.fromEntries(known),
      allowPositionals: true,
    });
    return { taken: positionals, values };
  } catch (cause) {
    const [first = ''] = String(cause instanceof Error ? cause.message : cause).split('. ');
    throw new Error(`${first}; "${name} --help" lists the options.`, { cause });
  }
}

function requireTaken({ name, takes }: Command, taken: readonly string[]): void {
  if (taken.length === takes.length) return;
  const wanted = takes.length > 0 ? takes.join(' ') : 'nothing';
  throw new Error(
    `"${name}" takes ${wanted}, not ${taken.length > 0 ? `"${taken.join(' ')}"` : 'nothing'}.`,
  );
}
