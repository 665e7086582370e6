/** Providers that answer with an error, as a status or in a stream that begins with 200. */
import { END, type Step } from '../../support/fault-provider.ts';
import { httpHead } from '../../support/fault-wire.ts';
import {
  begun,
  type FaultRow,
  failing,
  LIMITED,
  limited,
  type Played,
  SSE_KINDS,
  UNAVAILABLE,
  whole,
} from './fault-row.ts';

const AUTH_ERROR = { calls: 1, status: 502, code: 'upstream_auth_error' } as const;

const once =
  (refusal: (played: Played) => Step): FaultRow['answer'] =>
  (played) =>
    played.number === 1 ? [refusal(played), END] : whole(played);

export const REFUSED: readonly FaultRow[] = [
  {
    id: 'F1',
    title: '429 with Retry-After: 2, once',
    answer: once(({ wire }) => wire.refuse('throttled', 'retry-after: 2')),
    attempt: { ...limited, trouble: 'throttled' },
    alone: { calls: 2 },
    waitMs: 2_000,
  },
  {
    id: 'F2',
    title: '429 persistent',
    answer: ({ wire }) => [wire.refuse('throttled'), END],
    attempt: { ...limited, trouble: 'throttled' },
    alone: { calls: 2, ...LIMITED },
    closesTarget: true,
  },
  {
    id: 'F2',
    title: 'a quota that is free again in an hour',
    answer: ({ wire }) => [wire.refuse('quota', 'retry-after: 3600'), END],
    attempt: { ...limited, trouble: 'quota' },
    alone: { calls: 1, ...LIMITED },
    closesTarget: true,
  },
  {
    id: 'F2',
    title: 'a refusal that does not end',
    kinds: SSE_KINDS,
    answer: () => [
      httpHead(429, 'content-type: application/json', 'content-length: 900', 'retry-after: 3600'),
      '{"error":{"message":"body-canary',
    ],
    attempt: limited,
    alone: { calls: 1, ...LIMITED },
    closesTarget: true,
  },
  {
    id: 'F3',
    title: '500 once',
    answer: once(({ wire }) => wire.refuse('failing')),
    attempt: { ...failing, trouble: 'failing' },
    alone: { calls: 2 },
  },
  {
    id: 'F3',
    title: '503 persistent',
    answer: ({ wire }) => [wire.refuse('overloaded'), END],
    attempt: { ...failing, trouble: 'overloaded' },
    alone: { calls: 3, ...UNAVAILABLE },
  },
  {
    id: 'F13',
    title: 'throttled inside a 200',
    answer: (played) => [...begun(played), played.wire.break('throttled'), END],
    attempt: { ...limited, trouble: 'throttled' },
    alone: { calls: 2, ...LIMITED },
  },
  {
    id: 'F13',
    title: 'over its quota inside a 200',
    kinds: SSE_KINDS,
    answer: (played) => [...begun(played), played.wire.break('quota'), END],
    attempt: { ...limited, trouble: 'quota' },
    alone: { calls: 2, ...LIMITED },
  },
  {
    id: 'F13',
    title: 'throttled as JSON with the status 200',
    kinds: SSE_KINDS,
    answer: ({ wire }) => [wire.refuse('throttled').replace(' 429 ', ' 200 '), END],
    attempt: { ...limited, trouble: 'throttled' },
    alone: { calls: 2, ...LIMITED },
  },
  {
    id: 'F13',
    title: 'failing inside a 200, without a word before',
    answer: ({ wire }) => [wire.head, wire.break('failing'), END],
    attempt: { ...failing, trouble: 'failing' },
    alone: { calls: 3, ...UNAVAILABLE },
  },
  {
    id: 'F13',
    title: 'an event called error',
    kinds: SSE_KINDS,
    answer: ({ wire }) => [wire.head, 'event: error\n', wire.break('failing'), END],
    attempt: { ...failing, trouble: 'failing' },
    alone: { calls: 3, ...UNAVAILABLE },
  },
  {
    id: 'F15',
    title: 'the input is too long',
    answer: ({ wire }) => [wire.refuse('too-long'), END],
    attempt: { outcome: 'context-length', possiblyBilled: false, trouble: 'too-long' },
    isRequestAtFault: true,
    alone: { calls: 1, status: 400, code: 'context_length_exceeded' },
  },
  {
    id: 'F15',
    title: 'a parameter is wrong',
    answer: ({ wire }) => [wire.refuse('invalid'), END],
    attempt: { outcome: 'invalid-request', possiblyBilled: false, trouble: 'invalid' },
    isRequestAtFault: true,
    alone: { calls: 1, status: 400, code: 'invalid_parameter' },
  },
  {
    id: 'F16',
    title: 'the content is refused',
    answer: ({ wire }) => [wire.refuse('filtered'), END],
    attempt: { outcome: 'content-policy', possiblyBilled: false, trouble: 'filtered' },
    isRequestAtFault: true,
    alone: { calls: 1, status: 400, code: 'content_policy_violation' },
  },
  {
    id: 'F20',
    title: '401',
    answer: ({ wire }) => [wire.refuse('unauthorized'), END],
    attempt: { outcome: 'auth', possiblyBilled: false, trouble: 'unauthorized' },
    alone: AUTH_ERROR,
    closesTarget: true,
  },
  {
    id: 'F20',
    title: '403',
    answer: ({ wire }) => [wire.refuse('forbidden'), END],
    attempt: { outcome: 'auth', possiblyBilled: false, trouble: 'forbidden' },
    alone: AUTH_ERROR,
    closesTarget: true,
  },
];
