/** F21: clients that leave, wherever their request is at the time. Nobody may go on working for them. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ask, askOnSocket, MODES } from '../support/fault-client.ts';
import {
  END,
  type FaultProvider,
  type Step,
  startFaultProvider,
} from '../support/fault-provider.ts';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import { KINDS, WIRES, type Wire } from '../support/fault-wire.ts';

const CLOSED_WITHIN_MS = 2_000;
const OTHER = 'other';
const HUNG_UP = 'hung-up';

const abandoned = { outcome: 'abandoned', possiblyBilled: true };
const limited = { outcome: 'rate-limited', possiblyBilled: false };

interface Moment {
  readonly moment: string;
  /** What the provider has sent by then. */
  readonly play: (wire: Wire) => readonly Step[];
  readonly attempt: object;
  readonly hasOther: boolean;
}

const MOMENTS: readonly Moment[] = [
  { moment: 'before headers', play: () => [], attempt: abandoned, hasOther: true },
  { moment: 'after headers', play: ({ head }) => [head], attempt: abandoned, hasOther: true },
  {
    moment: 'after the role',
    play: ({ head, begin }) => [head, begin],
    attempt: abandoned,
    hasOther: true,
  },
  {
    moment: 'after content',
    play: ({ head, begin, text }) => [head, begin, text('half')],
    attempt: abandoned,
    hasOther: true,
  },
  {
    moment: 'before a second try',
    play: ({ refuse }) => [refuse('throttled', 'retry-after: 5'), END],
    attempt: limited,
    hasOther: false,
  },
];

const CASES = KINDS.flatMap((kind) =>
  MODES.flatMap((mode) =>
    MOMENTS.map((moment, at) => {
      const model = `${mode}-${at}`;
      const id = `${kind}-${model}`;
      const asked = moment.hasOther ? id : `${kind}/${model}`;
      return {
        ...moment,
        name: `${moment.moment}: ${kind}, ${mode}`,
        kind,
        mode,
        model,
        id,
        asked,
      };
    }),
  ),
);
type Case = (typeof CASES)[number];

const configOf = (provider: FaultProvider) => ({
  providers: [
    ...KINDS.map((kind) => ({
      name: kind,
      kind,
      models: [...CASES.filter((each) => each.kind === kind).map(({ model }) => model), HUNG_UP],
      ...provider.connection(kind, kind),
    })),
    { name: OTHER, kind: 'local', models: [OTHER], ...provider.connection(OTHER, 'local') },
  ],
  models: Object.fromEntries(
    CASES.map(({ id, kind, model }) => [
      id,
      {
        strategy: 'priority',
        targets: [{ model: `${kind}/${model}` }, { model: `${OTHER}/${OTHER}` }],
      },
    ]),
  ),
});

let upstream: FaultProvider;
let stack: FaultStack;
const gates = new Map<string, PromiseWithResolvers<void>>();
function gate(id: string): PromiseWithResolvers<void> {
  const known = gates.get(id) ?? Promise.withResolvers<void>();
  gates.set(id, known);
  return known;
}

beforeAll(async () => {
  upstream = await startFaultProvider(function* ({ provider, model }) {
    const found = CASES.find(({ kind, ...each }) => kind === provider && each.model === model);
    const wire = WIRES[KINDS.find((kind) => kind === provider) ?? 'local'];
    yield* (found ?? { play: halfway }).play(wire);
    gate(`${provider}-${model}`).resolve();
  });
  stack = await startFaultStack(configOf(upstream));
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

const halfway = ({ head, begin, text }: Wire): readonly Step[] => [head, begin, text('half')];

/** The row, once it is final and every connection to the provider is closed. */
async function finished({ id, kind, model }: Pick<Case, 'id' | 'kind' | 'model'>) {
  const leftAt = performance.now();
  await Promise.all(upstream.callsOf(kind, model).map(({ closed }) => closed));
  const row = await stack.finalRow(id);
  return { row, ms: performance.now() - leftAt };
}

describe.concurrent('a client that leaves', () => {
  it.for(CASES.map((each) => [each.name, each] as const))('%s', async ([, each], { expect }) => {
    const { kind, model, id, asked, mode } = each;
    const seen = Promise.withResolvers<void>();
    const client = askOnSocket(stack, { model: asked, mode, id, onContent: seen.resolve });
    await gate(id).promise;
    if (mode === 'stream' && each.moment === 'after content') await seen.promise;
    if (!each.hasOther) await upstream.callsOf(kind, model)[0]?.closed;
    client.resetAndDestroy();
    const { row, ms } = await finished(each);
    expect(ms).toBeLessThan(CLOSED_WITHIN_MS);
    expect(row).toMatchObject({ outcome: 'client_closed', httpStatus: 499, success: false });
    expect(row.attempts).toMatchObject([each.attempt]);
    expect(upstream.callsOf(kind, model)).toHaveLength(1);
  });

  it.for(KINDS)('in a silence of %s, without a word', async (kind, { expect }) => {
    const client = new AbortController();
    const id = `${kind}-${HUNG_UP}`;
    const model = HUNG_UP;
    const seen = Promise.withResolvers<void>();
    const question = { model: `${kind}/${model}`, mode: 'stream', id } as const;
    const answer = ask(stack, { ...question, signal: client.signal, onContent: seen.resolve });
    await seen.promise;
    client.abort();
    await answer.catch(() => undefined);
    const { row, ms } = await finished({ id, kind, model });
    expect(ms).toBeLessThan(CLOSED_WITHIN_MS);
    expect(row).toMatchObject({ outcome: 'client_closed', httpStatus: 499 });
  });
});

it('no other target was asked for them', async ({ expect }) => {
  expect(upstream.callsOf(OTHER, OTHER)).toEqual([]);
  expect(CASES.filter(({ id }) => stack.finalRows(id).length !== 1)).toEqual([]);
});
