/** A model that thinks has its client at 200 early, and may still be replaced. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFastClock } from '../support/fast-clock.ts';
import { ask } from '../support/fault-client.ts';
import { END, type FaultProvider, RESET, startFaultProvider } from '../support/fault-provider.ts';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import { KINDS, WIRES } from '../support/fault-wire.ts';

/** Ten seconds of the core pass in one. */
const FASTER = 10;
const SPARE = 'spare';
const THINKER = 'thinker';

let upstream: FaultProvider;
let stack: FaultStack;
const pinged = new Map<string, PromiseWithResolvers<void>>(
  KINDS.map((kind) => [kind, Promise.withResolvers()]),
);

beforeAll(async () => {
  upstream = await startFaultProvider(({ provider, model, number }) => {
    const wire = WIRES[KINDS.find((kind) => kind === provider) ?? 'local'];
    const { head, begin, usage, done } = wire;
    const seen = number === 1 ? (pinged.get(provider)?.promise ?? Promise.resolve()) : '';
    if (model === THINKER) return [head, begin, seen, RESET];
    return [head, begin, wire.text('from the spare'), wire.finish(), usage, done, END];
  });
  const providers = [
    ...KINDS.map((kind) => ({ name: kind, kind, models: [THINKER] })),
    {
      name: SPARE,
      kind: 'local' as const,
      models: [SPARE],
    },
  ];
  const config = {
    providers: providers.map((provider) => ({
      ...provider,
      ...upstream.connection(provider.name, provider.kind),
      reasoning: [THINKER],
      retryAttempts: 0,
    })),
    models: Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        {
          strategy: 'priority',
          targets: [{ model: `${kind}/${THINKER}` }, { model: `${SPARE}/${SPARE}` }],
        },
      ]),
    ),
  };
  stack = await startFaultStack(config, createFastClock(FASTER));
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

describe.each(KINDS)('a model of %s that thinks', (kind) => {
  it('keeps its client with comments, and is replaced unseen when it breaks off', async () => {
    const id = `${kind}-replaced`;
    const onPing = () => pinged.get(kind)?.resolve();
    const seen = await ask(stack, { model: kind, mode: 'stream', id, onPing });
    expect(seen).toMatchObject({ status: 200, text: 'from the spare', error: undefined });
    const row = await stack.finalRow(id);
    expect(row).toMatchObject({ outcome: 'success', provider: SPARE });
    expect(row.attempts.map(({ provider }) => provider)).toEqual([kind, SPARE]);
  });

  it('ends in one error event when nobody else is there', async () => {
    const id = `${kind}-alone`;
    const seen = await ask(stack, { model: `${kind}/${THINKER}`, mode: 'stream', id });
    expect(seen).toMatchObject({ text: '', error: { type: 'PROVIDER_UNAVAILABLE' } });
    expect(await stack.finalRow(id)).toMatchObject({ outcome: 'failed', success: false });
  });
});
