/** Providers whose oddities change nothing: one call, and the whole answer. */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { END, type Step } from '../../support/fault-provider.ts';
import { httpHead, type Wire } from '../../support/fault-wire.ts';
import { bytesOf, oneByOne, withHeader } from './bytes.ts';
import { all, type FaultRow, halfway, type Played, SSE_KINDS, whole } from './fault-row.ts';

/** Comments that do not pack well: longer than what a socket hands over at once. */
const MURMUR = Array.from({ length: 200 }, () => `: ${randomBytes(1_000).toString('hex')}\n\n`);

const HARMLESS_CALL = { alone: { calls: 1 } } as const;

/** The whole answer with something before each of its events. */
const between =
  (oddity: (wire: Wire) => Step): FaultRow['answer'] =>
  (played) =>
    whole(played).flatMap((step, at) =>
      at > 0 && step !== END ? [oddity(played.wire), step] : [step],
    );

const rewritten =
  (change: (text: string) => string): FaultRow['answer'] =>
  (played) => [played.wire.head, change(bytesOf(whole(played).slice(1)).toString()), END];

const endingIn =
  (ending: (wire: Wire) => readonly Step[]): FaultRow['answer'] =>
  (played) => [...halfway(played), played.wire.text(' and the rest'), ...ending(played.wire), END];

const asJson = ({ number }: Played) =>
  JSON.stringify({
    choices: [{ message: { role: 'assistant', content: all(number) }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });

export const HARMLESS: readonly FaultRow[] = [
  {
    id: 'F11',
    title: 'comments between events',
    kinds: SSE_KINDS,
    answer: between(() => ': hm\n'),
    ...HARMLESS_CALL,
  },
  {
    id: 'F12',
    title: 'an end without [DONE]',
    kinds: SSE_KINDS,
    answer: endingIn((wire) => [wire.finish(), wire.usage]),
    ...HARMLESS_CALL,
  },
  {
    id: 'F12',
    title: 'an end without usage',
    answer: endingIn((wire) => [wire.finish(), wire.done]),
    hasNoUsage: true,
    ...HARMLESS_CALL,
  },
  {
    id: 'F12',
    title: 'a line left open after the answer',
    answer: (played) => whole(played).slice(0, -1),
    ...HARMLESS_CALL,
  },
  {
    id: 'F12',
    title: 'a line left open after the usage, without [DONE]',
    kinds: SSE_KINDS,
    answer: (played) => whole(played).slice(0, -2),
    ...HARMLESS_CALL,
  },
  {
    id: 'F14',
    title: 'events that nobody knows',
    answer: between(({ novelty }) => novelty),
    ...HARMLESS_CALL,
  },
  {
    id: 'F16',
    title: 'an answer that the provider filtered',
    answer: endingIn((wire) => [wire.finish('filtered'), wire.usage, wire.done]),
    finishReason: 'content_filter',
    ...HARMLESS_CALL,
  },
  {
    id: 'F31',
    title: 'one byte at a time',
    answer: function* (played) {
      yield played.wire.head;
      yield* oneByOne(bytesOf(whole(played).slice(1)));
      yield END;
    },
    ...HARMLESS_CALL,
  },
  {
    id: 'F31',
    title: 'lines that end in CRLF',
    kinds: SSE_KINDS,
    answer: rewritten((text) => text.replaceAll('\n', '\r\n')),
    ...HARMLESS_CALL,
  },
  {
    id: 'F31',
    title: 'lines that end in CR',
    kinds: SSE_KINDS,
    answer: rewritten((text) => text.replaceAll('\n', '\r')),
    ...HARMLESS_CALL,
  },
  {
    id: 'F31',
    title: 'a byte order mark',
    kinds: SSE_KINDS,
    answer: rewritten((text) => `\ufeff${text}`),
    ...HARMLESS_CALL,
  },
  {
    id: 'F31',
    title: 'a packed answer that comes faster than it is read',
    kinds: SSE_KINDS,
    answer: (played) => [
      withHeader(played.wire.head, 'content-encoding: gzip'),
      gzipSync(MURMUR.join('') + bytesOf(whole(played).slice(1))),
      END,
    ],
    ...HARMLESS_CALL,
  },
  {
    id: 'F31',
    title: 'JSON in place of a stream',
    kinds: SSE_KINDS,
    answer: (played) => [httpHead(200, 'content-type: application/json') + asJson(played), END],
    ...HARMLESS_CALL,
  },
];
