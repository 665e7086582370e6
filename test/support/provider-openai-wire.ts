/** A server that speaks OpenAI's wire: its bytes are what the scene says. */
import type { Socket } from 'node:net';
import {
  ALL_SCENES,
  heardIn,
  type Refused,
  type Said,
  type Scene,
  type Streamed,
  sceneOf,
  type Vendor,
} from './provider-scene.ts';
import { jsonAnswer, type RawScript, sse, startRawProvider } from './raw-provider.ts';

const MODEL = 'up';
const EMBEDDING_MODEL = 'up-embedding';
const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n';

/** `entry` is what the configuration has besides the address. */
export const openAiWireVendor = (entry: object): Vendor => ({
  model: MODEL,
  embeddingModel: EMBEDDING_MODEL,
  scenes: ALL_SCENES,
  async start(name) {
    const scene = sceneOf(name);
    const provider = await startRawProvider(play(scene));
    return {
      config: { ...entry, baseUrl: provider.baseUrl },
      heard: heardIn(scene),
      isLeft: () => provider.open.size === 0,
      close: async () => provider[Symbol.asyncDispose](),
    };
  },
});

const play =
  (scene: Scene): RawScript =>
  (socket, { path, body }) => {
    if (path === '/v1/models') return void socket.end(jsonAnswer(200, models));
    if (path === '/v1/embeddings') return void socket.end(jsonAnswer(200, embed(JSON.parse(body))));
    return 'status' in scene ? void socket.end(refusal(scene)) : stream(socket, scene);
  };

async function stream(socket: Socket, { said, ending }: Streamed): Promise<void> {
  if (said.length > 0 || ending !== 'silence') await write(socket, STREAM_HEAD);
  for (const one of said) await write(socket, inChunk(toEvents(one)));
  if (ending === 'end') socket.end(`${inChunk(sse('[DONE]'))}0\r\n\r\n`);
  // Without its last chunk, the answer is not over.
  if (ending === 'cut') socket.end();
}

function toEvents(said: Said): string {
  switch (said.kind) {
    case 'text':
      return choice({ delta: { content: said.text } });
    case 'call': {
      const called = { name: said.name, arguments: '' };
      return toolCall({ index: said.index, id: said.id, type: 'function', function: called });
    }
    case 'arguments':
      return toolCall({ index: said.index, function: { arguments: said.json } });
    case 'finish':
      return choice({ delta: {}, finish_reason: said.reason });
    case 'usage':
      return sse({ choices: [], usage: usageOf(said.input, said.output) });
    case 'novelty':
      return `: keep-alive\n\nevent: heartbeat\nid: 1\n\n${sse({ choices: [], novelty: {} })}${choice({ delta: { novelty: [] } })}`;
  }
}

/** As sparse as a server of one's own may be: neither id nor model, and null left out. */
const choice = (fields: object): string => sse({ choices: [{ index: 0, ...fields }] });
const toolCall = (call: object): string => choice({ delta: { tool_calls: [call] } });

const usageOf = (input: number, output: number) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
});

const models = {
  object: 'list',
  data: [MODEL, EMBEDDING_MODEL].map((id) => ({ id, object: 'model', created: 1, owned_by: 'us' })),
};

/** A text's vector is its length. In the reverse order: an item's place is its index. */
const embed = ({ input }: { input: readonly string[] }) => ({
  object: 'list',
  model: EMBEDDING_MODEL,
  data: input
    .map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 1] }))
    .reverse(),
  usage: { prompt_tokens: input.length, total_tokens: input.length },
});

function refusal({ status, retryAfterSeconds }: Refused): string {
  const error = { message: 'refused', type: 'error', param: null, code: 'refused' };
  const headers = retryAfterSeconds ? `retry-after: ${retryAfterSeconds}\r\n` : '';
  return jsonAnswer(status, { error }, headers);
}

const inChunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

const write = (socket: Socket, text: string) =>
  new Promise<void>((written) => socket.write(text, () => written()));
