/** What a client sent → what a schema makes of it, or the fault that says in a sentence what is wrong. */
import * as z from 'zod/mini';
import { Fault } from './fault.ts';

type Issue = z.core.$ZodIssue;
type Bound = Extract<Issue, { code: 'too_big' | 'too_small' }>;

/** Enough of a name that a client made up. */
const NAME_SHOWN = 64;

export interface Input {
  readonly value: unknown;
  /** A body has fields, which a fault calls `unknown_field` where there is no such field. */
  readonly from: 'body' | 'query';
}

/** The parsed value, or a fault that names the first wrong field by its path (`messages.0.role`). */
export function parseInput<Output>(
  schema: z.core.$ZodType<Output>,
  { value, from }: Input,
): Output | Fault {
  // With its input, an issue tells what is missing from what is wrong.
  const parsed = z.safeParse(schema, value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (!issue) return new Fault('invalid_parameter');
  return issue.code === 'unrecognized_keys'
    ? unknownName(pathOf(issue, issue.keys[0]?.slice(0, NAME_SHOWN)), from)
    : invalid(inmost(issue));
}

function unknownName(param: string, from: Input['from']): Fault {
  return from === 'body'
    ? new Fault('unknown_field', { param, message: `There is no field "${param}" here.` })
    : new Fault('invalid_parameter', { param, message: `There is no query parameter "${param}".` });
}

function invalid(issue: Issue): Fault {
  const param = pathOf(issue);
  const message = `${param ? `"${param}"` : 'The body'} ${sentence(issue)}.`;
  return new Fault('invalid_parameter', { param, message });
}

const pathOf = ({ path }: Issue, ...more: readonly (string | undefined)[]): string =>
  [...path, ...more].map(String).join('.');

/** Of alternatives, the issue of the one that was meant: whose form fits but for a bound, else that came furthest. */
function inmost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const firsts = issue.errors.flatMap(([first]) => (first ? [inmost(first)] : []));
  const bounds = firsts.filter(({ code }) => !FORM.has(code));
  const likely = bounds.length > 0 ? bounds : firsts;
  const depth = Math.max(...likely.map(({ path }) => path.length));
  const [found, ...others] = likely.filter(({ path }) => path.length === depth);
  // None came further than the others: the sentence names them all.
  if (!found || (likely === firsts && depth === 0 && others.length > 0)) return issue;
  return { ...found, path: [...issue.path, ...found.path] };
}

/** Says that a value is of another form altogether. */
const FORM: ReadonlySet<Issue['code']> = new Set([
  'invalid_type',
  'invalid_format',
  'invalid_union',
]);

function sentence(issue: Issue): string {
  if (issue.input === undefined && issue.code !== 'custom') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeName(issue.expected)}`;
    case 'invalid_value':
      return `must be ${listed(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_big':
      return `must ${measured(issue, 'most', issue.maximum)}`;
    case 'too_small':
      return `must ${measured(issue, 'least', issue.minimum)}`;
    case 'invalid_format':
      return formatSentence(issue);
    case 'invalid_union':
      return `must be ${listed(issue.errors.flatMap(alternative)) || 'of another form'}`;
    default:
      return 'is not valid';
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const typeName = (expected: string): string => TYPE_NAMES[expected] ?? `a ${expected}`;

/** What one alternative of a union takes. */
function alternative([issue]: readonly Issue[]): readonly string[] {
  if (issue?.code === 'invalid_type') return [typeName(issue.expected)];
  if (issue?.code === 'invalid_format') return [formatName(issue.format)];
  return [];
}

function measured({ origin, inclusive }: Bound, edge: 'most' | 'least', bound: unknown): string {
  if (edge === 'least' && bound === 1 && (origin === 'string' || origin === 'array')) {
    return 'not be empty';
  }
  if (origin === 'string') return `have at ${edge} ${bound} characters`;
  if (origin === 'array') return `have at ${edge} ${bound} items`;
  if (inclusive) return `be at ${edge} ${bound}`;
  return `be ${edge === 'most' ? 'less' : 'more'} than ${bound}`;
}

function formatSentence({ format, pattern }: Extract<Issue, { code: 'invalid_format' }>): string {
  return format === 'regex' ? `must match ${pattern}` : `must be ${formatName(format)}`;
}

function formatName(format: string): string {
  if (format === 'datetime') return 'a time as 2026-01-31T12:00:00Z';
  return format === 'date' ? 'a date as 2026-01-31' : `a ${format}`;
}

/** `a, b or c`, each once. */
function listed(words: readonly string[]): string {
  const once = [...new Set(words)];
  return once.length < 2 ? once.join() : `${once.slice(0, -1).join(', ')} or ${once.at(-1)}`;
}
