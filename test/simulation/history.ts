/** What is known of a run when it is over. */
import type { AttemptRecord } from '../../core/attempts/attempt-record.ts';
import type { Plan } from '../../core/routing/plan.ts';
import type { Scenario, ScriptedRequest } from './scenario.ts';
import type { UpstreamCall } from './upstream.ts';

export interface History {
  readonly scenario: Scenario;
  readonly views: readonly ClientView[];
  readonly calls: readonly UpstreamCall[];
}

/** What a client has seen of its request. */
export interface ClientView {
  readonly request: ScriptedRequest;
  readonly arrivedAt: number;
  readonly plan: Plan;
  leftAt: number | undefined;
  /** When a stream's first content was there. */
  committedAt: number | undefined;
  endedAt: number;
  end: 'open' | 'done' | 'broken' | 'left' | 'error';
  /** Of an `error`. */
  code: string | undefined;
  text: string;
  attempts: readonly AttemptRecord[];
}
