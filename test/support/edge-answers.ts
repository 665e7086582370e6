/** Answers of a core, in both of their forms. */
import { formatSseUsage } from '../../core/contract/sse.ts';

const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, cost: 0.0015 };

export const completion = (content: string, fields: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'demo-model',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: USAGE,
  ...fields,
});

const chunk = (choices: object[], fields: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'demo-model',
  choices,
  ...fields,
});

/** What the core tells the edge about a stream whose client did not ask for usage. */
export const USAGE_COMMENT = formatSseUsage(USAGE);

/** The events of a streamed answer, a word at a time. */
export const streamEvents = (content: string, { includeUsage = false, finish = 'stop' } = {}) =>
  [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
    ...content
      .split(/(?<= )/)
      .map((word) => chunk([{ index: 0, delta: { content: word }, finish_reason: null }])),
    chunk([{ index: 0, delta: {}, finish_reason: finish }]),
    ...(includeUsage ? [chunk([], { usage: USAGE })] : []),
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
