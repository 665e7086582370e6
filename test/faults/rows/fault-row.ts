/** What the fault matrix says of one way in which a provider can fail. */
import type { FaultCode } from '../../../core/contract/fault.ts';
import type { FailureReason } from '../../../core/providers/provider.ts';
import { END, type Step } from '../../support/fault-provider.ts';
import type { Kind, Trouble, Wire } from '../../support/fault-wire.ts';

/** One call of the faulty provider, from its side. */
export interface Played {
  readonly wire: Wire;
  /** 1 for the first call. */
  readonly number: number;
  /** Settles when the client of a stream has seen content; at once where it sees nothing before the end. */
  readonly shown: Promise<void>;
}

export interface FaultRow {
  /** As the matrix numbers it. */
  readonly id: string;
  readonly title: string;
  /** Who can fail so; everyone unless given. */
  readonly kinds?: readonly Kind[];
  /** Of the provider, in the configuration. */
  readonly settings?: object;
  /** Where the provider is said to be, and nobody is. */
  readonly url?: string;
  readonly answer: (played: Played) => Iterable<Step>;
  /** How the log row tells the failed attempt; absent where the fault does no harm. */
  readonly attempt?: {
    readonly outcome: FailureReason;
    readonly possiblyBilled: boolean;
    /** Whose code the row keeps. */
    readonly trouble?: Trouble;
    readonly upstreamStatus?: number;
  };
  /** Content came first: a stream that has shown it can only end in an error. */
  readonly isAfterContent?: true;
  /** The request itself is at fault: no other target is asked. */
  readonly isRequestAtFault?: true;
  /** With no other target: how often it is called, and how the request fails if it does. */
  readonly alone: { readonly calls: number; readonly status?: number; readonly code?: FaultCode };
  /** The wait between the first two calls is no shorter. */
  readonly waitMs?: number;
  /** The next request finds the target closed, and does not call it. */
  readonly closesTarget?: true;
  /** `stop` unless given. */
  readonly finishReason?: string;
  readonly hasNoUsage?: true;
}

/** What the client of the `number`th call sees of it. */
export const half = (number: number): string => `half of answer ${number}`;
export const all = (number: number): string => `${half(number)} and the rest`;

export const begun = ({ wire }: Played): readonly Step[] => [wire.head, wire.begin];
export const halfway = (played: Played): readonly Step[] => [
  ...begun(played),
  played.wire.text(half(played.number)),
];
export const rest = ({ wire }: Played): readonly Step[] => [
  wire.text(' and the rest'),
  wire.finish(),
  wire.usage,
  wire.done,
  END,
];
export const whole = (played: Played): readonly Step[] => [...halfway(played), ...rest(played)];
/** All that follows the role. */
export const words = (played: Played): readonly Step[] => whole(played).slice(2);

export const SSE_KINDS: readonly Kind[] = ['openai', 'local'];

/** How a request fails whose only target fails so. */
export const UNAVAILABLE = { status: 502, code: 'upstream_unavailable' } as const;
export const LIMITED = { status: 429, code: 'upstream_rate_limited' } as const;

/** How an attempt is told on the log row. */
export const failing = { outcome: 'server-error', possiblyBilled: false } as const;
export const limited = { outcome: 'rate-limited', possiblyBilled: false } as const;
export const interrupted = { outcome: 'interrupted', possiblyBilled: true } as const;
export const unreadable = { outcome: 'bad-response', possiblyBilled: true } as const;
