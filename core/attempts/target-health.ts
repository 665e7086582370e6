import type { TargetView } from '../routing/next-step.ts';
import type { Target } from '../routing/target.ts';
import type { Outcome, TargetState } from '../routing/target-state.ts';

/** Under whose name a request holds places and probes, and when they fall back if it dies. */
export interface Lease {
  readonly holder: string;
  /** Epoch ms. */
  readonly until: number;
}

export interface Settlement {
  readonly outcome: Outcome;
  readonly lease: Lease;
  /** From the call to the first content, where there was any. */
  readonly firstTokenMs: number | undefined;
}

interface LoadedHealth {
  /** In the order of the targets. */
  readonly views: readonly TargetView[];
  /** The request has a place at the provider of the first target, or needs none. */
  readonly hasPlace: boolean;
}

interface CallToAdmit {
  readonly lease: Lease;
  /** The request has called the provider before. */
  readonly isRepeated: boolean;
  readonly hasPlace: boolean;
}

/** What all instances know of the targets. Nothing here rejects: without the store, each knows what it has seen. */
export interface TargetHealth {
  /** In one round trip: what is known of each, and a place at the provider of the first. */
  load(targets: readonly Target[], lease: Lease): Promise<LoadedHealth>;
  /**
   * Lets one call in: takes a place unless there is one, leases the probe of a half-open breaker, and
   * counts the call, a repeated one against the provider's retry budget. Costs a round trip only where
   * there is something to take or to count. When it says no, the request has no place there any more.
   */
  admit(view: TargetView, call: CallToAdmit): Promise<boolean>;
  /** Gives the place back and records the outcome; returns what is now known of the target. */
  settle(view: TargetView, settlement: Settlement): Promise<TargetState>;
  /** Gives a place back that was not used. */
  release(target: Target, lease: Lease): Promise<void>;
}
