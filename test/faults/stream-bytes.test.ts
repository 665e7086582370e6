/** What the bytes of a stream are cut into, and where it is cut off, changes nothing or shows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEADER } from '../../core/contract/header-names.ts';
import { ask, MODES, type Mode, type Seen } from '../support/fault-client.ts';
import {
  END,
  type FaultProvider,
  RESET,
  type Step,
  startFaultProvider,
} from '../support/fault-provider.ts';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import { WIRES } from '../support/fault-wire.ts';
import { MIXED_ANSWER, MIXED_BYTES, VENDORS, type Vendor } from './mixed-answer.ts';
import { chunked, oneByOne } from './rows/bytes.ts';

const AT_ONCE = 8;
/** Through the edge, where each costs more, only every so many. */
const EDGE_STEP = 61;

let upstream: FaultProvider;
let stack: FaultStack;

beforeAll(async () => {
  upstream = await startFaultProvider(({ provider, model }) =>
    play(provider === 'openai' ? 'openai' : 'bedrock', model),
  );
  stack = await startFaultStack({
    providers: VENDORS.map((vendor) => ({
      name: vendor,
      kind: vendor,
      models: ['*'],
      retryAttempts: 0,
      ...upstream.connection(vendor, vendor),
    })),
    breaker: { failures: 1_000_000 },
  });
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

/** The model says how: `whole`, `bytes`, `end-17` or `reset-17`. */
function* play(vendor: Vendor, model: string): Generator<Step> {
  const [how, at] = model.split('-');
  const bytes = MIXED_BYTES[vendor];
  const { head } = WIRES[vendor];
  if (at !== undefined) {
    const end = how === 'reset' ? RESET : END;
    return yield* chunked([head, bytes.subarray(0, Number(at)), end]);
  }
  yield head;
  if (how === 'bytes') yield* oneByOne(bytes);
  else yield bytes;
  yield END;
}

let asked = 0;
function question(vendor: Vendor, model: string, mode: Mode = 'stream') {
  asked += 1;
  return { model: `${vendor}/${model}`, mode, id: `bytes-${asked}` };
}

const answerIn = ({ text, toolCalls, finishReason, usage, error }: Seen) => ({
  text,
  toolCalls,
  finishReason,
  usage,
  error: error?.code,
});

const WHOLE = { ...MIXED_ANSWER, error: undefined };

describe.each(VENDORS)('a stream of %s', (vendor) => {
  it.each(MODES)('is the same byte by byte and whole, as %s', async (mode) => {
    for (const model of ['whole', 'bytes']) {
      expect(answerIn(await ask(stack, question(vendor, model, mode)))).toEqual(WHOLE);
    }
  });

  it('is the same or ends in an error, wherever it is cut', async () => {
    const headers = { [HEADER.hop]: await stack.hopToken() };
    const cuts = [...MIXED_BYTES[vendor].keys(), MIXED_BYTES[vendor].byteLength];
    const outcomes = await inTurn(cuts, async (at) => {
      const cut = `${at % 2 ? 'end' : 'reset'}-${at}`;
      return judge(at, await ask(stack.core, { ...question(vendor, cut), headers }));
    });
    expect(new Set(outcomes)).toEqual(new Set(['whole', 'error']));
  }, 60_000);

  it('… also through the edge, and verified', async () => {
    const cuts = [...MIXED_BYTES[vendor].keys()].filter((at) => at % EDGE_STEP === 0);
    await inTurn(cuts, async (at) => {
      for (const mode of MODES) {
        judge(at, await ask(stack, question(vendor, `end-${at}`, mode)));
      }
    });
  });
});

function judge(at: number, seen: Seen): 'whole' | 'error' {
  const answer = answerIn(seen);
  if (answer.error) {
    expect(answer.error).toMatch(/^upstream_(stream_interrupted|unavailable)$/);
    expect(MIXED_ANSWER.text.startsWith(answer.text)).toBe(true);
    return 'error';
  }
  expect(answer, `cut at ${at}`).toEqual(WHOLE);
  return 'whole';
}

async function inTurn<T>(
  items: readonly number[],
  run: (item: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) results.push(await run(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
