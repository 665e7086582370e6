/** The rows of the matrix × who fails × what the client wants × whether another target could answer. */
import { MODES, type Mode } from '../support/fault-client.ts';
import {
  connectionTo,
  END,
  type FaultProvider,
  type Step,
  type UpstreamCall,
} from '../support/fault-provider.ts';
import { KINDS, type Kind, WIRES } from '../support/fault-wire.ts';
import { BROKEN_OFF } from './rows/broken-off.ts';
import type { FaultRow } from './rows/fault-row.ts';
import { HARMLESS } from './rows/harmless.ts';
import { REFUSED } from './rows/refused.ts';
import { UNANSWERED } from './rows/unanswered.ts';
import { UNREADABLE_ROWS } from './rows/unreadable.ts';

export interface FaultCase {
  readonly name: string;
  readonly row: FaultRow;
  readonly kind: Kind;
  readonly mode: Mode;
  /** Of the provider that fails. */
  readonly provider: string;
  /** Of this case alone, so that no other case touches its breaker. */
  readonly model: string;
  /** The provider that could answer in its place. */
  readonly other: string | undefined;
  /** What the client asks for, and calls the request. */
  readonly asked: string;
}

const ROWS = [...REFUSED, ...UNANSWERED, ...UNREADABLE_ROWS, ...BROKEN_OFF, ...HARMLESS];

/** Who takes over is of another kind. */
const OTHERS: Readonly<Record<Kind, string>> = {
  openai: 'other-bedrock',
  bedrock: 'other-local',
  local: 'other-openai',
};
export const OTHER_TEXT = 'all of the other answer';

/** Micro-USD of an answer, by who gives it. */
export const COST = { faulty: 20, other: 50 } as const;
const FAULTY_PRICE = { inputPerMillionUsd: 1, outputPerMillionUsd: 2 };
const OTHER_PRICE = { inputPerMillionUsd: 3, outputPerMillionUsd: 4 };

export const CASES: readonly FaultCase[] = ROWS.flatMap((row, at) =>
  (row.kinds ?? KINDS).flatMap((kind) =>
    MODES.flatMap((mode) => {
      // A provider for each row and kind: no case spends the retries of another one.
      const provider = `${kind}-${row.id.toLowerCase()}-${at}`;
      const alone = { row, kind, mode, provider, model: `${mode}-alone`, other: undefined };
      const first = { ...alone, model: `${mode}-first`, other: OTHERS[kind] };
      return [
        { ...alone, name: nameOf(alone), asked: `${provider}/${alone.model}` },
        { ...first, name: nameOf(first), asked: `${provider}-${first.model}` },
      ];
    }),
  ),
);

function nameOf({ row, kind, mode, other }: Omit<FaultCase, 'name' | 'asked'>): string {
  return `${row.id} ${row.title}: ${kind}, ${mode}, ${other ? 'with another target' : 'alone'}`;
}

export function configOf(upstream: FaultProvider): object {
  const withOther = CASES.filter(({ other }) => other);
  return {
    providers: [
      ...[...Map.groupBy(CASES, ({ provider }) => provider).values()].map((cases) =>
        faultyConfig(cases, upstream),
      ),
      ...KINDS.map((kind) => {
        const name = `other-${kind}`;
        const models = withOther.filter(({ other }) => other === name).map(({ asked }) => asked);
        const prices = pricesOf(models, OTHER_PRICE);
        return { name, kind, priority: 2, models, prices, ...upstream.connection(name, kind) };
      }),
    ],
    models: Object.fromEntries(
      withOther.map(({ asked, provider, model, other }) => [
        asked,
        {
          strategy: 'priority',
          targets: [{ model: `${provider}/${model}` }, { model: `${other}/${asked}` }],
        },
      ]),
    ),
    retry: { baseMs: 20, deadlineMs: 30_000 },
  };
}

function faultyConfig(cases: readonly FaultCase[], upstream: FaultProvider): object {
  const [first] = cases;
  if (!first) throw new Error('A group has a member.');
  const { row, kind, provider: name } = first;
  const models = cases.map(({ model }) => model);
  const connection = row.url ? connectionTo(row.url, kind) : upstream.connection(name, kind);
  return {
    name,
    kind,
    models,
    prices: pricesOf(models, FAULTY_PRICE),
    ...connection,
    ...row.settings,
  };
}

const pricesOf = (models: readonly string[], price: object): object =>
  Object.fromEntries(models.map((model) => [model, price]));

const byTarget = new Map(CASES.map((each) => [`${each.provider}/${each.model}`, each]));

/** What is played to a call: the fault of its case, or the answer of a provider without one. */
export function answerTo(
  call: UpstreamCall,
  shown: (played: FaultCase) => Promise<void>,
): Iterable<Step> {
  const played = byTarget.get(`${call.provider}/${call.model}`);
  if (!played) return otherAnswer(KINDS.find((kind) => call.provider === `other-${kind}`));
  const { row, kind } = played;
  return row.answer({ wire: WIRES[kind], number: call.number, shown: shown(played) });
}

function otherAnswer(kind: Kind | undefined): readonly Step[] {
  if (!kind) throw new Error('There is no such provider.');
  const wire = WIRES[kind];
  return [wire.head, wire.begin, wire.text(OTHER_TEXT), wire.finish(), wire.usage, wire.done, END];
}
