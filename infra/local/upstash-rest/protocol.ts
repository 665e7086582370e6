/** The Upstash REST protocol without its HTTP: a route and a JSON body in, a status and a JSON body out. */
import type { Command, RedisBackend, Reply } from '../redis/backend.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface RestRequest {
  /** Method and path, `POST /pipeline`. */
  readonly route: string;
  readonly body: string;
  /** The client decodes every string of the answer from base64, so that any bytes pass. */
  readonly base64: boolean;
}

type BulkEncoding = (bulk: string | Buffer) => string;

/** They change the state of a connection, and all callers share one. Upstash refuses them over REST as well. */
const CONNECTION_COMMANDS: ReadonlySet<string> = new Set(
  'MULTI EXEC DISCARD WATCH UNWATCH SUBSCRIBE PSUBSCRIBE SSUBSCRIBE MONITOR SELECT HELLO RESET QUIT'.split(
    ' ',
  ),
);

export function failure(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** Never rejects: what Redis or the parser refuses is a 400 with its text. */
export async function answer(request: RestRequest, redis: RedisBackend): Promise<Answer> {
  const encode = request.base64 ? toBase64 : toText;
  const toResult = (reply: Reply) =>
    reply instanceof Error ? { error: reply.message } : { result: toJson(reply, encode) };
  try {
    switch (request.route) {
      case 'POST /':
        return ok(toResult(await redis.call(toCommand(parseList(request.body)))));
      case 'POST /pipeline':
        return ok((await pipeline(parseList(request.body), redis)).map(toResult));
      case 'POST /multi-exec':
        return ok((await redis.multi(parseList(request.body).map(toCommand))).map(toResult));
      default:
        return failure(404, 'ERR only POST /, /pipeline and /multi-exec are served here');
    }
  } catch (error) {
    return failure(400, toError(error).message);
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** A failed command leaves its error in its place; the others run. */
function pipeline(commands: readonly unknown[], redis: RedisBackend): Promise<readonly Reply[]> {
  const attempt = async (command: unknown) => redis.call(toCommand(command));
  return Promise.all(commands.map((command) => attempt(command).catch(toError)));
}

function parseList(body: string): readonly unknown[] {
  try {
    return toList(JSON.parse(body));
  } catch (error) {
    throw new Error('ERR the body must be a JSON array that is not empty', { cause: error });
  }
}

function toList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new Error('ERR a command must be a JSON array that is not empty');
  return value;
}

function toCommand(value: unknown): Command {
  const command = toList(value).map((argument) =>
    typeof argument === 'object' && argument !== null ? JSON.stringify(argument) : String(argument),
  );
  const [name = ''] = command;
  if (CONNECTION_COMMANDS.has(name.toUpperCase()))
    throw new Error(`ERR Command is not available: '${name}'`);
  return command;
}

/** `OK` alone stays as it is: clients take it for a status and decode every other string. */
function toJson(reply: Reply, encode: BulkEncoding): unknown {
  const isStatus = !Array.isArray(reply) && String(reply) === 'OK';
  return isStatus ? 'OK' : toNested(reply, encode);
}

function toNested(reply: Reply, encode: BulkEncoding): unknown {
  if (reply === null || typeof reply === 'number') return reply;
  if (typeof reply === 'string' || Buffer.isBuffer(reply)) return encode(reply);
  if (reply instanceof Error) return encode(reply.message);
  return reply.map((element) => toNested(element, encode));
}

const toBase64: BulkEncoding = (bulk) => Buffer.from(bulk).toString('base64');
const toText: BulkEncoding = (bulk) => bulk.toString();

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('ERR unexpected failure', { cause: error });
}
