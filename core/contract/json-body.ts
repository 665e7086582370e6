/** Reads a JSON request body the same way at every door, so that what is checked is what is sent on. */
import { Fault } from './fault.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** @internal */
export const MAX_JSON_DEPTH = 64;

/**
 * Fields that other gateways let a client use to choose the upstream host or its credential. Here
 * they are refused wherever they are not opaque data, so that nobody believes they work.
 */
const ROUTING_FIELDS: ReadonlySet<string> = new Set([
  'api_base',
  'api_key',
  'api_version',
  'aws_access_key_id',
  'aws_bedrock_runtime_endpoint',
  'aws_profile_name',
  'aws_role_name',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_web_identity_token',
  'azure_ad_token',
  'azure_endpoint',
  'base_url',
  'custom_llm_provider',
  'endpoint_url',
  'litellm_params',
  'model_list',
  'organization_id',
  'proxy_url',
  'user_config',
  'vertex_credentials',
]);

/** Below these the client's data is opaque: schemas, arguments and labels may use any name. */
const OPAQUE_FIELDS: ReadonlySet<string> = new Set([
  'arguments',
  'input_schema',
  'metadata',
  'parameters',
  'schema',
]);

/** Whether a `content-type` says JSON, with or without parameters. */
export const isJsonContentType = (header: string | null | undefined): boolean =>
  /^application\/json\s*(;|$)/i.test(header ?? '');

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes → JSON object, or the fault to answer with. Duplicate keys: the last one wins, here and so everywhere. */
export function parseJsonBody(bytes: Uint8Array): JsonObject | Fault {
  let value: Json;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return new Fault('invalid_json');
  }
  if (!isJsonObject(value)) {
    return new Fault('invalid_json', { message: 'The request body must be a JSON object.' });
  }
  return inspect(value, { path: [], isOpaque: false }) ?? value;
}

const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where the walk through a body is. There is one path for the whole walk: a body may hold millions of values. */
interface Place {
  readonly path: (string | number)[];
  readonly isOpaque: boolean;
}

/** Recursive: the depth is checked before each descent. Leaves the path at the value at fault. */
function inspect(value: Json | undefined, place: Place): Fault | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : unpaired();
  if (typeof value === 'number') return isExact(value) ? undefined : inexact(place);
  if (typeof value !== 'object' || value === null) return undefined;
  if (place.path.length >= MAX_JSON_DEPTH) return tooDeep();
  return isJsonObject(value) ? inspectObject(value, place) : inspectArray(value, place);
}

function inspectArray(items: readonly Json[], place: Place): Fault | undefined {
  const { path } = place;
  for (let index = 0; index < items.length; index += 1) {
    path.push(index);
    const fault = inspect(items[index], place);
    if (fault) return fault;
    path.pop();
  }
  return undefined;
}

function inspectObject(object: JsonObject, place: Place): Fault | undefined {
  const { path, isOpaque } = place;
  const below = { path, isOpaque: true };
  for (const key of Object.keys(object)) {
    path.push(key);
    const fault =
      inspectKey(key, place) ??
      inspect(object[key], isOpaque || OPAQUE_FIELDS.has(key) ? below : place);
    if (fault) return fault;
    path.pop();
  }
  return undefined;
}

function inspectKey(key: string, { path, isOpaque }: Place): Fault | undefined {
  if (!key.isWellFormed()) return unpaired();
  const reason = refusalOf(key, isOpaque);
  if (!reason) return undefined;
  const message = `The field "${key}" is not accepted: ${reason}.`;
  return new Fault('unknown_field', { message, param: path.join('.') });
}

function refusalOf(key: string, isOpaque: boolean): string | undefined {
  if (key === '__proto__') return 'JSON readers disagree on what it means';
  if (isOpaque || !ROUTING_FIELDS.has(key)) return undefined;
  return "the gateway's configuration alone chooses providers";
}

const tooDeep = (): Fault =>
  new Fault('invalid_json', {
    message: `The request body is nested deeper than ${MAX_JSON_DEPTH} levels.`,
  });

const unpaired = (): Fault =>
  new Fault('invalid_json', {
    message: 'The request body has a string with an unpaired surrogate.',
  });

/** Neither Infinity (1e400) nor an integer that JSON readers round differently. */
const isExact = (value: number): boolean =>
  Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);

function inexact({ path }: Place): Fault {
  const param = path.join('.');
  const message = `${param} is a number that cannot be held exactly; send it as a string.`;
  return new Fault('invalid_parameter', { message, param });
}
