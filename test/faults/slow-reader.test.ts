/** F22: clients that read slowly, or not at all. */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createFastClock } from '../support/fast-clock.ts';
import { requestOf } from '../support/fault-client.ts';
import {
  END,
  type FaultProvider,
  type Step,
  startFaultProvider,
} from '../support/fault-provider.ts';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import { KINDS, WIRES } from '../support/fault-wire.ts';

const MODEL = 'generous';
const PART = 'a word or two. '.repeat(1_000);
/** More than the buffers of three connections in a row will ever hold. */
const PARTS = 1_600;
/** What the kernel holds is not ours to bound. */
const KERNEL_BYTES = 22_000_000;
/** Held for each request: by the core, and by the client and the provider, which are in this process too. */
const PROCESS_BYTES = 3_000_000;

let upstream: FaultProvider;
let stack: FaultStack;
/** The clock of this core runs faster: what takes seconds takes a twentieth. */
let hastyStack: FaultStack;
const sent = new Map<string, number>();

beforeAll(async () => {
  upstream = await startFaultProvider(({ provider }) => generous(provider));
  const providers = KINDS.flatMap((kind) =>
    [kind, `crowd-${kind}`, `hasty-${kind}`].map((name) => ({
      name,
      kind,
      models: [MODEL],
      ...upstream.connection(name, kind),
    })),
  );
  stack = await startFaultStack({ providers });
  hastyStack = await startFaultStack({ providers }, createFastClock(20));
});
afterAll(async () => {
  for (const part of [stack, hastyStack, upstream]) await part?.[Symbol.asyncDispose]();
});

function* generous(provider: string): Generator<Step> {
  const wire = WIRES[KINDS.find((kind) => provider.endsWith(kind)) ?? 'local'];
  const part = wire.text(PART);
  yield wire.head;
  yield wire.begin;
  for (let n = 0; n < PARTS; n += 1) {
    yield part;
    sent.set(provider, (sent.get(provider) ?? 0) + part.length);
  }
  yield wire.finish();
  yield wire.usage;
  yield wire.done;
  yield END;
}

async function startReading({ url, key }: FaultStack, provider: string) {
  const question = { model: `${provider}/${MODEL}`, mode: 'stream', id: provider } as const;
  const response = await fetch(`${url}/v1/chat/completions`, requestOf({ url, key }, question));
  const reader = response.body?.getReader();
  if (!reader) throw new Error('The answer has no body.');
  return { first: await reader.read(), reader };
}

/** How much the provider has sent, once it sends no more. */
async function settledBytes(provider: string): Promise<number> {
  for (let before = -1; ; ) {
    const now = sent.get(provider) ?? 0;
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
function usedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe.concurrent('a client that reads no further', () => {
  it.for(KINDS)('holds %s back, and gets everything when it goes on', async (kind, { expect }) => {
    const { reader, first } = await startReading(stack, kind);
    expect(await settledBytes(kind)).toBeLessThan(KERNEL_BYTES);
    const text = textOf(await rest(reader, first.value));
    expect(text).toHaveLength(PARTS * PART.length);
    expect(digest(text)).toBe(digest(PART.repeat(PARTS)));
  });

  it.for(KINDS)('ends its call of %s after a while', async (kind, { expect }) => {
    const provider = `hasty-${kind}`;
    const { reader, first } = await startReading(hastyStack, provider);
    const row = await hastyStack.finalRow(provider);
    expect(row).toMatchObject({ outcome: 'client_closed', httpStatus: 499 });
    for (const { closed } of upstream.callsOf(provider, MODEL)) await closed;
    const events = (await rest(reader, first.value)).trimEnd().split('\n\n');
    expect(events.at(-1)).toContain('"code":"request_timeout"');
    expect(events).not.toContain('data: [DONE]');
  });
});

it('a client that reads no further costs next to no memory', async ({ expect }) => {
  const providers = KINDS.map((kind) => `crowd-${kind}`);
  const before = usedBytes();
  const held = await Promise.all(providers.map((provider) => startReading(stack, provider)));
  await Promise.all(providers.map(settledBytes));
  expect(usedBytes() - before).toBeLessThan(held.length * PROCESS_BYTES);
  await Promise.all(held.map(({ reader }) => reader.cancel()));
});

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const textOf = (raw: string): string =>
  raw
    .split('\n\n')
    .flatMap((event) => /"content":("[^"]*")/.exec(event)?.[1] ?? [])
    .map((json) => JSON.parse(json))
    .join('');

async function rest(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: Uint8Array | undefined,
): Promise<string> {
  const chunks = [first ?? new Uint8Array()];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
  }
  return Buffer.concat(chunks).toString();
}
