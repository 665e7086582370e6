/**
 * `@upstash/ratelimit` begins its Lua with `#!lua flags=allow-key-locking`, a flag only Upstash knows.
 * The line is cut off on the way in; its newline stays, so that line numbers in errors hold. Clients
 * name a script by the digest of what they sent, so digests are translated as well.
 */
import { createHash } from 'node:crypto';
import type { Command, RedisBackend, Reply } from './backend.ts';

const SHEBANG = /^#![^\n]*/;

export function withoutShebangs(redis: RedisBackend): RedisBackend {
  const strippedSha1 = new Map<string, string>();

  const strip = (script: string): string => {
    const stripped = script.replace(SHEBANG, '');
    if (stripped !== script) strippedSha1.set(sha1(script), sha1(stripped));
    return stripped;
  };
  const translate = (digest: string): string => strippedSha1.get(digest.toLowerCase()) ?? digest;

  const request = (command: Command): Command => {
    switch (scriptCommand(command)) {
      case 'EVAL':
        return command.map((word, index) => (index === 1 ? strip(word) : word));
      case 'EVALSHA':
        return command.map((word, index) => (index === 1 ? translate(word) : word));
      case 'SCRIPT LOAD':
        return command.map((word, index) => (index === 2 ? strip(word) : word));
      case 'SCRIPT EXISTS':
        return command.map((word, index) => (index >= 2 ? translate(word) : word));
      default:
        return command;
    }
  };

  return {
    call: async (command) => reply(command, await redis.call(request(command))),
    multi: async (commands) => {
      const replies = await redis.multi(commands.map(request));
      return replies.map((value, index) => reply(commands[index] ?? [], value));
    },
    close: redis.close,
  };
}

/** The command's name, for SCRIPT with its subcommand. */
function scriptCommand([name = '', subcommand = '']: Command): string {
  const upper = name.toUpperCase();
  return upper === 'SCRIPT' ? `SCRIPT ${subcommand.toUpperCase()}` : upper;
}

/** SCRIPT LOAD answers the digest of the script the client sent, not of the one that was stored. */
function reply(command: Command, value: Reply): Reply {
  const [, , script = ''] = command;
  const isLoaded = scriptCommand(command) === 'SCRIPT LOAD' && !(value instanceof Error);
  return isLoaded ? sha1(script) : value;
}

function sha1(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}
