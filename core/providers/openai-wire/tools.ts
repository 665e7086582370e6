/** Tool calls in one numbering, whatever the server's: some give all of them index 0, some none an index, or no id. */
import type { ToolCallDelta } from '../../contract/chat.ts';

/** A part of a call, as servers send it. */
export interface Fragment {
  readonly [field: string]: unknown;
  readonly index?: number | null | undefined;
  readonly id?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly function?: Called | null | undefined;
}

interface Called {
  readonly [field: string]: unknown;
  readonly name?: string | null | undefined;
  /** JSON text; some servers send the object itself. */
  readonly arguments?: unknown;
}

/** A call that has begun. Its place in the list is its index. */
export interface BegunCall {
  /** The server's own. */
  readonly number: number | undefined;
  /** The server's own. */
  readonly id: string | undefined;
  readonly isNamed: boolean;
}

/**
 * A new id begins a call, also under a number that is known; where there are no ids, a name does. All else
 * goes on with the call of its number, or with the last one. A call without an id gets that of `idOf`. Only
 * the first fragment says id, type and name: there are clients that append whatever is repeated.
 */
export function numberCalls(
  before: readonly BegunCall[],
  fragments: readonly Fragment[],
  idOf: (index: number) => string,
): readonly [readonly BegunCall[], ToolCallDelta[]] {
  const calls = [...before];
  const numbered = fragments.map((fragment) => {
    const { index: _, id, type, function: called, ...rest } = fragment;
    const at = placeOf(fragment, calls);
    const call = calls[at];
    if (!call || isNew(fragment, call)) {
      const index = calls.push(begun(fragment)) - 1;
      const first = { ...rest, index, id: id || idOf(index), type: type || 'function' };
      return called ? { ...first, function: { arguments: '', ...toPart(called) } } : first;
    }
    calls[at] = { ...call, isNamed: call.isNamed || isNamed(fragment) };
    return { ...rest, index: at, ...(called && { function: toPart(called, call.isNamed) }) };
  });
  return [calls, numbered];
}

const isNamed = ({ function: called }: Fragment): boolean => Boolean(called?.name);

const begun = (fragment: Fragment): BegunCall => ({
  number: fragment.index ?? undefined,
  id: fragment.id || undefined,
  isNamed: isNamed(fragment),
});

/** Of the latest call that the fragment could belong to; -1 if there is none. */
function placeOf({ index, id }: Fragment, calls: readonly BegunCall[]): number {
  if (index != null) return calls.findLastIndex(({ number }) => number === index);
  return id ? calls.findLastIndex((call) => call.id === id) : calls.length - 1;
}

function isNew(fragment: Fragment, call: BegunCall): boolean {
  if (fragment.id) return fragment.id !== call.id;
  return call.id === undefined && call.isNamed && isNamed(fragment);
}

function toPart({ name, arguments: json, ...rest }: Called, isKnown = false) {
  return {
    ...rest,
    ...(name && !isKnown && { name }),
    ...(json != null && { arguments: typeof json === 'string' ? json : JSON.stringify(json) }),
  };
}
