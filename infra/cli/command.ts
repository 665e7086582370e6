/** What a command is: its words, its options, and what it does with them. `commands.ts` lists them all. */
import type { AdminClient } from './admin-client.ts';
import type { View } from './view.ts';

export interface Option {
  /** What its value is called in the help; a flag has none. */
  readonly value?: string;
  readonly does: string;
}

export interface Command {
  /** As it is typed: `keys create`. */
  readonly name: string;
  /** What follows the name, such as `ID`; all of it is required. */
  readonly takes: readonly string[];
  readonly does: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Throws an `Error` whose message tells a person what to do. */
  readonly run: (call: Call) => Promise<Result>;
}

export interface Call {
  readonly client: AdminClient;
  /** What was given for each of `takes`. */
  readonly taken: readonly string[];
  readonly option: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  /** Writes to the standard output at once, for what is too long to be kept. */
  readonly write: (text: string) => void;
}

export interface Result {
  /** With `--json`. */
  readonly json: unknown;
  readonly text: (view: View) => string;
}
