/** A server that speaks Bedrock's wire: its frames are what the scene says. */
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Answer,
  event,
  httpError,
  type Script,
  startBedrockServer,
} from './bedrock-server.ts';
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

const MODEL = 'us.anthropic.claude-sonnet-4-6';
const EMBEDDING_MODEL = 'amazon.titan-embed-text-v2:0';

/** `entry` is what the configuration has besides the address. */
export const bedrockVendor = (entry: object): Vendor => ({
  model: MODEL,
  embeddingModel: EMBEDDING_MODEL,
  scenes: ALL_SCENES,
  async start(name) {
    const scene = sceneOf(name);
    const server = await startBedrockServer(play(scene));
    return {
      config: { ...entry, endpoint: server.endpoint, models: [MODEL, EMBEDDING_MODEL] },
      heard: heardIn(scene),
      isLeft: () => server.calls.every(({ left }) => left.aborted),
      close: server.close,
    };
  },
});

const play =
  (scene: Scene): Script =>
  ({ operation, body }) => {
    if (operation === 'invoke') return embed(body);
    if (operation !== 'converse-stream') return { body: { asyncInvokeSummaries: [] } };
    return 'status' in scene ? refuse(scene) : stream(scene);
  };

/** A text's vector is its length; the longer it is, the sooner it is answered. */
async function embed({ inputText }: { inputText: string }): Promise<Answer> {
  await wait(100 / inputText.length);
  return { body: { embedding: [inputText.length, 1], inputTextTokenCount: 1 } };
}

const EXCEPTIONS = {
  404: 'ResourceNotFoundException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
} as const;

const refuse = ({ status, retryAfterSeconds }: Refused): Answer =>
  httpError(status, EXCEPTIONS[status], {
    headers: retryAfterSeconds ? { 'retry-after': String(retryAfterSeconds) } : {},
  });

function stream({ said, ending }: Streamed): Answer {
  if (said.length === 0) return ending === 'silence' ? 'hang' : { body: [] };
  const frames = [event('messageStart', { role: 'assistant' }), ...said.flatMap(toFrames)];
  if (ending === 'silence') return { body: frames, ending: 'stall' };
  // Within a frame: to Bedrock, the answer is not over.
  return { body: ending === 'cut' ? [...frames, stopped.subarray(0, 20)] : frames };
}

const stopped = event('messageStop', { stopReason: 'end_turn' });

const STOP_REASONS = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' } as const;

/** Text is block 0, and tool calls are the blocks after it. */
function toFrames(said: Said): readonly Uint8Array[] {
  switch (said.kind) {
    case 'text':
      return [delta(0, { text: said.text })];
    case 'call': {
      const start = { toolUse: { toolUseId: said.id, name: said.name } };
      return [event('contentBlockStart', { contentBlockIndex: said.index + 1, start })];
    }
    case 'arguments':
      return [delta(said.index + 1, { toolUse: { input: said.json } })];
    case 'finish':
      return [event('messageStop', { stopReason: STOP_REASONS[said.reason] })];
    case 'usage': {
      const { input, output } = said;
      const usage = { inputTokens: input, outputTokens: output, totalTokens: input + output };
      return [event('metadata', { usage, metrics: { latencyMs: 1 } })];
    }
    case 'novelty':
      return [event('novelty', { contentBlockIndex: 0 }), delta(0, { novelty: {} })];
  }
}

const delta = (contentBlockIndex: number, fields: object): Uint8Array =>
  event('contentBlockDelta', { contentBlockIndex, delta: fields });
