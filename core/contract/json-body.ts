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
  'parameters',
  'schema',
  'input_schema',
  'metadata',
]);

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
  return inspect(value) ?? value;
}

const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Node {
  readonly value: Json;
  readonly key: string;
  readonly parent?: Node;
  readonly depth: number;
  readonly opaque: boolean;
}

/** Iterative, so that no depth of nesting can exhaust the stack. */
function inspect(root: JsonObject): Fault | undefined {
  const stack: Node[] = [{ value: root, key: '', depth: 1, opaque: false }];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const fault = inspectNode(node, stack);
    if (fault) return fault;
  }
  return undefined;
}

function inspectNode(node: Node, stack: Node[]): Fault | undefined {
  const { value } = node;
  if (typeof value === 'string') return value.isWellFormed() ? undefined : unpaired();
  if (typeof value === 'number') return inspectNumber(value, node);
  if (typeof value !== 'object' || value === null) return undefined;
  if (node.depth > MAX_JSON_DEPTH) {
    const message = `The request body is nested deeper than ${MAX_JSON_DEPTH} levels.`;
    return new Fault('invalid_json', { message });
  }
  return inspectMembers(node, value, stack);
}

function inspectMembers(parent: Node, value: object, stack: Node[]): Fault | undefined {
  const inArray = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) {
    const opaque = parent.opaque || (!inArray && OPAQUE_FIELDS.has(key));
    const node = { value: member, key, parent, depth: parent.depth + 1, opaque };
    const fault = inArray ? undefined : inspectKey(node, parent.opaque);
    if (fault) return fault;
    stack.push(node);
  }
  return undefined;
}

function inspectKey(node: Node, opaque: boolean): Fault | undefined {
  if (!node.key.isWellFormed()) return unpaired();
  if (node.key !== '__proto__' && (opaque || !ROUTING_FIELDS.has(node.key))) return undefined;
  const message = `The field "${node.key}" is not accepted: the gateway's configuration alone chooses providers.`;
  return new Fault('unknown_field', { message, param: pathOf(node) });
}

const unpaired = (): Fault =>
  new Fault('invalid_json', {
    message: 'The request body has a string with an unpaired surrogate.',
  });

/** Infinity (1e400), and integers that JSON readers round differently. */
function inspectNumber(value: number, node: Node): Fault | undefined {
  if (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)) {
    return undefined;
  }
  const param = pathOf(node);
  const message = `${param} is a number that cannot be held exactly; send it as a string.`;
  return new Fault('invalid_parameter', { message, param });
}

const pathOf = (node: Node): string =>
  node.parent?.parent ? `${pathOf(node.parent)}.${node.key}` : node.key;
